"""Reading the list of districts as NCES publishes it: a CSV file, or a ZIP archive with one; row by row, never all at once."""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from django.core.exceptions import ValidationError

from sites.enums import State
from sites.identifiers import STATE_FIPS
from sites.models import District

MOST_UNPACKED = 400 * 1024 * 1024
LONGEST_LINE = 64 * 1024
# Districts whose ids a spreadsheet has robbed of the zero in front: Alabama's to Connecticut's.
_SHORT = 6
_COLUMNS = {
    "leaid": ("leaid", "ncesdistrictid", "ncesleaid", "agencyidncesassigned"),
    "name": ("leaname", "name", "leanm", "agencyname", "districtname"),
    "city": ("lcity", "locationcity", "city", "mcity", "mailingcity"),
    "state": ("st", "lstate", "stabr", "state", "locationstate", "mstate"),
    "students": ("member", "enrollment", "students", "totalstudents", "totalenrollment"),
    "status": ("systatustext", "updatedstatustext", "statustext"),
}
_GONE = ("closed", "inactive", "future")
_UNREADABLE = "This is no list of districts. Send the CSV file that NCES publishes, or the ZIP archive it comes in."


def _old_byte(error: UnicodeError) -> tuple[str, int]:
    """A byte that is not UTF-8, read as the Latin-1 (Windows) letter it was in the older files."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("sites.latin-1", _old_byte)


class Unusable(Exception):
    """A row that cannot be used; its text is the reason."""


@contextmanager
def rows_of(file: IO[bytes]) -> Iterator[Iterator[dict[str, str]]]:
    """The rows of a list, as texts by our own names (`leaid`, `name`, `state`, and what else the file knows).

    Raises ValidationError with a sentence for a file that is no such list.
    """
    with _unpacked(file) as plain:
        text = io.TextIOWrapper(plain, "utf-8-sig", "sites.latin-1", newline="")  # type: ignore[arg-type]
        try:
            yield _rows(text)
        finally:
            # The file belongs to the caller, who may want to read it again.
            text.detach()


def district_of(row: dict[str, str]) -> District:
    """The district a row tells of, checked. Raises `Unusable`."""
    leaid, state = row["leaid"], row["state"].upper()
    if state not in State.values:
        raise Unusable("not in a state, the District of Columbia or a territory")
    if len(leaid) == _SHORT and STATE_FIPS[state] == f"0{leaid[0]}":
        leaid = f"0{leaid}"
    if not re.fullmatch(r"[0-9]{7}", leaid):
        raise Unusable("no district id of 7 digits")
    if not leaid.startswith(STATE_FIPS[state]):
        raise Unusable("a district id of another state")
    name = " ".join(row["name"].split())[:160]
    if not name:
        raise Unusable("no name")
    if row.get("status", "").casefold().startswith(_GONE):
        raise Unusable("closed, or not open yet")
    city = " ".join(row.get("city", "").split())[:120]
    return District(leaid=leaid, name=name, city=city, state=state, students=_count(row.get("students", "")))


def _count(text: str) -> int | None:
    """Students enrolled; NCES writes -1, -2, M or N where the number is missing."""
    digits = text.replace(",", "").removesuffix(".0")
    return int(digits) if digits.isdecimal() and len(digits) < 8 else None


@contextmanager
def _unpacked(file: IO[bytes]) -> Iterator[IO[bytes]]:
    file.seek(0)
    if file.read(2) != b"PK":
        file.seek(0)
        yield file
        return
    try:
        with zipfile.ZipFile(file) as archive:
            tables = [each for each in archive.infolist() if each.filename.lower().endswith(".csv")]
            if len(tables) != 1:
                raise ValidationError(f"The archive has {len(tables) or 'no'} CSV files. Send one with a single list.")
            if tables[0].file_size > MOST_UNPACKED:
                raise ValidationError("The archive unpacks to far more than a list of districts needs.")
            with archive.open(tables[0]) as plain:
                yield plain
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise ValidationError("The archive cannot be opened. Download it again.") from error


def _rows(text: io.TextIOWrapper) -> Iterator[dict[str, str]]:
    table = csv.reader(_lines(text))
    try:
        header = next(table, [])
        places = _places(header)
        for cells in table:
            if any(cells):
                yield {name: cells[at].strip() if at < len(cells) else "" for name, at in places.items()}
    except csv.Error as error:
        raise ValidationError(_UNREADABLE) from error


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(LONGEST_LINE):
        if "\0" in line or len(line) == LONGEST_LINE:
            raise ValidationError(_UNREADABLE)
        yield line


def _places(header: list[str]) -> dict[str, int]:
    """In which column each of our names stands."""
    found = {re.sub(r"[^a-z0-9]", "", name.casefold()): at for at, name in reversed(list(enumerate(header)))}
    places = {}
    for name, spellings in _COLUMNS.items():
        at = next((found[each] for each in spellings if each in found), None)
        if at is not None:
            places[name] = at
    missing = [wanted for name, wanted in _NEEDED.items() if name not in places]
    if missing:
        raise ValidationError(f"{_UNREADABLE} Its first line names no column {' and no column '.join(missing)}.")
    return places


_NEEDED = {"leaid": "LEAID", "name": "LEA_NAME", "state": "ST"}
