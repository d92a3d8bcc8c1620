"""A row of a grid of amounts, a year by the components, as docket lines and amendments have them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django import forms

from portal.money import ZERO


@dataclass(frozen=True)
class YearRow:
    """One award year: its number, its school year, and a field for each component."""

    number: int
    school_year: str
    cells: list[forms.BoundField]

    @property
    def total(self) -> Decimal:
        """Dollars of the year, as saved or as typed; what is no amount counts nothing."""
        return sum((_dollars(cell) for cell in self.cells), ZERO)


def _dollars(cell: forms.BoundField) -> Decimal:
    try:
        return cell.field.to_python(cell.value()) or ZERO
    except forms.ValidationError:
        return ZERO
