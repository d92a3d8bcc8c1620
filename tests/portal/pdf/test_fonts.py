"""The faces of printed documents: built once, whole, and drawing the letters that are meant."""

import io
from pathlib import Path

import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops, ImageDraw, ImageFont

from portal.pdf import fonts
from portal.pdf.render import render
from tests.portal.pdf.samples import MOMENT, html

NAMES = "Łukasz Wiśniewski Dvořák"
STYLES = {
    "SerifText-Regular.ttf": "400 90px 'Report Serif'",
    "SerifText-Italic.ttf": "italic 400 90px 'Report Serif'",
    "SerifText-Semibold.ttf": "600 90px 'Report Serif'",
    "SerifDisplay-Semibold.ttf": "600 90px 'Report Display'",
    "Sans-Regular.ttf": "400 90px 'Report Sans'",
    "Sans-SemiBold.ttf": "600 90px 'Report Figures'",
}
LETTERS = "Łśřák"
PIXELS = 90


def test_build_writes_every_face_once(settings, tmp_path):
    settings.VAR_DIR = tmp_path

    assert [path.name for path in fonts.build()] == [*fonts.FACES, fonts.CONFIGURATION]
    assert fonts.build() == []
    assert sorted(path.name for path in fonts.folder().iterdir()) == sorted([*fonts.FACES, fonts.CONFIGURATION])


def test_build_gives_the_same_bytes_again(settings, tmp_path):
    contents = []
    for run in ("first", "second"):
        settings.VAR_DIR = tmp_path / run
        fonts.build()
        contents.append([(fonts.folder() / name).read_bytes() for name in fonts.FACES])

    assert contents[0] == contents[1]


def test_build_without_the_packages_names_the_file(settings, tmp_path):
    settings.VAR_DIR, settings.NODE_MODULES = tmp_path, tmp_path / "none"

    with pytest.raises(FileNotFoundError, match="SourceSerif4-Regular"):
        fonts.build()


def test_build_with_a_name_that_xml_minds_writes_a_sound_file(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "a & b"
    fonts.build()

    assert "a &amp; b/fonts</dir>" in (fonts.folder() / fonts.CONFIGURATION).read_text()


@pytest.mark.parametrize("name", fonts.FACES)
def test_every_face_has_the_letters_of_these_names(name):
    fonts.build()

    assert {ord(letter) for letter in NAMES} <= set(TTFont(fonts.folder() / name).getBestCmap())


def _ink(picture: Image.Image) -> Image.Image:
    """The dark shape alone, cut out and brought to one size."""
    dark = picture.convert("L").point(lambda value: 255 if value < 128 else 0)
    return dark.crop(dark.getbbox()).resize((64, 64)).point(lambda value: 255 if value > 127 else 0)


def _likeness(one: Image.Image, other: Image.Image) -> float:
    """How much of the two shapes lies on each other: 1 for the same shape."""
    both, either = ImageChops.logical_and(one.convert("1"), other.convert("1")), ImageChops.lighter(one, other)
    return both.convert("L").histogram()[255] / either.histogram()[255]


def _drawn_from_the_face(path: Path, letter: str) -> Image.Image:
    picture = Image.new("L", (300, 300), 255)
    ImageDraw.Draw(picture).text((90, 60), letter, font=ImageFont.truetype(str(path), PIXELS), fill=0)
    return _ink(picture)


def test_printed_letters_are_the_letters_that_were_typed():
    """Copied text would look right even when other glyphs are printed, so this looks at pixels."""
    body = "".join(
        f"<p style=\"font: {style}; line-height: 2; margin: 0; break-after: page\">{letter}</p>"
        for style in STYLES.values()
        for letter in LETTERS
    )  # fmt: skip
    document = pypdfium2.PdfDocument(io.BytesIO(render(html(body), title="Letters", created=MOMENT)))
    pages = iter(range(len(document)))
    for name in STYLES:
        expected = {letter: _drawn_from_the_face(fonts.folder() / name, letter) for letter in LETTERS}
        for letter in LETTERS:
            # One CSS pixel a pixel; the type area only, without running heads.
            picture = document[next(pages)].render(scale=96 / 72).to_pil().crop((80, 92, 700, 900))
            likeness = {other: _likeness(_ink(picture), shape) for other, shape in expected.items()}
            assert max(likeness, key=likeness.get) == letter, (name, likeness)
            assert likeness[letter] > 0.7, (name, letter, likeness)
    document.close()
