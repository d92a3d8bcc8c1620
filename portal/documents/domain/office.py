"""Looking into Word and Excel files, which are zip archives: first at the directory, then no further than needed."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from django.core.exceptions import ValidationError

# Far above what people write, far below what hurts whoever opens it.
MOST_PARTS = 5_000
MOST_UNPACKED = 150 * 1024 * 1024
MOST_TIMES_LARGER = 100
# Small files may be packed very well without harm.
ALWAYS_FINE = 10 * 1024 * 1024

_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_ENCRYPTED = 0x1
_CHUNK = 1024 * 1024
_CONTENT_TYPES = "[Content_Types].xml"
_UNREADABLE = "This file cannot be opened. Open it in Word or Excel, save it again, and upload that."
_BOMB = "This file unpacks to far more than a document needs. Save it again without large embedded content."
_MACROS = "This file has macros, which cannot be uploaded. Save it as a .docx or .xlsx without macros."
_OUTSIDE = "This file loads its template from somewhere else. Save it with a template of its own."


def look_into(content: bytes, *, main_part: str) -> bytes:
    """The file as it is. Raises ValidationError when it is no such document, a bomb, encrypted, or has macros."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, UnicodeDecodeError) as error:
        raise ValidationError(_UNREADABLE, code="unreadable") from error
    with archive:
        parts = archive.infolist()
        _check_directory(parts, len(content))
        names = [part.filename for part in parts]
        if main_part not in names or _CONTENT_TYPES not in names:
            raise ValidationError(_UNREADABLE, code="unreadable")
        _check_bytes(content, parts)
        _check_harmless(archive, parts)
    return content


def _check_directory(parts: list[zipfile.ZipInfo], packed: int) -> None:
    """What the archive says of itself, before any of it is unpacked."""
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED:
        raise ValidationError(_BOMB, code="bomb")
    if unpacked > ALWAYS_FINE and unpacked > MOST_TIMES_LARGER * packed:
        raise ValidationError(_BOMB, code="bomb")
    names = {part.filename.lower() for part in parts}
    if len(names) != len(parts) or any(_is_odd(part) for part in parts):
        raise ValidationError(_UNREADABLE, code="unreadable")


def _is_odd(part: zipfile.ZipInfo) -> bool:
    """No office program writes such a part: encrypted, packed in a rare way, or leading out of the archive."""
    return (
        bool(part.flag_bits & _ENCRYPTED)
        or part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        or part.filename.startswith("/")
        or "\\" in part.filename
        or ".." in part.filename.split("/")
    )


def _check_bytes(content: bytes, parts: list[zipfile.ZipInfo]) -> None:
    """Whether the bytes are what the directory says: an archive from the first byte on, nothing used twice, no lies."""
    end = 0
    for part in sorted(parts, key=lambda each: each.header_offset):
        start = _data_start(content, part)
        if part.header_offset < end or (end == 0 and part.header_offset != 0):
            raise ValidationError(_UNREADABLE, code="unreadable")
        end = start + part.compress_size
        _check_size(content[start:end], part)


def _data_start(content: bytes, part: zipfile.ZipInfo) -> int:
    try:
        signature, *_, name_length, extra_length = _LOCAL_HEADER.unpack_from(content, part.header_offset)
    except struct.error as error:
        raise ValidationError(_UNREADABLE, code="unreadable") from error
    if signature != b"PK\x03\x04":
        raise ValidationError(_UNREADABLE, code="unreadable")
    return part.header_offset + _LOCAL_HEADER.size + name_length + extra_length


def _check_size(packed: bytes, part: zipfile.ZipInfo) -> None:
    """Unpack in small steps, keeping nothing, to see that the part is as long as it says and no longer."""
    if part.compress_type == zipfile.ZIP_STORED:
        if len(packed) != part.file_size:
            raise ValidationError(_UNREADABLE, code="unreadable")
        return
    stream, unpacked, rest = zlib.decompressobj(-zlib.MAX_WBITS), 0, packed
    try:
        while rest and not stream.eof:
            unpacked += len(stream.decompress(rest, _CHUNK))
            rest = stream.unconsumed_tail
            if unpacked > part.file_size:
                raise ValidationError(_BOMB, code="bomb")
    except zlib.error as error:
        raise ValidationError(_UNREADABLE, code="unreadable") from error
    if unpacked != part.file_size or not stream.eof or stream.unused_data:
        raise ValidationError(_UNREADABLE, code="unreadable")


def _check_harmless(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """No macros of either kind, and no template fetched from elsewhere (which brings macros of its own)."""
    for part in parts:
        name = part.filename.lower()
        if "vbaproject" in name or "/macrosheets/" in name or "/activex/" in name:
            raise ValidationError(_MACROS, code="macros")
    if b"macroenabled" in _plain(archive.read(_CONTENT_TYPES)):
        raise ValidationError(_MACROS, code="macros")
    for part in parts:
        if part.filename.lower().endswith(".rels"):
            links = _plain(archive.read(part))
            if b"/attachedtemplate" in links and b"external" in links:
                raise ValidationError(_OUTSIDE, code="outside")


def _plain(xml: bytes) -> bytes:
    """XML as lower-case ASCII bytes, so that a search sees through UTF-16."""
    return xml.replace(b"\0", b"").lower()
