"""The money of a docket: what was asked, what it commits, and the limits it must stay under."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from django.db.models import Q

from grants.domain.queries.award import held_from
from grants.enums import LIVE_AWARDS, Decision
from grants.models import Award, AwardAllocation, BudgetLine, DocketAmount, DocketLine, SiteCommitment
from grants.models.docket import TAKEN_OFF
from portal.charts import Bar, Part
from portal.money import ZERO, dollars, total
from portal.programme import YEAR_NUMBERS
from sites.identifiers import first_year, school_year, school_year_of
from sites.models import Component

FULL_SHARE = 100  # percent

# A grid of amounts: dollars by award year (1 to 5) and component code.
Grid = Mapping[tuple[int, str], Decimal]


@dataclass(frozen=True)
class Held:
    """What a site holds in one school year from awards already made, and the ceiling they put on that year."""

    amount: Decimal
    ceiling: Decimal


# By the site's key and the school year.
Ledger = Mapping[tuple[int, str], Held]


@dataclass(frozen=True)
class Excess:
    """A limit an amount would pass: the award year (0 for all five together) and a sentence."""

    year: int
    text: str


def school_years(funding_round) -> dict[int, str]:
    """The school year of each award year of a round."""
    first = first_year(school_year_of(funding_round.first_year_starts_on))
    return {year: school_year(first + year - 1) for year in YEAR_NUMBERS}


def asked_of(proposals: Iterable) -> dict[int, dict[tuple[int, str], Decimal]]:
    """What each proposal asks for by year and component, by the proposal's key. One query."""
    rows = BudgetLine.objects.filter(proposal__in=proposals).order_by()
    asked: dict[int, dict[tuple[int, str], Decimal]] = defaultdict(dict)
    for proposal, year, component, amount in rows.values_list("proposal", "year", "component").annotate(
        sum=total("amount")
    ):
        asked[proposal][year, component] = amount
    return asked


def held_by(sites: Iterable) -> dict[tuple[int, str], Held]:
    """What these sites hold from awards already made. One query."""
    rows = SiteCommitment.objects.filter(site__in=sites).values_list("site", "school_year", "amount", "ceiling")
    return {(site, year): Held(amount, ceiling) for site, year, amount, ceiling in rows}


def by_year(grid: Grid) -> dict[int, Decimal]:
    """The sum of each award year, zero for a year without money."""
    return {year: sum((amount for (each, _), amount in grid.items() if each == year), ZERO) for year in YEAR_NUMBERS}


def excesses(site, funding_round, grid: Grid, ledger: Ledger) -> list[Excess]:
    """Every limit these amounts would pass, counting what the site already holds; an empty list when none.

    A first answer while nothing is locked: `grants.domain.commitment` decides when the award is made.
    """
    found, together, held_together = [], ZERO, ZERO
    for year, amount in by_year(grid).items():
        span = school_years(funding_round)[year]
        held = ledger.get((site.pk, span), Held(ZERO, funding_round.yearly_ceiling))
        ceiling = min(held.ceiling, funding_round.yearly_ceiling)
        together, held_together = together + amount, held_together + held.amount
        if amount and amount + held.amount > ceiling:
            text = _too_much(site, amount, held.amount, f"year {year} ({span})", ceiling, "a year")
            found.append(Excess(year, text))
    if together and together + held_together > funding_round.total_ceiling:
        ceiling = funding_round.total_ceiling
        found.append(Excess(0, _too_much(site, together, held_together, "five years", ceiling, "five years")))
    return found


def counted(prefix: str = "") -> Q:
    """Lines that take money out of the envelope, as `DocketLine.commits` says of one; `prefix` such as `lines__`."""
    taken_off = Q(**{f"{prefix}verdict__in": sorted(TAKEN_OFF)})
    return Q(**{f"{prefix}decision": Decision.AWARD}) & ~taken_off


def share_of(grid: Grid, percent: int) -> dict[tuple[int, str], Decimal]:
    """So many percent of every amount, rounded down to whole dollars so that no ceiling is passed by rounding."""
    if percent == FULL_SHARE:
        return dict(grid)
    parts = {
        cell: (amount * percent / FULL_SHARE).quantize(Decimal(1), ROUND_DOWN).quantize(ZERO)
        for cell, amount in grid.items()
    }
    return {cell: amount for cell, amount in parts.items() if amount}


def committed(docket) -> Decimal:
    """What the docket's awards come to."""
    return docket.lines.filter(counted()).aggregate(sum=total("amount"))["sum"]


def awarded_elsewhere(docket) -> Decimal:
    """What the round's other awards take out of the same envelope; of an ended one, what was paid or is on its way."""
    return held_from(_other_awards(docket))


def over_envelope(docket, own: Decimal | None = None, elsewhere: Decimal | None = None) -> list[str]:
    """A sentence when this docket and the round's other awards come to more than the envelope.

    `own` and `elsewhere` are `committed` and `awarded_elsewhere` where they were read already.
    """
    own = committed(docket) if own is None else own
    elsewhere, envelope = awarded_elsewhere(docket) if elsewhere is None else elsewhere, docket.round.envelope
    over = own + elsewhere - envelope
    if over <= 0:
        return []
    earlier = f", and {dollars(elsewhere)} of the round is already awarded" if elsewhere else ""
    return [
        f"This docket commits {dollars(own)}{earlier}. "
        f"That is {dollars(over)} more than the envelope of {dollars(envelope)}."
    ]


@dataclass(frozen=True)
class Envelope:
    """What goes out of a round's envelope: by component with the round's other live awards, by year for this docket."""

    parts: tuple[Part, ...]
    bars: tuple[Bar, ...]


def envelope_of(docket) -> Envelope:
    """Three queries."""
    components = list(Component.objects.all())
    rows = _own_amounts(docket).order_by().values_list("year", "component").annotate(sum=total("amount"))
    own = {(year, component): amount for year, component, amount in rows}
    other = AwardAllocation.objects.filter(award_year__award__in=_other_awards(docket).filter(state__in=LIVE_AWARDS))
    sums = dict(other.order_by().values_list("component").annotate(sum=total("amount")))
    for (_, component), amount in own.items():
        sums[component] = sums.get(component, ZERO) + amount
    spans = school_years(docket.round)
    return Envelope(
        tuple(Part(each.code, each.name, sums[each.code]) for each in components if sums.get(each.code)),
        tuple(
            Bar(spans[year], tuple(Part(each.code, each.name, own.get((year, each.code), ZERO)) for each in components))
            for year in YEAR_NUMBERS
        ),
    )


def line_excesses(lines: Iterable[DocketLine], funding_round) -> dict[int, list[Excess]]:
    """The limits each award line would pass, by the line's key; the lines come with site and amounts. One query."""
    awards = [line for line in lines if line.commits]
    ledger = held_by({line.proposal.site_id for line in awards})
    found = {}
    for line in awards:
        grid = {(each.year, each.component_id): each.amount for each in line.amounts.all()}
        found[line.pk] = excesses(line.proposal.site, funding_round, grid, ledger)
    return found


def _own_amounts(docket):
    return DocketAmount.objects.filter(counted("line__"), line__docket=docket)


def _other_awards(docket):
    return Award.objects.filter(round=docket.round_id).exclude(docket_line__docket=docket)


def _too_much(site, amount: Decimal, held: Decimal, when: str, ceiling: Decimal, span: str) -> str:
    already = f" and already holds {dollars(held)}" if held else ""
    over = dollars(amount + held - ceiling)
    return (
        f"{site} would get {dollars(amount)} in {when}{already}. "
        f"That is {over} over the most it may hold in {span}, {dollars(ceiling)}."
    )
