"""The five-year budget as a sheet of boxes: what was typed into each, and what is wrong with it.

A Django form of 120 fields would cost more than the rest of the page, so the sheet reads the posted boxes itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from grants.domain.budget import LONGEST_NOTE, Cells, Notes, sums_by_year
from grants.domain.queries.budget import JUSTIFIED_FROM, match_rows
from grants.domain.queries.dossier import Dossier
from grants.enums import BudgetCategory
from grants.forms.box import Box
from grants.forms.match import MatchSheet
from portal import programme
from portal.money import ZERO, parse_dollars

Place = tuple[str, str, int]
Line = tuple[str, str]


@dataclass(frozen=True)
class Row:
    """One category of one component over the five years, with its justification."""

    title: str
    boxes: tuple[Box, ...]
    note_name: str
    note_label: str
    note: str
    note_error: str
    needs_note: bool


@dataclass(frozen=True)
class Block:
    """One component's part of the sheet and what it costs in each year."""

    component: Any
    rows: tuple[Row, ...]
    years: tuple[tuple[str, int, Decimal], ...]
    total: Decimal


class BudgetSheet:
    """The grid of a proposal's budget: from its rows, or from what was posted when `data` is given.

    What was typed earlier and could not be kept as an amount stands in its box again, with what is wrong.
    """

    def __init__(self, dossier: Dossier, data: Mapping[str, str] | None = None):
        self.dossier = dossier
        self.errors: dict[Place, str] = {}
        self.note_errors: dict[Line, str] = {}
        self.refusals: dict[str, str] = {}
        self.is_typed = data is not None
        held = dossier.held_in_budget if data is None else {}
        source: Mapping[str, str] = self._saved() | held if data is None else data
        self.texts: dict[Place, str] = {place: source.get(name_of(place), "").strip() for place in self._places()}
        self.notes: dict[Line, str] = {line: source.get(note_name(line), "").strip() for line in self._lines()}
        self.cells: Cells = self._read()
        for line, text in self.notes.items():
            if len(text) > LONGEST_NOTE:
                self.note_errors[line] = f"Shorten this to {LONGEST_NOTE:,} characters."
        self.match = self._match(data, held)

    def is_valid(self) -> bool:
        """Whether every box holds what it should; the ceilings are the domain's."""
        return not (self.errors or self.note_errors or self.match.entries)

    def refuse(self, error: ValidationError) -> None:
        """Keep what the domain said: sentences keyed `year_1` …, `total`, `cells`, `notes`, `match`."""
        self.refusals = {name: texts[0] for name, texts in error.message_dict.items()}

    @property
    def is_over(self) -> bool:
        """Whether the domain refused the amounts as a whole."""
        return any(name not in {"notes", "match"} for name in self.refusals)

    @property
    def kept_notes(self) -> Notes:
        """The justifications that can be kept."""
        return {line: text for line, text in self.notes.items() if text and line not in self.note_errors}

    @property
    def kept_cells(self) -> Cells:
        """The amounts that can be kept: where something else is typed, the one that was saved before."""
        before = self.dossier.amounts
        if self.is_over:
            return before
        return {**self.cells, **{place: before[place] for place in self.errors if place in before}}

    @property
    def held(self) -> dict[str, str]:
        """What is typed and cannot be kept as it should be, by the box's name."""
        found = {name_of(place): self.texts[place] for place in self.errors}
        if self.is_over:
            before = self.dossier.amounts
            found |= {
                name_of(place): self.texts[place] or "0"
                for place in self._places()
                if self.cells.get(place, ZERO) != before.get(place, ZERO)
            }
        found |= {note_name(line): self.notes[line] for line in self.note_errors}
        return found | self.match.held

    @property
    def entries(self) -> list[dict[str, str]]:
        """Everything wrong, for the error summary: a year's sentence links to its total."""
        found = [
            {"target": f"id_{name_of(place)}", "label": self._label(place), "text": text}
            for place, text in self.errors.items()
        ]
        found += [
            {"target": f"id_{note_name(line)}", "label": f"Why {self._line_label(line)}", "text": text}
            for line, text in self.note_errors.items()
        ]
        found += self.match.entries
        sums = {f"year_{year}" for year in programme.YEAR_NUMBERS} | {"total"}
        return found + [
            {"target": f"sum_{name}" if name in sums else "", "label": "", "text": text}
            for name, text in self.refusals.items()
        ]

    @property
    def blocks(self) -> list[Block]:
        """The sheet, component by component."""
        return [self._block(component) for component in self.dossier.components]

    @property
    def years(self) -> list[tuple[str, int, Decimal, str]]:
        """For each year: its total's id, number, sum and the sentence against it, if any."""
        sums = sums_by_year(self.cells)
        return [(f"year_{year}", year, amount, self.refusals.get(f"year_{year}", "")) for year, amount in sums.items()]

    @property
    def total(self) -> Decimal:
        return sum(self.cells.values(), ZERO)

    @property
    def justified_from(self) -> Decimal:
        return JUSTIFIED_FROM

    def _saved(self) -> dict[str, str]:
        amounts = {name_of(place): _shown(amount) for place, amount in self.dossier.amounts.items()}
        return amounts | {note_name(line): text for line, text in self.dossier.notes.items()}

    def _places(self) -> list[Place]:
        return [(code, category, year) for code, category in self._lines() for year in programme.YEAR_NUMBERS]

    def _lines(self) -> list[Line]:
        return [(each.code, category) for each in self.dossier.components for category in BudgetCategory.values]

    def _read(self) -> dict[Place, Decimal]:
        cells = {}
        for place, text in self.texts.items():
            if text:
                try:
                    cells[place] = parse_dollars(text)
                except ValidationError as error:
                    self.errors[place] = error.messages[0]
        return cells

    def _match(self, data: Mapping[str, str] | None, held: Mapping[str, str]) -> MatchSheet:
        saved = match_rows(self.dossier)
        if data is not None:
            return MatchSheet(saved, data)
        if not any(name.startswith("match-") for name in held):
            return MatchSheet(saved)
        return MatchSheet(saved, _with_unfinished(MatchSheet(saved), held))

    def _block(self, component) -> Block:
        mine = {place: amount for place, amount in self.cells.items() if place[0] == component.code}
        rows = tuple(self._row((component.code, value), label) for value, label in BudgetCategory.choices)
        years = tuple((f"{component.code}-{year}", year, amount) for year, amount in sums_by_year(mine).items())
        return Block(component, rows, years, sum(mine.values(), ZERO))

    def _row(self, line: Line, title: str) -> Row:
        boxes = tuple(self._box((*line, year)) for year in programme.YEAR_NUMBERS)
        costs = sum((self.cells.get((*line, year), ZERO) for year in programme.YEAR_NUMBERS), ZERO)
        return Row(
            title,
            boxes,
            note_name(line),
            f"Why {self._line_label(line)} is needed",
            self.notes[line],
            self.note_errors.get(line, ""),
            costs >= JUSTIFIED_FROM and not self.notes[line],
        )

    def _box(self, place: Place) -> Box:
        code, _, year = place
        groups = f"{code}-{year} year_{year} {code} total"
        error = self.errors.get(place, "")
        return Box(
            name_of(place), self._label(place), self.texts[place], error, groups, kind="decimal", column=f"Year {year}"
        )

    def _label(self, place: Place) -> str:
        return f"{self._line_label(place[:2])}, year {place[2]}"

    def _line_label(self, line: Line) -> str:
        code, category = line
        component = next(each for each in self.dossier.components if each.code == code)
        return f"{component.short_name}, {BudgetCategory(category).label}"


