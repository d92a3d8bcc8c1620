"""Writing dockets: preparing one, and what sending, returning and approving bring about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from grants import rules
from grants.domain.award import make_award
from grants.domain.docket_mail import tell_directors, tell_of_approval, tell_sender
from grants.domain.letter import write_letters
from grants.domain.queries import docket_money as money
from grants.domain.queries import scores
from grants.domain.queries.docket import lines_of
from grants.domain.queries.review import marks_of
from grants.enums import Decision, DocketState, LineVerdict, ProposalState
from grants.models import Docket, DocketAmount, DocketLine, Proposal
from grants.workflow import DOCKET, PROPOSAL
from portal.access import Refused, demand
from portal.activity.domain import allocate, record
from portal.money import ZERO
from portal.record import lock, lock_all
from sites.models import Site

_SENT_AS = {Decision.AWARD: "recommend", Decision.WAITLIST: "pass_over", Decision.DECLINE: "pass_over"}


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


def lock_round(docket: Docket) -> None:
    """What `send` and `approve` lock before the docket: two dockets of a round are sent or approved one by one."""
    lock(docket.round)


def stamp_sent(docket: Docket, *, actor, at, comment) -> None:
    """Effect of `send`: the proposals become recommended or not, and this is the docket of the round that counts.

    Whatever other drafts the round has, scenarios that were not chosen, are set aside in the same transaction.
    """
    docket.sent_by, docket.sent_at, docket.return_reason = actor, at, ""
    others = Docket.objects.filter(round=docket.round_id, state=DocketState.DRAFT).exclude(pk=docket.pk)
    for other in others.order_by("pk"):
        DOCKET.perform(other, "set_aside", actor=actor, at=at, comment=f"{docket.reference} was sent instead.")
    for line in _lines_with_locked_proposals(docket):
        PROPOSAL.perform(line.proposal, _SENT_AS[Decision(line.decision)], actor=actor, at=at)
    tell_directors(docket, sender=actor)


def stamp_returned(docket: Docket, *, actor, at, comment) -> None:
    """Effect of `return`: the proposals are in review again and the sender learns why, also line by line."""
    sender, docket.sent_by, docket.sent_at = docket.sent_by, None, None
    lines = _lines_with_locked_proposals(docket)
    docket.return_reason = "\n\n".join([comment, *(_said(line) for line in lines if line.verdict_reason)])
    for line in lines:
        PROPOSAL.perform(line.proposal, "reconsider", actor=actor, at=at)
    docket.lines.update(verdict=LineVerdict.OPEN, verdict_reason="", verdict_by=None, verdict_at=None)
    tell_sender(docket, sender, director=actor)


def make_awards(docket: Docket, *, actor, at, comment) -> None:
    """Effect of `approve`: what the director said to each line comes about, all of it or none.

    An award for each award line that was agreed to. A declined line becomes a decline, and a returned one leaves: its
    proposal is in review again, for a next docket.

    Locks the round (so that two dockets cannot spend one envelope), then the sites, then the proposals, each in
    primary-key order. Raises `Refused` with every limit that is passed; the caller's transaction takes all of it back.
    """
    docket.approved_by, docket.approved_at = actor, at
    lock(docket.round)
    reasons = money.over_envelope(docket)
    if reasons:
        raise Refused(*reasons)
    lock_all(Site.objects.filter(pk__in=docket.lines.filter(money.counted()).values("proposal__site")))
    for line in _lines_with_locked_proposals(docket):
        if line.verdict == LineVerdict.RETURNED:
            PROPOSAL.perform(line.proposal, "reconsider", actor=actor, at=at, comment=line.verdict_reason)
        elif line.verdict == LineVerdict.DECLINED:
            _overrule(line, actor, at)
        elif line.verdict == LineVerdict.AGREED and line.decision == Decision.AWARD:
            make_award(line, actor=actor, at=at)
    write_letters(docket)
    tell_of_approval(docket, director=actor)


def _overrule(line: DocketLine, actor, at: datetime) -> None:
    """Make a decline of what the director declined; its amounts are kept to read."""
    if line.decision == Decision.AWARD:
        PROPOSAL.perform(line.proposal, "overrule", actor=actor, at=at, comment=line.verdict_reason)
    line.decision, line.amount = Decision.DECLINE, ZERO
    line.save(update_fields=["decision", "amount"])


def _said(line: DocketLine) -> str:
    return f"{line.proposal.site} ({line.get_verdict_display().lower()}): {line.verdict_reason}"


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
    store_amounts({line: asked[line.proposal_id] for line in lines})


def store_amounts(grids: Mapping[DocketLine, money.Grid]) -> None:
    """Write the amounts of lines that have none."""
    DocketAmount.objects.bulk_create(
        DocketAmount(line=line, year=year, component_id=component, amount=amount)
        for line, grid in grids.items()
        for (year, component), amount in grid.items()
    )


def _lines_with_locked_proposals(docket: Docket) -> list[DocketLine]:
    lock_all(Proposal.objects.filter(docket_lines__docket=docket))
    return lines_of(docket)
