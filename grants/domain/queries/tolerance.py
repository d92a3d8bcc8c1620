"""What the program's rules let pass without a person: small moves of money between the components of one year."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise

from grants.enums import AmendmentKind
from grants.models import Amendment, Award
from portal import programme
from portal.money import CENT, ZERO, dollars

Grid = Mapping[tuple[int, str], Decimal]


def reasons_for_approval(amendment: Amendment, present: Grid, asked: Grid) -> list[str]:
    """Why people have to decide on this amendment, in sentences; empty when the program's rules approve it.

    Only a move inside an award year can pass, and only while the year's moves that passed come to no more than
    `free_to_move`. A move between years changes what the site holds in them, an extension the reports, a new fiscal
    agent who is paid: all of these are decided by two people. New people are an officer's to agree to.
    """
    if amendment.kind != AmendmentKind.MOVE_MONEY:
        return [f"{amendment.get_kind_display()}: that is always decided by people."]
    before, after = by_year(present), by_year(asked)
    if before != after:
        return ["Money moves from one year to another: that is always decided by people."]
    passed = moved_before(amendment.award)
    reasons = []
    for year, moved in sorted(moved_inside(present, asked).items()):
        free, already = free_to_move(before[year]), passed.get(year, ZERO)
        if already + moved > free:
            earlier = f" on top of {dollars(already)} that moved before" if already else ""
            reasons.append(
                f"In year {year}, {dollars(moved)} would move between components{earlier}. Up to {dollars(free)} in "
                "that year passes without a decision."
            )
    return reasons


def free_to_move(amount: Decimal) -> Decimal:
    """The dollars that may move inside an award year of this amount without a decision (see `portal.programme`)."""
    share = (amount * programme.FREE_MOVE_SHARE).quantize(CENT)
    return min(share, programme.FREE_MOVE_DOLLARS)


def moved_before(award: Award) -> dict[int, Decimal]:
    """The dollars that already moved by the program's rules alone, by award year. One query."""
    versions = award.versions.order_by("number").select_related("amendment")
    moved: dict[int, Decimal] = {}
    for before, after in pairwise(versions):
        amendment = after.amendment
        if amendment is None or amendment.kind != AmendmentKind.MOVE_MONEY or amendment.needs_approval:
            continue
        for year, amount in moved_inside(grid_in(before.content), grid_in(after.content)).items():
            moved[year] = moved.get(year, ZERO) + amount
    return moved


def moved_inside(before: Grid, after: Grid) -> dict[int, Decimal]:
    """The dollars that components gain, by award year; a year in which none does is left out."""
    gains: dict[int, Decimal] = {}
    for cell in before.keys() | after.keys():
        gain = after.get(cell, ZERO) - before.get(cell, ZERO)
        if gain > ZERO:
            gains[cell[0]] = gains.get(cell[0], ZERO) + gain
    return gains


def by_year(grid: Grid) -> dict[int, Decimal]:
    """The sum of each award year, also of those with nothing."""
    sums = dict.fromkeys(programme.YEAR_NUMBERS, ZERO)
    for (year, _), amount in grid.items():
        sums[year] += amount
    return sums


def grid_in(content: dict) -> dict[tuple[int, str], Decimal]:
    """The amounts of a version's content by award year and component."""
    return {
        (year["number"], code): Decimal(amount)
        for year in content["years"]
        for code, amount in year["components"].items()
    }
