"""A budget as sheets of a workbook: the same rows and columns as on its page, to fill in and send back."""

from __future__ import annotations

from grants.domain.queries.budget import match_rows
from grants.domain.queries.dossier import Dossier
from grants.enums import BudgetCategory, MatchKind
from portal import programme
from portal.exports import Sheet

YEARS = [f"Year {year}" for year in programme.YEAR_NUMBERS]
_EMPTY_ROWS = 10


def sheets_of(dossier: Dossier) -> list[Sheet]:
    """The budget with what is saved, and the match on a sheet of its own."""
    lines = []
    for component in dossier.components:
        for category in BudgetCategory:
            place = component.code, category.value
            amounts = [dossier.amounts.get((*place, year)) for year in programme.YEAR_NUMBERS]
            lines.append([component.name, category.label, *amounts, dossier.notes.get(place, "")])
    rows = [
        [row.partner, MatchKind(row.kind).label, row.what, *(row.amounts.get(year) for year in programme.YEAR_NUMBERS)]
        for row in match_rows(dossier)
    ]
    rows += [["", MatchKind.IN_KIND.label, "", *([None] * programme.AWARD_YEARS)] for _ in range(_EMPTY_ROWS)]
    years = [14] * programme.AWARD_YEARS
    return [
        Sheet("Budget", ["Component", "What it pays for", *YEARS, "Why it is needed"], lines, [44, 28, *years, 60]),
        Sheet("Match", ["Who gives it", "In what way", "What it is", *YEARS], rows, [36, 34, 44, *years]),
    ]
