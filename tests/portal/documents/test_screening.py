"""What an upload must be to be kept, and the sentence for every one that is not."""

import io
import struct
import zipfile
import zlib

import pytest
from django.core.exceptions import ValidationError
from PIL import Image, ImageFile

from portal.documents.domain import pictures, screen
from portal.documents.domain.pictures import LONGEST_SIDE
from portal.documents.enums import ContentType, Scan
from tests.portal.documents.files import HTML, PDF, SVG, archive, office, picture, upload


def _refusal(content, name):
    with pytest.raises(ValidationError) as caught:
        screen(upload(content, name))
    (message,) = caught.value.messages
    return caught.value.code, message


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("plan.pdf", PDF, ContentType.PDF),
        ("PLAN.PDF", PDF, ContentType.PDF),
        ("plan.docx", office("docx"), ContentType.DOCX),
        ("budget.xlsx", office("xlsx"), ContentType.XLSX),
    ],
)
def test_screen_harmless_document_is_kept_as_it_is(name, content, content_type):
    screened = screen(upload(content, name))

    assert (screened.name, screened.content, screened.content_type) == (name, content, content_type)
    assert screened.scan == Scan.NONE


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("page.html", HTML, "kind"),
        ("drawing.svg", SVG, "kind"),
        ("plan.docm", office("docx"), "kind"),
        ("plan.pdf.exe", PDF, "kind"),
        ("plan", PDF, "kind"),
        (".pdf", PDF, "kind"),
        ("plan.pdf\0.exe", PDF, "kind"),
        ("drawing.png", SVG, "mismatch"),
        ("page.pdf", HTML, "mismatch"),
        ("page.jpg", picture("PNG"), "mismatch"),
        ("plan.pdf", office("docx"), "mismatch"),
        ("plan.pdf", b"\n" + PDF, "mismatch"),
        ("plan.docx", PDF, "mismatch"),
        ("plan.docx", office("xlsx"), "unreadable"),
        ("plan.xlsx", archive([("a.txt", "hello")]), "unreadable"),
        ("photo.png", picture("PNG")[:60], "unreadable"),
        ("photo.jpg", picture("JPEG")[:60], "unreadable"),
        ("plan.pdf", b"", "empty"),
        ("plan.pdf", PDF + archive([("a.html", HTML)]), "polyglot"),
        ("plan.docx", office("docx")[:-30], "unreadable"),
        ("plan.docx", b"PK\3\4" + b"\0" * 200, "unreadable"),
        ("plan.docx", HTML + office("docx"), "mismatch"),
        ("plan.docx", b"PK\3\4<script>" + office("docx"), "unreadable"),
        ("plan.docx", office("docx", [("word/vbaProject.bin", b"x")]), "macros"),
        ("plan.xlsx", office("xlsx", [("xl/macrosheets/sheet1.xml", b"x")]), "macros"),
        (
            "plan.docx",
            office("docx", types="application/vnd.ms-word.document.MacroEnabled.main+xml {part}{kind}"),
            "macros",
        ),
        ("plan.docx", office("docx", [("../../etc/passwd", b"x")]), "unreadable"),
        ("plan.docx", office("docx", [("/etc/passwd", b"x")]), "unreadable"),
        ("plan.docx", office("docx", [("WORD/document.xml", b"x")]), "unreadable"),
    ],
    ids=lambda value: "bytes" if isinstance(value, bytes) else None,
)
def test_screen_hostile_upload_is_refused(name, content, code):
    assert _refusal(content, name)[0] == code


def test_screen_refusal_says_what_to_do():
    assert _refusal(SVG, "drawing.png")[1] == (
        "This file is not what its name says: inside, it is not a PNG picture. Open it, save it again as one, "
        "and upload that."
    )


def test_screen_file_over_the_limit_is_refused(settings):
    settings.UPLOAD_MAX_BYTES = len(PDF) - 1

    code, message = _refusal(PDF, "plan.pdf")
    assert (code, message.startswith("This file is too large.")) == ("too_large", True)


def test_screen_bomb_is_refused_by_its_directory_alone(monkeypatch):
    bomb = office("docx", [("word/media/image1.bmp", b"\0" * 300_000_000)])
    assert len(bomb) < 300_000
    monkeypatch.setattr("portal.documents.domain.office._check_bytes", None)

    assert _refusal(bomb, "plan.docx")[0] == "bomb"


def test_screen_bomb_in_many_small_parts_is_refused():
    assert _refusal(office("docx", [(f"word/{n}.xml", b"") for n in range(5001)]), "plan.docx")[0] == "bomb"


def test_screen_part_that_lies_about_its_size_is_refused():
    """The directory says 10 bytes; whoever opens the part gets 10 million."""
    part = b"\0" * 10_000_000
    content = bytearray(office("docx", [("word/x.xml", part)]))
    for signature, offset in ((b"PK\1\2", 24), (b"PK\3\4", 22)):
        at = (
            content.index(b"word/x.xml", content.index(signature))
            if signature == b"PK\3\4"
            else content.rindex(b"word/x.xml")
        )
        header = content.rindex(signature, 0, at)
        struct.pack_into("<L", content, header + offset, 10)

    assert _refusal(bytes(content), "plan.docx")[0] == "bomb"


