"""Tables out of files and pasted text, as rows of text cells; the only module that reads CSV and workbooks.

Whatever comes in, nothing here raises but `Unreadable`, whose text a person can read: a file is bounded in bytes, rows
and columns, and what cannot be decoded as Unicode is taken for Windows Latin-1, in which every byte is something.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath

from openpyxl import load_workbook

MOST_BYTES = 2_000_000
MOST_UNPACKED = 30_000_000
MOST_ROWS = 3_000
MOST_COLUMNS = 80
MOST_SHEETS = 20
LONGEST_CELL = 500
_TEXT_KINDS = frozenset({".csv", ".tsv", ".txt"})
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_UNSEEN = re.compile("[\u0000-\u0008\u000b-\u001f\u007f\u200b\u200e\u200f\ufeff]")
_WIDE_GAPS = re.compile(r" {2,}")


class Unreadable(Exception):
    """A file that is no table: the text says why and what to do."""


@dataclass(frozen=True)
class Table:
    """One sheet, file or paste: its name, and its rows of stripped text, empty at the end where nothing is."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    is_cut: bool = False  # there were more rows or columns than are read


def tables_of_file(name: str, content: bytes) -> list[Table]:
    """The tables of a CSV, TSV or text file, or of each sheet of an Excel workbook. Raises `Unreadable`."""
    if len(content) > MOST_BYTES:
        raise Unreadable(f"{name} is too large for a table of numbers. Keep the rows you need, and send those.")
    path = PurePosixPath(name)
    if path.suffix.lower() == ".xlsx":
        return _tables_of_workbook(path.name, content)
    if path.suffix.lower() in _TEXT_KINDS:
        return [table_of_text(decoded(content), path.stem)]
    raise Unreadable(f"{name} is no table we can read. Save it as Excel workbook (.xlsx) or as CSV.")


def table_of_text(text: str, name: str = "") -> Table:
    """The table in pasted text or a text file: cells between tabs, semicolons, commas, or (last) two spaces."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    separator = separator_of(lines)
    if separator == "  ":
        return _bounded(name, (_WIDE_GAPS.split(line.strip()) for line in lines.split("\n")))
    return _bounded(name, _csv_rows(lines, separator))


def decoded(content: bytes) -> str:
    """Bytes as text: by their mark, else UTF-8, else UTF-16 without a mark, else Windows Latin-1. Never raises."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("utf-16-le" if _is_wide(content) else "cp1252", errors="replace")
    return content.decode("utf-16-le", errors="replace") if _is_wide(content) else text


def separator_of(text: str) -> str:
    """What parts the cells of a text: the tab where there is one, else whichever parts most lines most evenly."""
    lines = [line for line in text.split("\n") if line.strip()][:50]
    if any("\t" in line for line in lines):
        return "\t"
    if sum(";" in line for line in lines) * 2 > len(lines):
        return ";"
    wide = sum(len(_WIDE_GAPS.findall(line.strip())) > 0 for line in lines)
    commas = sum("," in _without_thousands(line) for line in lines)
    return "  " if wide > commas else ","


def _without_thousands(line: str) -> str:
    return re.sub(r"(?<=\d),(?=\d{3}(\D|$))", "", line)


def _is_wide(content: bytes) -> bool:
    """Whether every second byte is zero more often than not, as in UTF-16 of plain text without a mark."""
    odd = content[1:2000:2]
    return len(odd) > 1 and odd.count(0) * 2 > len(odd)


def _csv_rows(lines: str, separator: str) -> Iterable[list[str]]:
    reader = csv.reader(io.StringIO(lines), delimiter=separator, strict=False)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            # A cell longer than any number or name; the reader goes on behind it.
            yield []


def _tables_of_workbook(name: str, content: bytes) -> list[Table]:
    damaged = f"{name} cannot be opened as an Excel workbook. Open it in Excel, save it again, and send that."
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise Unreadable(f"{name} unpacks to far more than a table needs. Keep the rows you need.")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _sheets(PurePosixPath(name).stem, content)
    except Unreadable:
        raise
    # A damaged workbook fails in the library in too many ways to name, and each means the same.
    except Exception as error:
        raise Unreadable(damaged) from error


def _sheets(name: str, content: bytes) -> list[Table]:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        sheets = book.worksheets[:MOST_SHEETS]
        found = []
        for sheet in sheets:
            rows = sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS, values_only=True)
            title = name if len(sheets) == 1 else f"{name}: {sheet.title}"
            found.append(_bounded(title, ([_cell_text(value) for value in row] for row in rows)))
        return [table for table in found if table.rows]
    finally:
        book.close()


def _cell_text(value: object) -> str:
    """A cell's value as somebody would type it: whole numbers without a point, days as days."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _bounded(name: str, rows: Iterable[Iterable[str]]) -> Table:
    """At most so many rows and columns of short, visible text, without empty columns and rows at the end."""
    kept, is_cut = [], False
    for row in rows:
        if len(kept) >= MOST_ROWS:
            is_cut = True
            break
        cells = [_UNSEEN.sub("", cell).replace("\u00a0", " ").strip()[:LONGEST_CELL] for cell in row]
        is_cut = is_cut or len(cells) > MOST_COLUMNS
        cells = cells[:MOST_COLUMNS]
        while cells and not cells[-1]:
            cells.pop()
        kept.append(tuple(cells))
    while kept and not kept[-1]:
        kept.pop()
    return Table(name, tuple(kept), is_cut)
