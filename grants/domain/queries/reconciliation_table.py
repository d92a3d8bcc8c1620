"""The reconciliation page's table: awarded money by site, award, round, award year, school year or component."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from grants.domain.queries.reconciliation import Balance, balances_by, together
from grants.models import AwardAllocation
from portal.apportion import shares, table
from sites.models import Component


@dataclass(frozen=True)
class Grouping:
    """One way to cut the table: what its lines are called, and the paths of their names and references."""

    key: str
    label: str
    paths: tuple[str, ...]


GROUPINGS = {
    each.key: each
    for each in (
        Grouping("site", "Site", ("award__site__name", "award__site__reference")),
        Grouping("award", "Award", ("award__site__name", "award__reference")),
        Grouping("round", "Round", ("award__round__name", "award__round__reference")),
        Grouping("year", "Award year", ("number", "number")),
        Grouping("school-year", "School year", ("school_year", "school_year")),
        Grouping("component", "Component", ()),
    )
}


@dataclass(frozen=True)
class Line:
    """One line of the table; `reference` is what the next page is asked for."""

    name: str
    reference: str
    balance: Balance


@dataclass(frozen=True)
class Table:
    """All lines of one grouping, in order, and their sum."""

    grouping: Grouping
    lines: list[Line]
    together: Balance


def table_of(years: QuerySet, by: str) -> Table:
    """The table of these award years. Two queries, and for components two more.

    Payments are not made by component: what is known of an award year is divided by what the year awards to each
    component, in whole cents, so that every line and every column adds up (`portal.apportion.table`).
    """
    grouping = GROUPINGS[by]
    lines = _components(years) if by == "component" else _lines(balances_by(years, *grouping.paths))
    return Table(grouping, lines, together(line.balance for line in lines))


def _lines(balances: Mapping[tuple[Any, ...], Balance]) -> list[Line]:
    return [
        Line(f"Year {name}" if isinstance(name, int) else str(name), str(reference), balance)
        for (name, reference), balance in sorted(balances.items())
    ]


def _components(years: QuerySet) -> list[Line]:
    allocations: dict[int, dict[str, Decimal]] = {}
    found = AwardAllocation.objects.filter(award_year__in=years).order_by("award_year", "component__position")
    for year, component, amount in found.values_list("award_year", "component", "amount"):
        allocations.setdefault(year, {})[component] = amount
    names = dict(Component.objects.values_list("code", "name"))
    sums = {code: Balance() for code in names}
    for (year,), balance in balances_by(years, "pk").items():
        weights = allocations.get(year, {})
        for component, part in zip(weights, divide(balance, list(weights.values())), strict=True):
            sums[component] += part
    return [Line(names[code], code, balance) for code, balance in sums.items()]


def divide(balance: Balance, weights: list[Decimal]) -> list[Balance]:
    """A balance by weights that add up to what was awarded: parts that add up to it, each of which adds up itself."""
    # What fills the awarded sum is divided together; what was paid is what stayed out and what came back.
    filling = [balance.scheduled, balance.cleared, balance.kept, balance.remaining, balance.returned]
    back = shares(balance.refunded, weights)
    return [
        Balance(
            awarded=awarded,
            scheduled=scheduled,
            cleared=cleared,
            paid=kept + refunded,
            refunded=refunded,
            remaining=remaining,
            returned=returned,
        )
        for awarded, refunded, (scheduled, cleared, kept, remaining, returned) in zip(
            weights, back, table(weights, filling), strict=True
        )
    ]


def rows_for_export(found: Table) -> tuple[list[str], list[list[object]]]:
    """Column titles and rows of the table as a file, the sum last."""
    titles = [COLUMNS[each.name] for each in fields(Balance)]
    lines = [*found.lines, Line("Together", "", found.together)]
    rows = [[line.name, line.reference, *(getattr(line.balance, name) for name in COLUMNS)] for line in lines]
    return [found.grouping.label, "Number", *titles], rows


COLUMNS = {
    "awarded": "Awarded",
    "scheduled": "Scheduled",
    "cleared": "Cleared",
    "paid": "Paid",
    "refunded": "Refunded",
    "remaining": "Not yet scheduled",
    "returned": "Back in the envelope",
}
