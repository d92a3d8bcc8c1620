"""Word and Excel files for readers who are not told who applies: without what the file knows about its authors."""

from __future__ import annotations

import html
import io
import re
import zipfile

from grants.domain.queries.blind_names import Names
from portal.access import Refused

KEPT_BACK = (
    "This file is kept back, because in a round that is read without names we cannot be sure that it does not show who "
    "applies."
)
# Larger ones are kept back as well: looking through them takes too long.
MOST_UNPACKED = 20 * 1024 * 1024
# What a text is made of, by where it stands; anything else (pictures, macros, comments, people) keeps the file back.
_ALLOWED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(?:core|app|custom)\.xml|customXml/.*\.(?:xml|rels)"
    r"|word/(?:document|styles|settings|webSettings|fontTable|numbering|footnotes|endnotes|stylesWithEffects"
    r"|header\d*|footer\d*|theme/theme\d*|_rels/\w+\.xml)\.(?:xml|rels)"
    r"|xl/(?:workbook|styles|sharedStrings|calcChain|metadata|theme/theme\d*|worksheets/sheet\d*|tables/table\d*"
    r"|_rels/workbook\.xml|worksheets/_rels/sheet\d*\.xml)\.(?:xml|rels)"
)
_EMPTY = {
    "docProps/core.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties xmlns:cp="http://'
    b'schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
    "docProps/app.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.'
    b'openxmlformats.org/officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.'
    b'openxmlformats.org/officeDocument/2006/custom-properties"/>',
}
# Left out altogether, with what points at them: a picture of the first page, and the settings of somebody's printer.
_DROPPED = re.compile(r"docProps/thumbnail\.\w+|xl/printerSettings/.*")
# Who changed what, who opened it where: Word's tracked changes and Excel's path of the file.
_TRACES = re.compile(
    r'\sw:(?:author|initials)="[^"]*"|<x15ac:absPath\b[^>]*/>|<(?:x:)?fileSharing\b[^>]*/>'
    r'|<Relationship\b[^>]*(?:thumbnail|printerSettings)[^>]*/>|(?<=<pageSetup)[^>]*\sr:id="[^>]*(?=/>)'
)
_BREAKS = re.compile(r"</(?:w:p|w:tc|si|is|c|v|row|w:tab|w:br)>|<w:(?:tab|br|cr)\b[^>]*/>")
_TAGS = re.compile(r"<[^>]*>")
_ATTRIBUTES = re.compile(r'="([^"]*)"')
_REACHED = re.compile(r"[\w.+%-]+@[\w-]+\.\w|https?://|www\.", re.IGNORECASE)
_EPOCH = (1980, 1, 1, 0, 0, 0)


def without_author(content: bytes, names: Names) -> bytes:
    """The same file with empty properties and no trace of who wrote it.

    Raises `Refused` when it names the applicant, or has parts that cannot be looked through.
    """
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as clean:
            parts = [each for each in archive.infolist() if not each.is_dir()]
            if sum(each.file_size for each in parts) > MOST_UNPACKED:
                raise Refused(KEPT_BACK)
            for part in (each for each in parts if not _DROPPED.fullmatch(each.filename)):
                clean.writestr(zipfile.ZipInfo(part.filename, _EPOCH), _clean(archive, part, names))
    except (zipfile.BadZipFile, UnicodeDecodeError, OSError, EOFError) as error:
        raise Refused(KEPT_BACK) from error
    return out.getvalue()


def _clean(archive: zipfile.ZipFile, part: zipfile.ZipInfo, names: Names) -> bytes:
    if part.filename in _EMPTY:
        return _EMPTY[part.filename]
    if not _ALLOWED.fullmatch(part.filename):
        raise Refused(KEPT_BACK)
    xml = _TRACES.sub("", archive.read(part).decode("utf-8-sig"))
    if _names_somebody(xml, names):
        raise Refused("This file is kept back, because it names who applies.")
    return xml.encode()


def _names_somebody(xml: str, names: Names) -> bool:
    """Looks at the words as they are read, also those that Word has cut into runs, and at what attributes say."""
    words = html.unescape(_TAGS.sub("", _BREAKS.sub(" ", xml)))
    apart = html.unescape(_TAGS.sub(" ", xml))
    said = html.unescape("\n".join(_ATTRIBUTES.findall(xml)))
    return any(names.tells(each) for each in (words, apart, said)) or _REACHED.search(words) is not None
