"""What the partners give besides the grant, as rows of boxes: who, in what way, what, and how much in each year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.exceptions import ValidationError

from grants.domain.budget import LONGEST_PARTNER, LONGEST_WHAT, MOST_MATCH_ROWS
from grants.domain.queries.budget import MatchRow
from grants.enums import MatchKind
from grants.forms.box import Box
from portal import programme
from portal.money import ZERO, parse_dollars

EMPTY_ROWS = 2
MORE_ROWS = 3
_TEXTS = (("partner", LONGEST_PARTNER, "Say who gives this."), ("what", LONGEST_WHAT, "Say what it is."))


@dataclass
class TypedRow:
    """One row as it was typed, numbered from 1 as it stands on the page."""

    number: int
    partner: str = ""
    kind: str = MatchKind.IN_KIND.value
    what: str = ""
    texts: dict[int, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    amounts: dict[int, Decimal] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not (self.partner or self.what or any(self.texts.values()))

    @property
    def boxes(self) -> list[Box]:
        """The amounts, year by year."""
        return [
            Box(
                f"match-{self.number}-{year}",
                f"Match {self.number}, year {year}",
                self.texts.get(year, ""),
                self.errors.get(str(year), ""),
                f"match-{year} match match-row-{self.number}",
                "decimal",
                f"Year {year}",
            )
            for year in programme.YEAR_NUMBERS
        ]

    @property
    def kinds(self) -> list[tuple[str, str, bool]]:
        return [(value, label, value == self.kind) for value, label in MatchKind.choices]

    @property
    def total(self) -> Decimal:
        return sum(self.amounts.values(), ZERO)

    def read(self) -> None:
        """Read the amounts; `errors` then say what is missing or no amount."""
        for year, text in self.texts.items():
            try:
                self.amounts |= {year: parse_dollars(text)} if text else {}
            except ValidationError as error:
                self.errors[str(year)] = error.messages[0]
        if self.is_empty:
            return
        for name, longest, empty in _TEXTS:
            typed = getattr(self, name)
            if not typed:
                self.errors[name] = empty
            elif len(typed) > longest:
                self.errors[name] = f"Shorten this to {longest} characters."
        if not any(self.amounts.values()) and not any(key.isdecimal() for key in self.errors):
            self.errors["1"] = "Enter what it is worth in at least one year."


class MatchSheet:
    """The rows of the match: from what is saved, or from what was posted as `data`; some empty ones at the end."""

    def __init__(self, saved: Sequence[MatchRow], data: Mapping[str, str] | None = None):
        self.rows = [_shown(number, row) for number, row in enumerate(saved, 1)] if data is None else _posted(data)
        for row in self.rows:
            row.read()
        wanted = 0 if data is None else _count(data) + MORE_ROWS * ("more" in data)
        filled = max((row.number for row in self.rows if not row.is_empty), default=0)
        while len(self.rows) < min(MOST_MATCH_ROWS, max(wanted, filled + EMPTY_ROWS)):
            self.rows.append(TypedRow(len(self.rows) + 1))

    @property
    def facts(self) -> list[MatchRow]:
        """The rows that are whole."""
        return [
            MatchRow(row.partner, row.kind, row.what, row.amounts)
            for row in self.rows
            if not row.is_empty and not row.errors
        ]

    @property
    def held(self) -> dict[str, str]:
        """Every box of the rows that are not whole yet, by name."""
        found = {}
        for row in self.rows:
            if row.errors:
                texts = {"partner": row.partner, "kind": row.kind, "what": row.what}
                texts |= {str(year): text for year, text in row.texts.items()}
                found |= {f"match-{row.number}-{name}": text for name, text in texts.items() if text}
        return found

    @property
    def entries(self) -> list[dict[str, str]]:
        """What is wrong, for the error summary."""
        return [
            {"target": f"id_match-{row.number}-{name}", "label": f"Match {row.number}", "text": text}
            for row in self.rows
            for name, text in row.errors.items()
        ]

    @property
    def years(self) -> list[tuple[str, int, Decimal]]:
        """For each year the name of its sum, its number and the sum."""
        return [
            (f"match-{year}", year, sum((row.amounts.get(year, ZERO) for row in self.rows), ZERO))
            for year in programme.YEAR_NUMBERS
        ]

    @property
    def total(self) -> Decimal:
        return sum((row.total for row in self.rows), ZERO)

    @property
    def may_grow(self) -> bool:
        return len(self.rows) < MOST_MATCH_ROWS


def _shown(number: int, row: MatchRow) -> TypedRow:
    texts = {year: f"{amount:,.2f}".removesuffix(".00") for year, amount in row.amounts.items()}
    return TypedRow(number, row.partner, row.kind, row.what, texts)


def _count(data: Mapping[str, str]) -> int:
    """How many rows were posted: as many as the page says, or as the boxes that came along reach."""
    text = data.get("match-rows", "")
    said = int(text) if text.isdecimal() and len(text) < 4 else 0
    return min(MOST_MATCH_ROWS, said)


def _posted(data: Mapping[str, str]) -> list[TypedRow]:
    rows = []
    for number in range(1, _count(data) + 1):
        kind = data.get(f"match-{number}-kind", "")
        rows.append(
            TypedRow(
                number,
                " ".join(data.get(f"match-{number}-partner", "").split()),
                kind if kind in MatchKind.values else MatchKind.IN_KIND.value,
                " ".join(data.get(f"match-{number}-what", "").split()),
                {year: data.get(f"match-{number}-{year}", "").strip() for year in programme.YEAR_NUMBERS},
            )
        )
    return rows
