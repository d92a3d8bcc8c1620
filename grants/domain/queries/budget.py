"""A budget as a content tells it: lines with their justification, sums, and what the partners give besides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from grants.domain.queries.dossier import Dossier
from grants.enums import BudgetCategory, MatchKind
from portal import programme
from portal.money import ZERO, dollars
from sites.models import Component

# A line of so many dollars over the five years has to say why it is needed; a smaller one may.
JUSTIFIED_FROM = Decimal("10000.00")


@dataclass(frozen=True)
class MatchRow:
    """What one partner gives of one thing, in dollars by award year; years without anything are left out."""

    partner: str
    kind: str
    what: str
    amounts: Mapping[int, Decimal]

    @property
    def total(self) -> Decimal:
        return sum(self.amounts.values(), ZERO)


def tell_budget(dossier: Dossier) -> dict[str, Any]:
    """The whole budget as JSON, amounts as text with two places."""
    return {
        "years": _texts(dossier.year_totals.values()),
        "total": str(dossier.total),
        "yearly_ceiling": str(dossier.round.yearly_ceiling),
        "total_ceiling": str(dossier.proposal.total_ceiling),
        "components": [_tell_component(dossier, each) for each in dossier.components],
        "match": tell_match(match_rows(dossier)),
    }


def tell_match(rows: Iterable[MatchRow]) -> dict[str, Any]:
    """What the partners give, with its sums. It counts towards no ceiling and is in no total of the budget."""
    rows = list(rows)
    by_year = [sum((row.amounts.get(year, ZERO) for row in rows), ZERO) for year in programme.YEAR_NUMBERS]
    return {
        "rows": [
            {
                "partner": row.partner,
                "kind": row.kind,
                "kind_name": MatchKind(row.kind).label,
                "what": row.what,
                "years": _texts(row.amounts.get(year, ZERO) for year in programme.YEAR_NUMBERS),
                "total": str(row.total),
            }
            for row in rows
        ],
        "years": _texts(by_year),
        "total": str(sum(by_year, ZERO)),
        "by_kind": [
            {"name": kind.label, "total": str(sum((row.total for row in rows if row.kind == kind), ZERO))}
            for kind in MatchKind
        ],
    }


def match_rows(dossier: Dossier) -> list[MatchRow]:
    """The match as rows of its sheet, in order."""
    rows: dict[int, MatchRow] = {}
    for line in dossier.match_lines:
        first = rows.setdefault(line.position, MatchRow(line.partner, line.kind, line.what, {}))
        rows[line.position] = MatchRow(first.partner, first.kind, first.what, {**first.amounts, line.year: line.amount})
    return list(rows.values())


def line_totals(dossier: Dossier) -> dict[tuple[str, str], Decimal]:
    """What each line (component code, category) costs over the five years, where it costs anything."""
    totals: dict[tuple[str, str], Decimal] = {}
    for line in dossier.budget_lines:
        place = line.component_id, line.category
        totals[place] = totals.get(place, ZERO) + line.amount
    return totals


def budget_lacks(dossier: Dossier) -> list[str]:
    """What the budget still needs before it can be submitted, in sentences that follow its title."""
    texts = []
    if dossier.total == ZERO:
        texts.append("enter what the work costs.")
    names = {each.code: each.short_name for each in dossier.components}
    bare = [
        (names.get(code, code), BudgetCategory(category).label, amount)
        for (code, category), amount in line_totals(dossier).items()
        if amount >= JUSTIFIED_FROM and (code, category) not in dossier.notes
    ]
    if len(bare) == 1:
        component, category, amount = bare[0]
        texts.append(f"say why {component}, {category.lower()} ({dollars(amount)}) is needed.")
    elif bare:
        texts.append(f"say why {len(bare)} lines of {dollars(JUSTIFIED_FROM)} or more are needed.")
    if dossier.held_in_budget:
        texts.append("something typed there could not be saved as an amount. Open the page and correct it.")
    return texts


def _tell_component(dossier: Dossier, component: Component) -> dict[str, Any]:
    """What one component costs: by year, and by category and year where anything was entered or justified."""
    lines = []
    years = dict.fromkeys(programme.YEAR_NUMBERS, ZERO)
    for category in BudgetCategory:
        cells = [dossier.amounts.get((component.code, category.value, year), ZERO) for year in years]
        note = dossier.notes.get((component.code, category.value), "")
        if any(cells) or note:
            lines.append(
                {
                    "category": category.value,
                    "name": category.label,
                    "years": _texts(cells),
                    "total": str(sum(cells, ZERO)),
                    "note": note,
                }
            )
            years = {year: years[year] + cell for year, cell in zip(years, cells, strict=True)}
    return {
        "code": component.code,
        "name": component.name,
        "lines": lines,
        "years": _texts(years.values()),
        "total": str(sum(years.values(), ZERO)),
    }


def _texts(amounts: Iterable[Decimal]) -> list[str]:
    return [str(amount) for amount in amounts]
