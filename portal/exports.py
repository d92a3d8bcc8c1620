"""Tables as files for spreadsheets; the only module that writes CSV and workbooks, so that no cell becomes a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

# A spreadsheet reads a cell that begins with one of these as a formula or a command (OWASP, CSV injection).
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
# XML 1.0 has no place for these.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST_CELL = 32_000


def harmless(value: object) -> str:
    """`value` as the text of a cell; an apostrophe goes before anything that could run, but not before a number."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_RISKY) and not _NUMBER.fullmatch(text) else text


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[object]], *, mark: bool = True) -> bytes:
    """A whole CSV file (RFC 4180), in UTF-8; with the mark by which spreadsheets recognise it, unless programs read it."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(columns)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return file.getvalue().encode("utf-8-sig" if mark else "utf-8")


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook; `widths` are characters a column. Amounts are numbers, everything else is text."""

    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[object]]
    widths: Sequence[int] = field(default=())


def workbook_bytes(sheets: Iterable[Sheet]) -> bytes:
    """An Excel workbook. A text is stored as text, whatever it begins with: no cell is ever a formula."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.title)
        page.freeze_panes = "A2"
        for number, width in enumerate(sheet.widths, 1):
            page.column_dimensions[get_column_letter(number)].width = width
        page.append([_cell(page, name, bold=True) for name in sheet.columns])
        for row in sheet.rows:
            page.append([_cell(page, value) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(page, value: object, *, bold: bool = False) -> Cell | None:
    if value is None:
        return None
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        cell = WriteOnlyCell(page, value)
        cell.number_format = "#,##0.00" if isinstance(value, Decimal) else "0"
        return cell
    text = _UNWRITABLE.sub("", str(value))[:_LONGEST_CELL]
    if not text:
        return None
    cell = WriteOnlyCell(page, "")
    cell.value = text
    cell.data_type = "s"
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if bold:
        cell.font = Font(bold=True)
    return cell