def name_of(place: Place) -> str:
    """The name of a box in the posted form."""
    code, category, year = place
    return f"{code}-{category}-{year}"


def note_name(line: Line) -> str:
    """The name of the box of a justification."""
    return f"{line[0]}-{line[1]}-note"


def _with_unfinished(saved: MatchSheet, held: Mapping[str, str]) -> dict[str, str]:
    """The match as a post of its own: the saved rows, then the rows somebody had not finished."""
    data: dict[str, str] = {}
    rows = [row for row in saved.rows if not row.is_empty]
    for number, row in enumerate(rows, 1):
        told = {"partner": row.partner, "kind": row.kind, "what": row.what, **{str(y): t for y, t in row.texts.items()}}
        data |= {f"match-{number}-{name}": text for name, text in told.items()}
    unfinished = sorted({name.split("-")[1] for name in held if name.startswith("match-")}, key=lambda text: int(text))
    for number, old in enumerate(unfinished, len(rows) + 1):
        prefix = f"match-{old}-"
        data |= {
            f"match-{number}-{name.removeprefix(prefix)}": text
            for name, text in held.items()
            if name.startswith(prefix)
        }
    return data | {"match-rows": str(len(rows) + len(unfinished))}


def _shown(amount: Decimal) -> str:
    return f"{amount:,.2f}".removesuffix(".00")


def boxes_of(sheet: BudgetSheet) -> dict[str, str]:
    """Every box of a sheet with its text, as its page would post it."""
    found = {name_of(place): text for place, text in sheet.texts.items()}
    found |= {note_name(line): text for line, text in sheet.notes.items()}
    for row in sheet.match.rows:
        told = {"partner": row.partner, "kind": row.kind, "what": row.what, **{str(y): t for y, t in row.texts.items()}}
        found |= {f"match-{row.number}-{name}": text for name, text in told.items()}
    return found | {"match-rows": str(len(sheet.match.rows))}
