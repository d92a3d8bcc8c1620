"""The kinds of files that may be uploaded, each with its extensions and the look taken inside it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import puremagic
from django.core.exceptions import ValidationError

from portal.documents.domain.office import look_into
from portal.documents.domain.pictures import redraw
from portal.documents.enums import ContentType

# How much of a file shows what it is, in bytes.
_HEAD = 4096


@dataclass(frozen=True)
class Kind:
    """One kind of file. `look` takes its bytes and returns those to keep, or raises ValidationError."""

    content_type: ContentType
    extensions: tuple[str, ...]
    look: Callable[[bytes], bytes]

    def check(self, content: bytes) -> bytes:
        """The bytes to keep. Raises ValidationError when they are not what the name says, or not harmless."""
        if self.content_type not in _media_types(content):
            raise ValidationError(
                "This file is not what its name says: inside, it is not a %(kind)s. Open it, save it again as one, "
                "and upload that.",
                code="mismatch",
                params={"kind": self.content_type.label},
            )
        return self.look(content)


def look_at_pdf(content: bytes) -> bytes:
    """A PDF as it is, unless it is an archive as well."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise ValidationError(
            "This PDF has another file hidden in it. Print it to a new PDF and upload that.", code="polyglot"
        )
    return content


KINDS = (
    Kind(ContentType.PDF, (".pdf",), look_at_pdf),
    Kind(ContentType.DOCX, (".docx",), partial(look_into, main_part="word/document.xml")),
    Kind(ContentType.XLSX, (".xlsx",), partial(look_into, main_part="xl/workbook.xml")),
    Kind(ContentType.PNG, (".png",), partial(redraw, form="PNG")),
    Kind(ContentType.JPEG, (".jpg", ".jpeg"), partial(redraw, form="JPEG")),
)
EXTENSIONS = tuple(extension for kind in KINDS for extension in kind.extensions)


def by_extension(suffix: str) -> Kind:
    """The kind a name claims to be. Raises ValidationError for any that is not on the list."""
    for kind in KINDS:
        if suffix.lower() in kind.extensions:
            return kind
    raise ValidationError(
        "This kind of file cannot be uploaded. Send a PDF, a Word document (.docx), an Excel workbook (.xlsx), "
        "or a picture (.png, .jpg).",
        code="kind",
    )


def _media_types(content: bytes) -> set[str]:
    """What the first bytes may be, by the magic numbers people agreed on; they must stand at the very start."""
    try:
        found = puremagic.magic_string(content[:_HEAD])
    except puremagic.PureError:
        return set()
    return {match.mime_type for match in found if match.offset == 0}
