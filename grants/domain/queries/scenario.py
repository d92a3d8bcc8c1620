"""Dockets of one round beside each other: decision and amount of every proposal in each, and where they differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from grants.domain.queries import docket_money as money
from grants.domain.queries.docket import cut_of
from grants.enums import DocketState
from grants.models import Docket, DocketAmount, DocketLine, Proposal
from portal.money import ZERO, total
from portal.programme import YEAR_NUMBERS
from sites.models import Component

# As many fit beside each other and can still be told apart.
FEWEST, MOST = 2, 4


@dataclass(frozen=True)
class Cell:
    """One proposal in one scenario; no line when it is not on it. Compared with the first scenario."""

    docket: Docket
    line: DocketLine | None
    below_cut: bool
    differs: bool
    more: Decimal  # dollars above the first scenario, below zero for less

    @property
    def less(self) -> Decimal:
        """Dollars below the first scenario."""
        return -self.more


@dataclass(frozen=True)
class Row:
    """One proposal across the scenarios."""

    proposal: Proposal
    cells: tuple[Cell, ...]

    @property
    def differs(self) -> bool:
        return any(cell.differs for cell in self.cells)


@dataclass(frozen=True)
class Column:
    """One scenario with its sums in dollars. `left` is what the envelope still holds once all its awards are made."""

    docket: Docket
    awards: int
    committed: Decimal
    left: Decimal


@dataclass(frozen=True)
class Sum:
    """One line of sums across the scenarios: an award year (with its school year) or a component."""

    name: str
    component: Component | None
    amounts: tuple[tuple[Docket, Decimal], ...]

    @property
    def differs(self) -> bool:
        return len({amount for _, amount in self.amounts}) > 1


@dataclass(frozen=True)
class Comparison:
    """Scenarios side by side, proposals in the order of the first one."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    years: tuple[Sum, ...]
    components: tuple[Sum, ...]
    envelope: Decimal

    @property
    def differing(self) -> int:
        return sum(row.differs for row in self.rows)


def of_round(funding_round) -> list[Docket]:
    """Every docket of a round that can be compared, those still standing before those set aside."""
    dockets = Docket.objects.filter(round=funding_round).select_related("round").order_by("pk")
    return sorted(dockets, key=lambda docket: docket.state == DocketState.SET_ASIDE)


def siblings_of(docket: Docket) -> list[Docket]:
    """The drafts of the round with this docket among them, in the order they were made."""
    rows = Docket.objects.filter(Q(state=DocketState.DRAFT) | Q(pk=docket.pk), round=docket.round_id)
    return list(rows.order_by("pk"))


def compare(dockets: Sequence[Docket]) -> Comparison:
    """Two to four dockets of one round. The number of queries depends on how many dockets, never on their lines."""
    round_ = dockets[0].round
    lines = _lines(dockets)
    sums = _sums(dockets)
    columns, cells = [], []
    for docket in dockets:
        own = lines[docket.pk]
        elsewhere = money.awarded_elsewhere(docket)
        cut, _ = cut_of(own, round_.envelope - elsewhere)
        committed = sum((line.amount for line in own if line.commits), ZERO)
        left = round_.envelope - elsewhere - committed
        columns.append(Column(docket, sum(line.commits for line in own), committed, left))
        cells.append({line.proposal_id: (line, cut is not None and place >= cut) for place, line in enumerate(own)})
    proposals = {line.proposal_id: line.proposal for docket in dockets for line in lines[docket.pk]}
    spans = money.school_years(round_)
    return Comparison(
        tuple(columns),
        tuple(
            Row(proposal, _cells(dockets, [column.get(key) for column in cells])) for key, proposal in proposals.items()
        ),
        tuple(Sum(f"Year {year} ({spans[year]})", None, _added(dockets, sums, year=year)) for year in YEAR_NUMBERS),
        tuple(Sum(each.name, each, _added(dockets, sums, code=each.code)) for each in Component.objects.all()),
        round_.envelope,
    )


def _lines(dockets: Iterable[Docket]) -> dict[int, list[DocketLine]]:
    """The lines of each docket in order. One query."""
    rows = DocketLine.objects.filter(docket__in=dockets).select_related("proposal__site").order_by("rank", "pk")
    found: dict[int, list[DocketLine]] = defaultdict(list)
    for line in rows:
        found[line.docket_id].append(line)
    return found


def _sums(dockets: Iterable[Docket]) -> dict[int, dict[tuple[int, str], Decimal]]:
    """What each docket commits by year and component. One query."""
    rows = DocketAmount.objects.filter(money.counted("line__"), line__docket__in=dockets).order_by()
    found: dict[int, dict[tuple[int, str], Decimal]] = defaultdict(dict)
    for docket, year, component, amount in rows.values_list("line__docket", "year", "component").annotate(
        sum=total("amount")
    ):
        found[docket][year, component] = amount
    return found


def _added(
    dockets: Iterable[Docket],
    sums: Mapping[int, Mapping[tuple[int, str], Decimal]],
    *,
    year: int | None = None,
    code: str | None = None,
) -> tuple[tuple[Docket, Decimal], ...]:
    """What each docket commits in one award year, or for one component."""
    return tuple(
        (each, sum((amount for cell, amount in sums[each.pk].items() if year == cell[0] or code == cell[1]), ZERO))
        for each in dockets
    )


# A line with whether it lies below the cut, or None where the proposal is not on the docket.
Found = tuple[DocketLine, bool] | None


def _cells(dockets: Sequence[Docket], found: Sequence[Found]) -> tuple[Cell, ...]:
    return tuple(_cell(docket, each, found[0]) for docket, each in zip(dockets, found, strict=True))


def _cell(docket: Docket, each: Found, first: Found) -> Cell:
    return Cell(
        docket=docket,
        line=each[0] if each else None,
        below_cut=bool(each and each[1]),
        differs=_says(each) != _says(first),
        more=_amount(each) - _amount(first),
    )


def _says(found: Found) -> tuple[str, Decimal] | None:
    return (found[0].decision, _amount(found)) if found else None


def _amount(found: Found) -> Decimal:
    return found[0].amount if found and found[0].commits else ZERO
