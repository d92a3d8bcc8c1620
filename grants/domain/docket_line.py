"""Writing the lines of a draft docket: what is recommended for one proposal, and in which order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from grants import rules
from grants.domain.docket import store_amounts
from grants.domain.queries import docket_money as money
from grants.domain.queries.docket import candidates, lines_of
from grants.domain.queries.docket_order import Order, sorted_lines
from grants.enums import Decision, DocketState
from grants.models import Docket, DocketAmount, DocketLine
from portal.access import Refused, demand
from portal.activity.domain import record
from portal.money import ZERO, dollars
from portal.record import bump, lock


def change_line(
    line: DocketLine,
    *,
    actor,
    at: datetime,
    version: int,
    decision: str,
    amounts: Mapping[tuple[int, str], Decimal],
    note: str,
    feedback: str,
    conditions: str = "",
) -> DocketLine:
    """Set what is recommended for one proposal; `amounts` are dollars by award year and component code.

    The amounts of a line that is not an award are kept for later, but commit nothing. Raises `Stale` when the docket
    (whose version this is) was changed since, and ValidationError keyed `amount_<year>_<component>` or `amounts` when
    a ceiling would be passed, counting what the site already holds.
    """
    with transaction.atomic():
        docket = _draft(line.docket, actor, version)
        row = DocketLine.objects.select_related("proposal__site").get(pk=line.pk, docket=docket)
        grid = {cell: amount for cell, amount in amounts.items() if amount}
        ledger = money.held_by([row.proposal.site_id]) if decision == Decision.AWARD else {}
        _refuse_excesses(money.excesses(row.proposal.site, docket.round, grid, ledger), grid)
        row.decision, row.note, row.feedback, row.conditions = decision, note, feedback, conditions
        row.amount = sum(grid.values(), ZERO) if decision == Decision.AWARD else ZERO
        row.save(update_fields=["decision", "note", "feedback", "conditions", "amount"])
        row.amounts.all().delete()
        store_amounts({row: grid})
        summary = f"{row.proposal.site}: {row.get_decision_display().lower()}."
        facts = {"proposal": row.proposal.reference, "decision": decision, "amount": row.amount}
        _save(docket, "change_line", actor, at, summary, facts)
    return row


def share_awards(docket: Docket, *, percent: int, actor, at: datetime, version: int | None = None) -> int:
    """Give every award line so many percent (1 to 100) of what was asked, in whole dollars. Returns how many lines.

    All of them or none: raises `Refused` with every ceiling that would be passed, and when no line is an award.
    """
    with transaction.atomic():
        row = _draft(docket, actor, version)
        awards = [line for line in lines_of(row) if line.decision == Decision.AWARD]
        if not awards:
            raise Refused("No line of this docket is an award yet, so there is nothing to set.")
        asked = money.asked_of([line.proposal_id for line in awards])
        grids = {line: money.share_of(asked.get(line.proposal_id, {}), percent) for line in awards}
        ledger = money.held_by({line.proposal.site_id for line in awards})
        over = [
            each.text
            for line, grid in grids.items()
            for each in money.excesses(line.proposal.site, row.round, grid, ledger)
        ]
        if over:
            raise Refused(*over)
        for line, grid in grids.items():
            line.amount = sum(grid.values(), ZERO)
        DocketLine.objects.bulk_update(awards, ["amount"])
        DocketAmount.objects.filter(line__in=awards).delete()
        store_amounts(grids)
        together = sum((line.amount for line in awards), ZERO)
        summary = f"Every award was set to {percent}% of what was asked: {dollars(together)} together."
        _save(row, "share_awards", actor, at, summary, {"percent": percent, "amount": together})
    return len(awards)


def move_line(line: DocketLine, *, up: bool, actor, at: datetime, version: int | None = None) -> None:
    """Let a line change places with its neighbour; at the end of the list nothing happens."""
    with transaction.atomic():
        docket = _draft(line.docket, actor, version)
        lines = list(docket.lines.select_related("proposal__site"))
        here = _place(lines, line)
        _move(docket, lines, here, here - 1 if up else here + 1, actor, at)


def move_line_to(line: DocketLine, *, rank: int, actor, at: datetime, version: int | None = None) -> None:
    """Put a line at a rank, counted from 1; those between close up. A rank past the end is the last one."""
    with transaction.atomic():
        docket = _draft(line.docket, actor, version)
        lines = list(docket.lines.select_related("proposal__site"))
        _move(docket, lines, _place(lines, line), min(max(rank, 1), len(lines)) - 1, actor, at)


def sort_lines(docket: Docket, *, order: str, actor, at: datetime, version: int | None = None) -> None:
    """Rank all lines by a mean of their reviews, the highest first, those without one last in the order they had."""
    with transaction.atomic():
        row = _draft(docket, actor, version)
        _number(sorted_lines(row, Order(order)))
        summary = f"The lines were ranked by {Order(order).label.lower()}."
        _save(row, "sort_lines", actor, at, summary, {"order": order})


def add_line(docket: Docket, proposal, *, actor, at: datetime) -> DocketLine:
    """Put one more proposal of the round at the end of the docket, on the waitlist, with what it asked for."""
    with transaction.atomic():
        row = _draft(docket, actor, None)
        if not candidates(row).filter(pk=proposal.pk).exists():
            raise Refused(f"{proposal} cannot be added: it is on the docket already, or not in review.")
        last = row.lines.aggregate(last=Max("rank"))["last"] or 0
        line = DocketLine.objects.create(docket=row, proposal=proposal, rank=last + 1, decision=Decision.WAITLIST)
        store_amounts({line: money.asked_of([proposal.pk])[proposal.pk]})
        _save(row, "add_line", actor, at, f"{proposal.site} was added.", {"proposal": proposal.reference})
    return line


def remove_line(line: DocketLine, *, actor, at: datetime) -> None:
    """Take a proposal off the docket; it stays in review."""
    with transaction.atomic():
        docket = _draft(line.docket, actor, None)
        proposal = line.proposal
        docket.lines.filter(pk=line.pk).delete()
        _number(list(docket.lines.all()))
        _save(docket, "remove_line", actor, at, f"{proposal.site} was taken off.", {"proposal": proposal.reference})


def _draft(docket: Docket, actor, version: int | None) -> Docket:
    """The docket locked for a change. Raises `Refused` when it is no draft or the person builds no dockets."""
    row = lock(docket, version=version)
    demand(rules.may_build_dockets(row, actor))
    if row.state != DocketState.DRAFT:
        raise Refused(f"This docket cannot be changed now. It is {row.get_state_display().lower()}.")
    return row


def _save(docket: Docket, verb: str, actor, at: datetime, summary: str, facts: dict) -> None:
    bump(docket)
    record(docket, verb, actor=actor, at=at, summary=summary, facts=facts)


def _place(lines: list[DocketLine], line: DocketLine) -> int:
    return next(place for place, each in enumerate(lines) if each.pk == line.pk)


def _move(docket: Docket, lines: list[DocketLine], here: int, there: int, actor, at: datetime) -> None:
    if here == there or not 0 <= there < len(lines):
        return
    moved = lines.pop(here)
    lines.insert(there, moved)
    _number(lines)
    summary = f"{moved.proposal.site} moved to rank {there + 1}."
    _save(docket, "move_line", actor, at, summary, {"proposal": moved.proposal.reference, "rank": there + 1})


def _number(lines: list[DocketLine]) -> None:
    for rank, line in enumerate(lines, 1):
        line.rank = rank
    DocketLine.objects.bulk_update(lines, ["rank"])


def _refuse_excesses(found: list[money.Excess], grid: money.Grid) -> None:
    errors: dict[str, list[str]] = {}
    for excess in found:
        cells = [f"amount_{year}_{component}" for year, component in grid if year == excess.year]
        errors.setdefault(cells[0] if cells else "amounts", []).append(excess.text)
    if errors:
        raise ValidationError(errors)
