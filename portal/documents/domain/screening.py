"""Deciding whether an upload is kept: size, kind, what is inside, and what the virus scanner says."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat

from portal.documents.domain.kinds import by_extension
from portal.documents.domain.scanner import scan

LONGEST_NAME = 150
# Windows cannot save a file whose name has one of these.
_AWKWARD = frozenset('<>:"|?*')


@dataclass(frozen=True)
class Screened:
    """A file that passed: the bytes to keep (a picture's are drawn anew), under a name that is safe to show."""

    name: str
    content: bytes
    content_type: str
    scan: str


def screen(upload: UploadedFile) -> Screened:
    """Check an upload by every rule. Raises ValidationError with a sentence that says what to do instead."""
    name = plain_name(upload.name or "")
    kind = by_extension(PurePosixPath(name).suffix)
    content = _read(upload)
    kept = kind.check(content)
    return Screened(name, kept, kind.content_type, scan(content))


def plain_name(name: str) -> str:
    """The last part of the name, without control, direction-changing and awkward characters, at most 150 long."""
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    shown = "".join(each for each in last if unicodedata.category(each)[0] != "C" and each not in _AWKWARD)
    stem, dot, extension = " ".join(shown.split()).rpartition(".")
    return f"{stem[: LONGEST_NAME - len(extension) - 1].strip()}{dot}{extension}"


def _read(upload: UploadedFile) -> bytes:
    """All bytes, unless they are none or too many."""
    limit = settings.UPLOAD_MAX_BYTES
    if (upload.size or 0) > limit:
        raise ValidationError(
            "This file is too large. A file may have up to %(limit)s.",
            code="too_large",
            params={"limit": filesizeformat(limit)},
        )
    content = b"".join(upload.chunks())
    if not content:
        raise ValidationError("This file is empty. Choose it again, or choose another.", code="empty")
    return content
