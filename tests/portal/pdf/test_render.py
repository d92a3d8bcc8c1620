"""HTML to PDF: the standards it claims, its structure, its attachments, and the same bytes every time."""

import hashlib
import os
import subprocess
import sys
from datetime import timedelta

import pikepdf
import pytest

from portal.pdf.engine import printable
from portal.pdf.render import Attachment, RenderFailed, preload, render
from tests.portal.pdf.samples import MOMENT, SAMPLE, elements, failures, html, opened, sound, text_of

FILES = (
    Attachment("report.json", b'{"share": "42.0 %"}', "Everything, as JSON"),
    Attachment("report.csv", b"group,share\r\n", "The figures, as CSV"),
)


@pytest.fixture(scope="module")
def sample():
    return render(SAMPLE, title="Harbor County", created=MOMENT, attachments=FILES)


@pytest.mark.parametrize("profile", ["3a", "ua1"])
def test_render_claims_what_it_keeps(sample, profile):
    assert failures(sample, profile) == []
    assert sound(sample)


def test_render_names_both_standards_in_the_metadata(sample):
    with opened(sample) as pdf:
        metadata = pdf.Root.Metadata.read_raw_bytes()

    assert b'pdfaid:part="3"' in metadata
    assert b'pdfaid:conformance="A"' in metadata
    assert b'pdfuaid:part="1"' in metadata


def test_render_states_title_language_and_instant(sample):
    with opened(sample) as pdf:
        assert str(pdf.docinfo.Title) == "Harbor County"
        assert str(pdf.docinfo.CreationDate) == "D:20270914194200Z"
        assert str(pdf.docinfo.ModDate) == "D:20270914194200Z"
        assert str(pdf.Root.Lang) == "en"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle) is True


def test_render_in_another_language_says_so():
    with opened(render(SAMPLE, title="Condado", created=MOMENT, language="es")) as pdf:
        assert str(pdf.Root.Lang) == "es"


def test_render_scopes_the_headers_of_a_table(sample):
    with opened(sample) as pdf:
        scopes = [str(element.A.Scope) for element in elements(pdf) if element.S == pikepdf.Name.TH]

    assert scopes == ["/Column", "/Column", "/Row"]


def test_render_joins_title_and_description_of_a_drawing(sample):
    with opened(sample) as pdf:
        figures = [str(element.Alt) for element in elements(pdf) if pikepdf.Name.Figure == element.S]

    assert figures == ["Gap. White 42.0 %, Black 9.7 %."]


def test_render_gives_links_their_words(sample):
    with opened(sample) as pdf:
        links = [str(link.Contents) for leaf in pdf.pages for link in leaf.get("/Annots", [])]

    assert links == ["See the results"]


def test_render_attaches_files_as_data_of_the_document(sample):
    with opened(sample) as pdf:
        found = {
            str(spec.UF): (str(spec.AFRelationship), spec.EF.F.read_bytes(), str(spec.EF.F.Params.CreationDate))
            for spec in pdf.Root.AF
        }

    assert found == {file.name: ("/Data", file.content, "D:20270914194200Z") for file in FILES}


def test_render_without_a_title_for_a_drawing_fails():
    with pytest.raises(ValueError, match="Every drawing in a document needs a title"):
        render(html("<svg xmlns='http://www.w3.org/2000/svg'><rect/></svg>"), title="x", created=MOMENT)


def test_render_twice_in_one_process_gives_the_same_bytes(sample):
    assert render(SAMPLE, title="Harbor County", created=MOMENT, attachments=FILES) == sample


def test_render_of_another_moment_gives_other_bytes(sample):
    later = render(SAMPLE, title="Harbor County", created=MOMENT + timedelta(seconds=1), attachments=FILES)

    assert later != sample


def test_render_in_another_process_gives_the_same_bytes():
    script = (
        "import django, hashlib; django.setup()\n"
        "from portal.pdf.render import render\n"
        "from tests.portal.pdf.samples import MOMENT, SAMPLE\n"
        "print(hashlib.sha256(render(SAMPLE, title='Harbor County', created=MOMENT)).hexdigest())"
    )
    printed = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONHASHSEED": "1", "DJANGO_SETTINGS_MODULE": "portal.settings"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()

    assert printed == hashlib.sha256(render(SAMPLE, title="Harbor County", created=MOMENT)).hexdigest()


@pytest.mark.parametrize(
    "body",
    [
        "<img alt='x' src='http://127.0.0.1:9/x.png'>",
        "<img alt='x' src='https://example.org/x.png'>",
        "<img alt='x' src='file:///etc/passwd'>",
        "<img alt='x' src='data:image/png;base64,iVBORw0KGgo='>",
        "<img alt='x' src='portal:picture/not-handed-in.png'>",
        "<link rel='stylesheet' href='file:///etc/passwd'>",
        "<p style='background: url(http://127.0.0.1:9/x.png)'>x</p>",
        "<style>@import url(http://127.0.0.1:9/x.css);</style>",
    ],
)
def test_render_of_a_foreign_address_is_refused(body):
    with pytest.raises(RenderFailed, match="something outside the portal"):
        render(html(f"{body}<p>text</p>"), title="x", created=MOMENT)


@pytest.mark.parametrize(
    "body",
    [
        "<svg xmlns='http://www.w3.org/2000/svg'><title>x</title><image href='file:///etc/passwd'/></svg>",
        "<p><a href='#nowhere'>A link to nowhere</a></p>",
        "<img src='portal:picture/team.png'>",
    ],
)
def test_render_with_a_part_that_fails_is_refused(body, tiny_png):
    with pytest.raises(RenderFailed, match="Part of the document could not be drawn"):
        render(html(body), title="x", created=MOMENT, pictures={"team.png": tiny_png})


def test_render_attaches_nothing_that_markup_asks_for():
    body = "<link rel='attachment' href='file:///etc/passwd'><p>text</p>"
    with opened(render(html(body), title="x", created=MOMENT)) as pdf:
        assert "/AF" not in pdf.Root
        assert dict(pdf.attachments) == {}


def test_render_keeps_an_address_that_is_only_a_link():
    pdf = render(html("<a href='https://example.org/'>A link</a>"), title="x", created=MOMENT)

    assert failures(pdf, "ua1") == []


def test_render_shows_a_picture_that_was_handed_in(tiny_png):
    body = "<img alt='The team' src='portal:picture/team.png' width='40'>"
    pdf = render(html(body), title="x", created=MOMENT, pictures={"team.png": tiny_png})

    with opened(pdf) as document:
        assert len(document.pages[0].get_images()) == 1
    assert failures(pdf, "3a") == []


def test_render_of_characters_without_a_glyph_stays_archival():
    pdf = render(html("<p>漢字 and \u200dinvisible \U0001f642 and\u2003wide</p>"), title="漢字", created=MOMENT)

    assert failures(pdf, "3a") == []
    assert "□□ and invisible □ and wide" in text_of(pdf)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [("Łukasz", "Łukasz"), ("a\u0007b", "ab"), ("☃︎", "□"), ("one\ntwo\tthree", "one\ntwo\tthree")],
)
def test_printable_replaces_only_what_no_face_has(typed, printed):
    preload()

    assert printable(typed) == printed
