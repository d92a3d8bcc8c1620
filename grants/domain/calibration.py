"""Calibrating the reviewers of a round: one sample that all of them score before they begin with the real proposals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from grants import rules
from grants.domain.queries.calibration import reviewers_to_ask, sample_problem
from grants.domain.queries.conflict import known_conflicts
from grants.enums import ReviewKind, ReviewState, RoundState
from grants.models import Calibration, FundingRound, Proposal, Review
from portal.access import Refused, demand
from portal.activity.domain import allocate, record
from portal.mail.domain import send
from portal.record import lock, lock_all
from portal.words import counted


def open_calibration(
    round_: FundingRound, sample: Proposal, *, actor: Any, at: datetime, due_on: date | None = None, note: str = ""
) -> Calibration:
    """Choose the sample and ask every reviewer of the round to score it. While it is open nobody begins a real review.

    Locks the round. Raises `Refused` when there is a calibration already, the round is not at that point, or the
    proposal cannot be the sample.
    """
    demand(rules.may_calibrate(round_, actor))
    with transaction.atomic():
        row = lock(round_)
        if row.state != RoundState.PUBLISHED:
            raise Refused(f"Reviewers are calibrated while a round is published. This one: {_state(row)}.")
        if Calibration.objects.filter(round=row).exists():
            raise Refused("This round has had its calibration.")
        if not row.criteria.exists():
            raise Refused("The round has no criteria to score yet.")
        problem = sample_problem(row, sample)
        if problem:
            raise Refused(problem)
        calibration = Calibration.objects.create(
            round=row, proposal=sample, due_on=due_on, note=note.strip(), opened_by=actor, opened_at=at
        )
        asked = ask_for_sample(row, reviewers_to_ask(calibration), at=at)
        record(
            row,
            "open_calibration",
            actor=actor,
            at=at,
            summary=f"Calibration opened with {sample.reference}; {counted(len(asked), 'reviewer')} asked.",
            facts={"proposal": sample.reference, "due_on": due_on},
        )
    return calibration


def ask_for_sample(round_: FundingRound, reviewers: Iterable[Any], *, at: datetime) -> list[Review]:
    """While the round's calibration is open, ask these people to score the sample; called whenever one is assigned.

    Leaves out who was asked before and who has a known conflict of interest with the sample. Part of another act, so it
    asks nobody's permission. One query when no calibration is open.
    """
    # Under its lock: two who assign the same person at once ask one after the other.
    calibration = _locked(round_)
    if calibration is None:
        return []
    asked = set(calibration.reviews.values_list("reviewer", flat=True))
    new = [each for each in reviewers if each.pk not in asked]
    conflicts = known_conflicts(calibration.proposal, new)
    return [_ask(calibration, each, at) for each in new if each.pk not in conflicts]


def ask_missing(calibration: Calibration, *, actor: Any, at: datetime) -> Sequence[Review]:
    """Ask the reviewers of the round who joined it in another way than by being assigned. Returns the new reviews."""
    demand(rules.may_calibrate(calibration.round, actor))
    with transaction.atomic():
        row = _still_open(calibration)
        asked = ask_for_sample(row.round, reviewers_to_ask(row), at=at)
        if asked:
            summary = f"{counted(len(asked), 'more reviewer')} asked to score the sample."
            record(row.round, "ask_for_sample", actor=actor, at=at, summary=summary)
    return asked


def close_calibration(calibration: Calibration, *, actor: Any, at: datetime) -> Calibration:
    """End it: who took part may read the spread, and everybody may begin. Raises `Refused` when nobody has scored yet."""
    demand(rules.may_calibrate(calibration.round, actor))
    with transaction.atomic():
        row = _still_open(calibration)
        given = list(row.reviews.filter(state=ReviewState.SUBMITTED).select_related("reviewer"))
        if not given:
            raise Refused("Nobody has scored the sample yet. You can call the calibration off instead.")
        row.closed_at, row.closed_by = at, actor
        row.save(update_fields=["closed_at", "closed_by"])
        for review in given:
            facts = {"review": review, "round": row.round, "reviewer": review.reviewer, "number": len(given)}
            key = f"calibration-closed:{review.reference}"
            send("calibration_closed", review.reviewer.email, context=facts, key=key)
        summary = f"Calibration closed; {counted(len(given), 'reviewer')} scored the sample."
        record(row.round, "close_calibration", actor=actor, at=at, summary=summary)
    return row


def call_off_calibration(calibration: Calibration, *, actor: Any, at: datetime) -> None:
    """Take it back before anybody has submitted scores, so that another sample can be chosen."""
    demand(rules.may_calibrate(calibration.round, actor))
    with transaction.atomic():
        row = _still_open(calibration)
        if row.reviews.filter(submitted__isnull=False).exists():
            raise Refused("Somebody has scored the sample already. You can close the calibration instead.")
        round_, sample = row.round, row.proposal.reference
        row.reviews.all().delete()
        row.delete()
        summary = f"Calibration with {sample} called off before anybody had scored it."
        record(round_, "call_off_calibration", actor=actor, at=at, summary=summary)


def _still_open(calibration: Calibration) -> Calibration:
    """The calibration under its round's lock and its own. Raises `Refused` when it is over."""
    row = _locked(lock(calibration.round))
    if row is None or row.pk != calibration.pk:
        raise Refused("This calibration is over.")
    return row


def _locked(round_: FundingRound) -> Calibration | None:
    """The round's open calibration, locked, so that nobody closes it, calls it off or submits scores meanwhile."""
    rows = Calibration.objects.filter(round=round_.pk, closed_at=None)
    return next(iter(lock_all(rows.select_related("proposal__site", "round", "opened_by"))), None)


def _ask(calibration: Calibration, reviewer: Any, at: datetime) -> Review:
    review = Review.objects.create(
        reference=allocate("V", at.year),
        proposal=calibration.proposal,
        reviewer=reviewer,
        kind=ReviewKind.CALIBRATION,
        calibration=calibration,
        assigned_by=calibration.opened_by,
        due_on=calibration.due_on,
        created_at=at,
    )
    facts = {"review": review, "calibration": calibration, "round": calibration.round, "reviewer": reviewer}
    send("calibration_asked", reviewer.email, context=facts, key=f"calibration-asked:{review.reference}")
    return review


def _state(round_: FundingRound) -> str:
    return round_.get_state_display().lower()
