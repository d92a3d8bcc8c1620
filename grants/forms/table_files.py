"""Tables people send along to be read and not kept: files checked for what they are, bounded, carried by the page itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from portal.documents.domain.screening import plain_name, screen
from portal.imports import MOST_BYTES, Table, Unreadable, table_of_text, tables_of_file

MOST_FILES = 40
MOST_CELLS = 40_000
MOST_CARRIED = 1_500_000  # characters
LONGEST_PASTE = 200_000  # characters


def tables_of_uploads(uploads: Sequence[UploadedFile], paste: str = "") -> tuple[list[Table], list[str]]:
    """The tables of all files and of what was pasted, and a sentence for each file that could not be read."""
    tables: list[Table] = []
    problems: list[str] = []
    if len(uploads) > MOST_FILES:
        problems.append(f"Send at most {MOST_FILES} files at once. The first {MOST_FILES} are read.")
    for upload in uploads[:MOST_FILES]:
        name = plain_name(upload.name or "")
        try:
            tables += tables_of_file(name, _bytes_of(upload, name))
        except Unreadable as refusal:
            problems.append(str(refusal))
        except ValidationError as refusal:
            problems += [f"{name}: {text}" for text in refusal.messages]
    if paste.strip():
        tables.append(table_of_text(paste[:LONGEST_PASTE]))
    kept, cells = [], 0
    for table in tables:
        cells += sum(map(len, table.rows))
        if cells > MOST_CELLS:
            problems.append(f"That is more than we read at once. Send {table.name or 'what you pasted'} by itself.")
            break
        kept.append(table)
    return kept, problems


def carried(tables: Iterable[Table]) -> str:
    """The tables as text for a hidden field, so that nothing has to be stored before somebody decides."""
    return json.dumps(
        [[each.name, each.rows, each.is_cut] for each in tables], separators=(",", ":"), ensure_ascii=False
    )


def uncarried(text: str) -> list[Table]:
    """The tables of a hidden field. Whatever came back instead is no table."""
    if not text or len(text) > MOST_CARRIED:
        return []
    try:
        found = json.loads(text)
        return [
            Table(str(name)[:200], tuple(tuple(str(cell)[:500] for cell in row) for row in rows), bool(is_cut))
            for name, rows, is_cut in found
        ]
    except (ValueError, TypeError, RecursionError):
        return []


def _bytes_of(upload: UploadedFile, name: str) -> bytes:
    """What is in the file. A workbook passes every check of an upload; a text is only ever read as text."""
    if name.lower().endswith(".xlsx"):
        return screen(upload).content
    if (upload.size or 0) > MOST_BYTES:
        raise Unreadable(f"{name} is too large for a table of numbers. Keep the rows you need, and send those.")
    return b"".join(upload.chunks())
