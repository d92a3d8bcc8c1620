"""What was read out of files of results, with everything a person can correct before the numbers are used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from grants.domain.baseline import MOST_LEVELS, Place, TableFacts, check_table
from portal.imports import Table
from portal.words import counted
from sites.enums import GradeBand, StudentGroup, Subject
from sites.results import NOT_USED, Choices, Line, Reading, read_tables
from sites.results.words import level_of

_PROFICIENT = 2  # the rank of `Proficient` among the names of levels
MOST_NAMED = 200


@dataclass(frozen=True)
class Option:
    """One choice of a list."""

    value: str
    label: str
    is_chosen: bool


@dataclass
class Found:
    """One table that can be used: its lines, what it is about, and what is still to be said."""

    key: str
    years: list[str]
    subject: str
    grades: str
    year: str
    lines: dict[str, tuple[int | None, ...]]
    is_used: bool
    errors: dict[str, str]
    note: str = ""

    @property
    def rows(self) -> list[tuple[str, tuple[int | None, ...]]]:
        """Student groups in the order of the list, with their numbers."""
        return [(StudentGroup(code).label, self.lines[code]) for code in StudentGroup.values if code in self.lines]

    @property
    def subjects(self) -> list[Option]:
        return _options(Subject.choices, self.subject, "Choose a subject")

    @property
    def bands(self) -> list[Option]:
        return _options(GradeBand.choices, self.grades, "Choose the grades")

    @property
    def year_options(self) -> list[Option]:
        return [Option(year, year, year == self.year) for year in self.years]


class ImportSheet:
    """The preview: from the tables that were sent, and from what was posted about them when `data` is given."""

    def __init__(self, tables: Sequence[Table], known: Mapping[Place, Sequence[str]], data: Any = None):
        self.data = data
        self.known = known
        self.errors: list[str] = []
        self.reading: Reading = read_tables(tables, self._choices())
        self.names = self._names()
        self.proficient_from = self._proficient_from()
        self.found = [self._found(number, place) for number, place in enumerate(self.reading.places)]

    @property
    def columns(self) -> list[tuple[int, str, list[Option]]]:
        """Every column with figures: its number, name, and which level it is."""
        levels = [("0", "Not a level"), *((str(place), f"Level {place}") for place in range(1, MOST_LEVELS + 1))]
        return [
            (number, header, _options(levels, str(column.position)))
            for number, (header, column) in enumerate(self.reading.columns.items())
        ]

    @property
    def groups(self) -> list[tuple[int, str, list[Option], bool]]:
        """Every label or file name: its number, text, the group it is taken for, and whether that is still to be said."""
        choices = [("", "Choose a group"), (NOT_USED, "Do not use"), *StudentGroup.choices]
        return [
            (number, label, _options(choices, code), not code)
            for number, (label, code) in enumerate(list(self.reading.groups.items())[:MOST_NAMED])
        ]

    @property
    def unknown(self) -> int:
        """For how many labels a group has to be said."""
        return sum(not code for code in self.reading.groups.values())

    @property
    def reasons(self) -> list[tuple[str, list[str]]]:
        """Why lines were not used, each with the lines."""
        grouped: dict[str, list[str]] = {}
        whole = {each.why for each in self.reading.unused if not each.number}
        for each in self.reading.unused:
            line = f"line {each.number}" if each.number else ""
            place = ", ".join(filter(None, [each.source, line])) or "What you pasted"
            grouped.setdefault(each.why, []).append(f"{place}: {each.text}" if each.text else place)
        return [
            (f"{counted(len(lines), 'table' if why in whole else 'line')}: {why}", lines[:MOST_NAMED])
            for why, lines in grouped.items()
        ]

    @property
    def starts(self) -> list[Option]:
        choices = [(str(place), name) for place, name in enumerate(self.names, 1) if place > 1]
        return _options(choices, str(self.proficient_from))

    def facts(self) -> list[TableFacts]:
        """The tables to use. Empty, with the errors beside what they are about, when something is not said yet."""
        used = [each for each in self.found if each.is_used]
        tables = []
        for each in used:
            place = Place(each.subject, each.grades, each.year.strip().replace("–", "-"))
            facts = TableFacts(place, self.names, self.proficient_from, each.lines)
            try:
                check_table(facts)
            except ValidationError as error:
                for name, texts in error.message_dict.items():
                    each.errors[{"grade_band": "grades", "school_year": "year"}.get(name, name)] = texts[0]
            if place in [other.place for other in tables]:
                each.errors["subject"] = "Two of these tables say the same subject, grades and school year."
            tables.append(facts)
        if not used:
            self.errors.append("Choose at least one table to use.")
        return [] if self.errors or any(each.errors for each in used) else tables

    def _choices(self) -> Choices:
        if self.data is None:
            return Choices()
        return Choices(
            groups=self._pairs("label", "group", MOST_NAMED),
            positions={
                header: int(place)
                for header, place in self._pairs("header", "column", 100).items()
                if place in set("0123456")
            },
        )

    def _pairs(self, label: str, value: str, most: int) -> dict[str, str]:
        found = {}
        for number in range(most):
            name = self.data.get(f"{label}-{number}")
            if name is None:
                break
            chosen = self.data.get(f"{value}-{number}", "")
            if label != "label" or chosen in {"", NOT_USED, *StudentGroup.values}:
                found[name] = chosen
        return found

    def _names(self) -> list[str]:
        names = list(self.reading.level_names)
        if self.data is not None and self.data.get("levels") == str(len(names)):
            names = [self.data.get(f"name-{place}", name).strip() or name for place, name in enumerate(names, 1)]
        return names

    def _proficient_from(self) -> int:
        text = "" if self.data is None else self.data.get("proficient_from", "")
        if text.isdecimal() and len(text) < 3 and 2 <= int(text) <= len(self.names):
            return int(text)
        ranks = [known[0] if (known := level_of(name)) else -9 for name in self.names]
        known_start = next((place for place, rank in enumerate(ranks, 1) if rank >= _PROFICIENT and place > 1), 0)
        return known_start or min(3, len(self.names))

    def _found(self, number: int, place: tuple[str, str]) -> Found:
        key = f"table-{number}"
        years = self.reading.years(place)
        year = self._said(f"{key}-year", self._best_year(place, years))
        # A year that had to be typed is of the lines that say none.
        lines = self.reading.counts(place, year if year in years else "" if "" in years else years[0])
        found = Found(
            key=key,
            years=[each for each in years if each],
            subject=self._said(f"{key}-subject", place[0]),
            grades=self._said(f"{key}-grades", place[1]),
            year=year,
            lines=lines,
            is_used=self.data is None or f"{key}-seen" not in self.data or f"{key}-use" in self.data,
            errors={},
        )
        levels = self.known.get(Place(found.subject, found.grades, found.year))
        if levels is not None:
            same = [name.lower() for name in levels] == [name.lower() for name in self.names]
            found.note = (
                "You have this table. The groups below replace theirs, the others stay."
                if same
                else "You have this table with other levels. It is replaced as a whole."
            )
        return found

    def _best_year(self, place: tuple[str, str], years: Sequence[str]) -> str:
        """The latest year in which any group has a number."""
        return next(
            (
                year
                for year in years
                if any(_has_numbers(line) for line in self.reading.lines if _is_of(line, place, year))
            ),
            years[0],
        )

    def _said(self, name: str, otherwise: str) -> str:
        return str(otherwise) if self.data is None else self.data.get(name, str(otherwise))


def _is_of(line: Line, place: tuple[str, str], year: str) -> bool:
    return (line.subject, line.grades, line.year) == (*place, year)


def _has_numbers(line: Line) -> bool:
    return any(count is not None for count in line.counts)


def _options(choices: Sequence[tuple[str, Any]], chosen: str, empty: str = "") -> list[Option]:
    first = [Option("", empty, chosen == "")] if empty else []
    return first + [Option(value, str(label), value == chosen) for value, label in choices]