def test_screen_parts_that_share_bytes_are_refused():
    """Many directory entries that point at one part: small on disk, vast when opened."""
    content = office("docx", [("word/a.xml", b"\0" * 1000), ("word/b.xml", b"\0" * 1000)])
    first = content.index(b"word/a.xml") - 30
    directory = bytearray(content)
    entry = directory.rindex(b"PK\1\2", 0, directory.rindex(b"word/b.xml"))
    struct.pack_into("<L", directory, entry + 42, first)

    assert _refusal(bytes(directory), "plan.docx")[0] == "unreadable"


def test_screen_encrypted_part_is_refused():
    content = bytearray(office("docx"))
    entry = content.rindex(b"PK\1\2")
    struct.pack_into("<H", content, entry + 8, 1)

    assert _refusal(bytes(content), "plan.docx")[0] == "unreadable"


def test_screen_rare_compression_is_refused():
    content = archive([("[Content_Types].xml", "x"), ("word/document.xml", "x")], zipfile.ZIP_LZMA)

    assert _refusal(content, "plan.docx")[0] in ("unreadable", "mismatch")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_screen_template_from_elsewhere_is_refused(encoding):
    link = (
        '<Relationships><Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"'
        ' Target="https://evil.example/x.dotm" TargetMode="External"/></Relationships>'
    )
    content = office("docx", [("word/_rels/settings.xml.rels", link.encode(encoding))])

    assert _refusal(content, "plan.docx")[0] == "outside"


def test_screen_link_to_a_web_page_is_kept():
    link = b'<Relationship Type="hyperlink" Target="https://school.example/" TargetMode="External"/>'

    assert screen(upload(office("docx", [("word/_rels/document.xml.rels", link)]), "plan.docx"))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/plan.pdf", "plan.pdf"),
        ("C:\\Users\\Ana\\plan.pdf", "plan.pdf"),
        ("plan\r\nSet-Cookie: a=b.pdf", "planSet-Cookie a=b.pdf"),
        ("evil\u202efdp.pdf", "evilfdp.pdf"),
        ("Łukasz  Wiśniewski.pdf", "Łukasz Wiśniewski.pdf"),
        ("e\u0301te\u0301.pdf", "été.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_screen_name_is_made_safe_to_show(name, kept):
    file = upload(PDF)
    file._name = name

    assert screen(file).name == kept


def test_screen_picture_keeps_pixels_and_nothing_else():
    exif = Image.Exif()
    exif[0x010E] = "Secret place 40.7128 N"
    content = picture("JPEG", exif=exif.tobytes()) + b"<?php evil(); ?>"

    kept = screen(upload(content, "photo.jpeg"))

    drawn = Image.open(io.BytesIO(kept.content))
    assert (kept.content_type, drawn.format, drawn.size) == ("image/jpeg", "JPEG", (40, 30))
    assert dict(drawn.getexif()) == {}
    assert b"Secret" not in kept.content
    assert b"php" not in kept.content


def test_screen_picture_on_its_side_is_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6

    kept = screen(upload(picture("JPEG", size=(40, 30), exif=exif.tobytes()), "photo.jpg"))

    assert Image.open(io.BytesIO(kept.content)).size == (30, 40)


def test_screen_large_picture_is_made_smaller():
    kept = screen(upload(picture("JPEG", size=(4000, 3000)), "photo.jpg"))

    assert Image.open(io.BytesIO(kept.content)).size == (LONGEST_SIDE, 1800)


@pytest.mark.parametrize(
    ("mode", "becomes"), [("RGBA", "RGBA"), ("L", "L"), ("LA", "LA"), ("P", "RGB"), ("1", "RGB"), ("I;16", "RGB")]
)
def test_screen_png_of_any_mode_becomes_plain(mode, becomes):
    file = io.BytesIO()
    Image.new(mode, (8, 8)).save(file, "PNG")

    assert Image.open(io.BytesIO(screen(upload(file.getvalue(), "mark.png")).content)).mode == becomes


def test_screen_cmyk_jpeg_becomes_plain():
    kept = screen(upload(picture("JPEG", mode="CMYK"), "photo.jpg"))

    assert Image.open(io.BytesIO(kept.content)).mode == "RGB"


def _png_of(width, height):
    """A PNG that claims a size without having the pixels."""

    def chunk(kind, data):
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    header = struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("size", "code"),
    [((8000, 5001), "too_many_pixels"), ((50_000, 50_000), "unreadable"), ((12_000, 8_000), "too_many_pixels")],
)
def test_screen_picture_with_too_many_pixels_is_refused_unopened(size, code):
    assert _refusal(_png_of(*size), "photo.png")[0] == code


def test_screen_png_with_a_text_bomb_is_refused():
    def chunk(kind, data):
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"\0" * 80_000_000))
    content = picture("PNG")
    content = content[:33] + text + content[33:]

    assert _refusal(content, "photo.png")[0] == "unreadable"


def test_screen_broken_picture_is_refused_where_documents_are_made(monkeypatch):
    """WeasyPrint sets this for the whole process when it is imported."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)

    with pytest.raises(ValidationError, match="This picture cannot be read"):
        pictures.redraw(picture("PNG")[:-30], form="PNG")
