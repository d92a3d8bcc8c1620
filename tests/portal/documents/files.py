"""Files for upload tests, harmless and hostile, all made here."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/{part}" ContentType="application/{kind}.main+xml"/></Types>'
)
_MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}


def upload(content, name="plan.pdf"):
    """A file as Django hands it to a form."""
    return SimpleUploadedFile(name, content)


def archive(parts, compression=zipfile.ZIP_DEFLATED):
    """A zip archive of (name, bytes) pairs, the same bytes at any time of day."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as made:
        for name, content in parts:
            made.writestr(zipfile.ZipInfo(name), content, compress_type=compression)
    return file.getvalue()


def office(kind="docx", more=(), types=_TYPES):
    """A Word or Excel file with further parts."""
    main = _MAIN[kind]
    return archive([("[Content_Types].xml", types.format(part=main, kind=kind)), (main, "<document/>"), *more])


def picture(form="PNG", size=(40, 30), mode="RGB", **options):
    """A picture in one colour."""
    file = io.BytesIO()
    Image.new(mode, size, 90 if mode in ("L", "P") else (90, 120, 60, 255)[: len(mode)]).save(file, form, **options)
    return file.getvalue()
