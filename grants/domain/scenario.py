"""What-if scenarios: other drafts of the same round, copied from one there is."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from grants import rules
from grants.domain.docket import store_amounts
from grants.enums import DocketState, ProposalState
from grants.models import Docket, DocketLine, FeedbackPoint
from portal.access import Refused, demand
from portal.activity.domain import allocate, record
from portal.record import lock

# More drafts of one round than this nobody keeps apart.
MOST_DRAFTS = 8


def copy_docket(docket: Docket, *, title: str, actor, at: datetime) -> Docket:
    """A new draft of the round that starts as this one stands: ranks, decisions, amounts and texts.

    Proposals that have left review since are left out. Raises `Refused` when the docket was sent, and when the round
    has `MOST_DRAFTS` drafts; the round's row is locked, so that two copies at once count each other.
    """
    demand(rules.may_build_dockets(docket, actor))
    with transaction.atomic():
        round_ = lock(docket.round)
        source = lock(docket)
        if source.state not in {DocketState.DRAFT, DocketState.SET_ASIDE}:
            raise Refused(f"Only a draft can be copied. This docket is {source.get_state_display().lower()}.")
        if Docket.objects.filter(round=round_, state=DocketState.DRAFT).count() >= MOST_DRAFTS:
            raise Refused(f"This round has {MOST_DRAFTS} drafts, as many as can be kept apart. Set one aside first.")
        scenario = Docket.objects.create(
            reference=allocate("D", at.year),
            round=round_,
            title=title,
            prepared_by=actor,
            created_at=at,
            copied_from=source,
        )
        number = _copy_lines(source, scenario)
        summary = f"Copied from “{source}” ({source.reference}) with {number} proposals."
        record(scenario, "copy", actor=actor, at=at, summary=summary, facts={"copied_from": source.reference})
    return scenario


def _copy_lines(source: Docket, scenario: Docket) -> int:
    """Returns how many lines were copied."""
    lines = source.lines.filter(proposal__state=ProposalState.IN_REVIEW).prefetch_related("amounts", "points")
    grids, points = {}, []
    for rank, line in enumerate(lines, 1):
        copy = DocketLine(docket=scenario, proposal_id=line.proposal_id, rank=rank)
        for field in ("decision", "amount", "note", "conditions", "feedback"):
            setattr(copy, field, getattr(line, field))
        grids[rank] = (copy, {(each.year, each.component_id): each.amount for each in line.amounts.all()})
        points += [
            FeedbackPoint(line=copy, kind=each.kind, text=each.text, position=each.position)
            for each in line.points.all()
        ]
    DocketLine.objects.bulk_create(copy for copy, _ in grids.values())
    store_amounts(dict(grids.values()))
    FeedbackPoint.objects.bulk_create(points)
    return len(grids)
