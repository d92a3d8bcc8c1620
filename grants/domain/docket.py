"""Writing dockets: preparing lines and amounts, and what sending, returning, approving and announcing bring about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from grants import rules
from grants.domain.award import make_award
from grants.domain.letters import send_letter, tell_directors, tell_sender
from grants.domain.queries import docket_money as money
from grants.domain.queries import scores
from grants.domain.queries.docket import candidates, lines_of
from grants.domain.queries.review import marks_of
from grants.enums import Decision, DocketState, ProposalState
from grants.models import Award, Docket, DocketAmount, DocketLine, Proposal
from grants.workflow import AWARD, PROPOSAL
from portal.access import Refused, demand
from portal.activity.domain import allocate, record
from portal.money import ZERO
from portal.record import bump, lock, lock_all
from sites.models import Site

_SENT_AS = {Decision.AWARD: "recommend", Decision.WAITLIST: "pass_over", Decision.DECLINE: "pass_over"}
_ANNOUNCED_AS = {Decision.AWARD: "award", Decision.WAITLIST: "waitlist", Decision.DECLINE: "decline"}


def prepare_docket(funding_round, *, actor, at: datetime, title: str) -> Docket:
    """A draft with every proposal of the round that is in review, ranked by raw mean, the unreviewed ones last.

    Each line starts with what was asked: as an award while the envelope reaches, then on the waitlist.
    """
    demand(rules.may_build_dockets(funding_round, actor))
    with transaction.atomic():
        row = lock(funding_round)
        means = scores.raw_means(marks_of(row.pk))
        waiting = Proposal.objects.filter(round=row, state=ProposalState.IN_REVIEW).order_by("pk")
        ranked = sorted(waiting, key=lambda proposal: -means.get(proposal.pk, Decimal(0)))
        if not ranked:
            raise Refused("No proposal of this round is in review, so there is nothing to put on a docket.")
        docket = Docket.objects.create(
            reference=allocate("D", at.year), round=row, title=title, prepared_by=actor, created_at=at
        )
        _fill(docket, ranked, left=row.envelope - money.awarded_elsewhere(docket))
        summary = f"Prepared the docket with {len(ranked)} proposals."
        record(docket, "prepare", actor=actor, at=at, summary=summary, facts={"round": row.reference})
    return docket


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
        row.decision, row.note, row.feedback = decision, note, feedback
        row.amount = sum(grid.values(), ZERO) if decision == Decision.AWARD else ZERO
        row.save(update_fields=["decision", "note", "feedback", "amount"])
        row.amounts.all().delete()
        _store_amounts({row: grid})
        summary = f"{row.proposal.site}: {row.get_decision_display().lower()}."
        facts = {"proposal": row.proposal.reference, "decision": decision, "amount": row.amount}
        _save(docket, "change_line", actor, at, summary, facts)
    return row


def move_line(line: DocketLine, *, up: bool, actor, at: datetime, version: int | None = None) -> None:
    """Let a line change places with its neighbour; at the end of the list nothing happens."""
    with transaction.atomic():
        docket = _draft(line.docket, actor, version)
        lines = list(docket.lines.select_related("proposal__site"))
        here = next(place for place, each in enumerate(lines) if each.pk == line.pk)
        there = here - 1 if up else here + 1
        if not 0 <= there < len(lines):
            return
        lines[here], lines[there] = lines[there], lines[here]
        _number(lines)
        summary = f"{lines[there].proposal.site} moved to rank {there + 1}."
        _save(docket, "move_line", actor, at, summary, {"proposal": lines[there].proposal.reference, "rank": there + 1})


def add_line(docket: Docket, proposal, *, actor, at: datetime) -> DocketLine:
    """Put one more proposal of the round at the end of the docket, on the waitlist, with what it asked for."""
    with transaction.atomic():
        row = _draft(docket, actor, None)
        if not candidates(row).filter(pk=proposal.pk).exists():
            raise Refused(f"{proposal} cannot be added: it is on the docket already, or not in review.")
        last = row.lines.aggregate(last=Max("rank"))["last"] or 0
        line = DocketLine.objects.create(docket=row, proposal=proposal, rank=last + 1, decision=Decision.WAITLIST)
        _store_amounts({line: money.asked_of([proposal.pk])[proposal.pk]})
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


def stamp_sent(docket: Docket, *, actor, at, comment) -> None:
    """Effect of `send`: the proposals become recommended or not, which only the foundation knows."""
    docket.sent_by, docket.sent_at, docket.return_reason = actor, at, ""
    for line in _lines_with_locked_proposals(docket):
        PROPOSAL.perform(line.proposal, _SENT_AS[Decision(line.decision)], actor=actor, at=at)
    tell_directors(docket, sender=actor)


def stamp_returned(docket: Docket, *, actor, at, comment) -> None:
    """Effect of `return`: the proposals are in review again and the sender learns why."""
    sender, docket.sent_by, docket.sent_at, docket.return_reason = docket.sent_by, None, None, comment
    for line in _lines_with_locked_proposals(docket):
        PROPOSAL.perform(line.proposal, "reconsider", actor=actor, at=at)
    tell_sender(docket, sender, director=actor)


def make_awards(docket: Docket, *, actor, at, comment) -> None:
    """Effect of `approve`: one award for each award line, all of them or none.

    Locks the round (so that two dockets cannot spend one envelope), then the sites, then the proposals, each in
    primary-key order. Raises `Refused` with every limit that is passed; the caller's transaction takes all of it back.
    """
    docket.approved_by, docket.approved_at = actor, at
    lock(docket.round)
    reasons = money.over_envelope(docket)
    if reasons:
        raise Refused(*reasons)
    lock_all(Site.objects.filter(pk__in=docket.lines.filter(decision=Decision.AWARD).values("proposal__site")))
    for line in _lines_with_locked_proposals(docket):
        if line.decision == Decision.AWARD:
            make_award(line, actor=actor, at=at)


def announce_decisions(docket: Docket, *, actor, at, comment) -> None:
    """Effect of `announce`: proposals get their final state, awards are offered, and every team gets its letter."""
    docket.announced_at = at
    lines = _lines_with_locked_proposals(docket)
    awards = {award.docket_line_id: award for award in lock_all(Award.objects.filter(docket_line__docket=docket))}
    for line in lines:
        PROPOSAL.perform(line.proposal, _ANNOUNCED_AS[Decision(line.decision)], actor=actor, at=at)
        if line.decision == Decision.AWARD:
            AWARD.perform(awards[line.pk], "offer", actor=actor, at=at)
        send_letter(line)


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


def _fill(docket: Docket, proposals: list[Proposal], *, left: Decimal) -> None:
    asked = money.asked_of([proposal.pk for proposal in proposals])
    lines = []
    for rank, proposal in enumerate(proposals, 1):
        amount = sum(asked[proposal.pk].values(), ZERO)
        fits = ZERO < amount <= left
        decision = Decision.AWARD if fits else Decision.WAITLIST
        left -= amount if fits else ZERO
        amount = amount if fits else ZERO
        lines.append(DocketLine(docket=docket, proposal=proposal, rank=rank, decision=decision, amount=amount))
    DocketLine.objects.bulk_create(lines)
    _store_amounts({line: asked[line.proposal_id] for line in lines})


def _store_amounts(grids: Mapping[DocketLine, Mapping[tuple[int, str], Decimal]]) -> None:
    DocketAmount.objects.bulk_create(
        DocketAmount(line=line, year=year, component_id=component, amount=amount)
        for line, grid in grids.items()
        for (year, component), amount in grid.items()
    )


def _number(lines: list[DocketLine]) -> None:
    for rank, line in enumerate(lines, 1):
        line.rank = rank
    DocketLine.objects.bulk_update(lines, ["rank"])


def _lines_with_locked_proposals(docket: Docket) -> list[DocketLine]:
    lock_all(Proposal.objects.filter(docket_lines__docket=docket))
    return lines_of(docket)


def _refuse_excesses(found: list[money.Excess], grid: Mapping[tuple[int, str], Decimal]) -> None:
    errors: dict[str, list[str]] = {}
    for excess in found:
        cells = [f"amount_{year}_{component}" for year, component in grid if year == excess.year]
        errors.setdefault(cells[0] if cells else "amounts", []).append(excess.text)
    if errors:
        raise ValidationError(errors)
