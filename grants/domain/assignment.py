"""Planning who reviews what: the board, the portal's proposal, sending it, moving a review to somebody else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from grants import rules
from grants.domain.assignment_solver import solve
from grants.domain.queries.assignment import (
    Pair,
    field_of,
    lacks,
    planned_pairs,
    problem_of,
    proposals_in_review,
)
from grants.domain.queries.conflict import conflicts_between
from grants.domain.queries.reviewer import pool
from grants.domain.review import assign_reviewer, unassign_reviewer
from grants.enums import PlanSource, PlanState, ReviewState
from grants.models import AssignmentPlan, FundingRound, PlannedReview, Proposal, Review
from portal.access import Refused, demand
from portal.accounts.models import User
from portal.activity.domain import allocate, record
from portal.certain import certain
from portal.jobs.domain import enqueue
from portal.jobs.models import Job
from portal.mail.domain import send
from portal.record import Stale, bump, lock
from portal.words import counted

PROPOSE_JOB = "propose-assignment"
SEND_JOB = "send-assignment"
# A board that is saved while the portal computes makes it read once more; this often is enough for people.
_TRIES = 5

Progress = Callable[[int, int, str], None]


def save_plan(
    round_: FundingRound,
    *,
    actor: User,
    at: datetime,
    version: int,
    per_proposal: int,
    due_on: date | None,
    pairs: Collection[Pair],
    propose: bool = False,
) -> AssignmentPlan:
    """Keep what staff marked on the board: `pairs` are (proposal's key, reviewer's key).

    The first save makes the round's draft (`version` 0). What the portal proposed stays marked as such while it is kept.
    With `propose` a job fills what is still open. Raises `Refused`, also for a conflict of interest, `Stale` when a
    colleague saved since `version`, ValidationError by field.
    """
    demand(rules.may_assign(round_, actor))
    _check(per_proposal, due_on, at)
    with transaction.atomic():
        row = lock(round_)
        plan = _locked_draft(row, version, actor=actor, at=at, per_proposal=per_proposal)
        known = planned_pairs(plan)
        added = set(pairs) - known.keys()
        _check_pairs(row, added)
        PlannedReview.objects.filter(pk__in=_gone(plan, set(pairs))).delete()
        PlannedReview.objects.bulk_create(
            PlannedReview(plan=plan, proposal_id=proposal, reviewer_id=reviewer, source=PlanSource.CHOSEN)
            for proposal, reviewer in sorted(added)
        )
        plan.per_proposal, plan.due_on = per_proposal, due_on
        if plan.remarks and set(pairs) != known.keys():
            plan.remarks = []
        bump(plan, "per_proposal", "due_on", "remarks")
        record(
            plan, "save-plan", actor=actor, at=at,
            summary=f"Planned {counted(len(pairs), 'review')} of {row}.", facts={"round": row.reference},
        )  # fmt: skip
        if propose:
            title = f"Propose who reviews what in {row}"[:200]
            enqueue(PROPOSE_JOB, actor=actor, key=plan.reference, title=title, plan=plan.pk)
    return plan


def compute_plan(plan: AssignmentPlan, *, actor: User | None, at: datetime, progress: Progress) -> AssignmentPlan:
    """Fill what is open in a draft: what staff chose stays, what the portal proposed before is made anew.

    The solver works outside the transaction; a board that was saved meanwhile is read again. Raises `Refused` when the
    plan is no draft any more, or people keep saving.
    """
    for _ in range(_TRIES):
        seen = AssignmentPlan.objects.select_related("round").get(pk=plan.pk)
        field = field_of(seen.round)
        kept = {pair for pair, source in planned_pairs(seen).items() if source == PlanSource.CHOSEN}
        chosen = kept - field.conflicts.keys() - field.reviews.keys()
        today = timezone.localdate(at)
        progress(1, 3, "looking for the best assignment")
        found = solve(problem_of(field, seen, chosen, today=today))
        progress(2, 3, "writing the plan")
        with transaction.atomic():
            row = lock(seen)
            if row.state != PlanState.DRAFT:
                raise Refused("This plan was sent or dropped meanwhile.")
            if row.version != seen.version:
                continue
            PlannedReview.objects.filter(plan=row, source=PlanSource.COMPUTED).delete()
            PlannedReview.objects.bulk_create(
                PlannedReview(plan=row, proposal_id=proposal, reviewer_id=reviewer, source=PlanSource.COMPUTED)
                for proposal, reviewer in found
            )
            row.remarks = lacks(field, row, chosen | set(found), today=today)
            row.computed_at = at
            bump(row, "remarks", "computed_at")
            record(
                row, "compute-plan", actor=actor, at=at, facts={"chosen": len(chosen), "lacking": len(row.remarks)},
                summary=f"The portal proposed {counted(len(found), 'review')} of {row.round}.",
            )  # fmt: skip
        return row
    raise Refused("The board was saved again and again meanwhile. Try it once more.")


def send_plan(plan: AssignmentPlan, *, actor: User, at: datetime, version: int) -> Job:
    """Settle a plan; a job then asks every reviewer in it (`carry_out_plan`). Whoever is second is refused.

    Raises `Refused` when it is no draft, nothing is planned or the due day is over, `Stale`.
    """
    demand(rules.may_assign(plan.round, actor))
    with transaction.atomic():
        round_ = lock(plan.round)
        row = lock(plan)
        _demand_draft(row)
        if row.version != version:
            raise Stale(row)
        number = row.reviews.count()
        if not number:
            raise Refused("Nobody is planned yet. Choose reviewers on the board first.")
        if row.due_on and row.due_on < timezone.localdate(at):
            raise Refused("The day on which reviews are due is over. Choose a later one on the board.")
        row.state, row.sent_by, row.sent_at, row.remarks = PlanState.SENT, actor, at, []
        bump(row, "state", "sent_by", "sent_at", "remarks")
        record(
            row, "send-plan", actor=actor, at=at, facts={"round": round_.reference, "due_on": row.due_on},
            summary=f"Sent the plan of {counted(number, 'review')} of {round_}.",
        )  # fmt: skip
        title = f"Ask for {counted(number, 'review')} of {round_}"[:200]
        return enqueue(SEND_JOB, actor=actor, key=row.reference, title=title, plan=row.pk)


def carry_out_plan(plan: AssignmentPlan, *, progress: Progress) -> AssignmentPlan:
    """Ask for every review of a sent plan, each in a transaction of its own, then write one mail to each reviewer.

    What is refused (somebody has a conflict by now, a proposal left the review) goes into `remarks`, row by row. Doing
    it again after a worker died asks for nothing twice: what was asked bears the plan's own moment.
    """
    rows = list(plan.reviews.select_related("proposal__round", "proposal__site", "reviewer"))
    done = set(_asked_by(plan).values_list("proposal", "reviewer"))
    remarks = []
    at = certain(plan.sent_at)
    for number, row in enumerate(rows, start=1):
        if (row.proposal_id, row.reviewer_id) not in done:
            try:
                assign_reviewer(row.proposal, row.reviewer, actor=plan.sent_by, at=at, due_on=plan.due_on, tell=False)
            except Refused as refusal:
                if _asked_by(plan).filter(proposal=row.proposal, reviewer=row.reviewer).exists():
                    continue  # another worker was faster
                remarks.append(f"{row.reviewer} for {row.proposal.site} ({row.proposal.reference}): {refusal}")
        progress(number, len(rows), "reviews asked for")
    _tell(plan)
    with transaction.atomic():
        settled = lock(plan)
        settled.remarks = remarks
        bump(settled, "remarks")
    return settled


def _tell(plan: AssignmentPlan) -> None:
    """One mail to each reviewer: how many reviews, never of what, since the conflict questions are open."""
    asked = _asked_by(plan).exclude(state=ReviewState.RECUSED).select_related("reviewer").order_by("reviewer", "pk")
    people = {each.reviewer_id: each.reviewer for each in asked}
    numbers = Counter(each.reviewer_id for each in asked)
    with transaction.atomic():
        for key, reviewer in people.items():
            facts = {"reviewer": reviewer, "round": plan.round, "number": numbers[key], "due_on": plan.due_on}
            send("reviews_assigned", reviewer.email, context=facts, key=f"reviews-assigned:{plan.reference}:{key}")


def _asked_by(plan: AssignmentPlan) -> QuerySet[Review]:
    """The reviews a sent plan led to: they bear its moment."""
    return Review.objects.real().filter(created_at=plan.sent_at, proposal__round=plan.round_id)


def drop_plan(plan: AssignmentPlan, *, actor: User, at: datetime, version: int) -> AssignmentPlan:
    """Give a draft up; nobody was asked. Raises `Refused`, `Stale`."""
    demand(rules.may_assign(plan.round, actor))
    with transaction.atomic():
        lock(plan.round)
        row = lock(plan)
        _demand_draft(row)
        if row.version != version:
            raise Stale(row)
        row.state = PlanState.DROPPED
        bump(row, "state")
        record(row, "drop-plan", actor=actor, at=at, summary=f"Dropped the plan of {row.round}.")
    return row


def move_review(review: Review, to: User, *, actor: User, at: datetime, due_on: date | None) -> Review:
    """Ask somebody else instead: a review nobody has begun is taken back, one that was stepped back from stays on record.

    Raises `Refused` as `assign_reviewer` does, and when the reviewer has begun.
    """
    demand(rules.may_assign(review, actor))
    with transaction.atomic():
        proposal = lock(review.proposal)
        row = lock(review)
        if row.state in {ReviewState.IN_PROGRESS, ReviewState.SUBMITTED}:
            raise Refused(f"{row.reviewer} has already begun, so this review stays. Ask one more reviewer instead.")
        if row.state == ReviewState.ASSIGNED:
            unassign_reviewer(row, actor=actor, at=at)
        return assign_reviewer(proposal, to, actor=actor, at=at, due_on=due_on)


def _locked_draft(
    round_: FundingRound, version: int, *, actor: User, at: datetime, per_proposal: int
) -> AssignmentPlan:
    """The draft of a round whose row is locked, at the version the board was made from; the first one is made here."""
    known = AssignmentPlan.objects.filter(round=round_, state=PlanState.DRAFT).first()
    if known is not None:
        return lock(known, version=version)
    if version:
        raise Refused("This plan was sent or dropped meanwhile. Open the board again to see how it stands.")
    if not proposals_in_review(round_).exists():
        raise Refused("No proposal of this round is in review, so there is nothing to assign.")
    return AssignmentPlan.objects.create(
        reference=allocate("PL", timezone.localtime(at).year), version=0, round=round_, per_proposal=per_proposal,
        made_by=actor, created_at=at,
    )  # fmt: skip


def _demand_draft(plan: AssignmentPlan) -> None:
    if plan.state == PlanState.SENT:
        raise Refused(f"This plan was sent already, by {plan.sent_by}.")
    if plan.state != PlanState.DRAFT:
        raise Refused("This plan was dropped.")


def _gone(plan: AssignmentPlan, kept: set[Pair]) -> list[int]:
    rows = plan.reviews.values_list("pk", "proposal", "reviewer")
    return [pk for pk, proposal, reviewer in rows if (proposal, reviewer) not in kept]


def _check(per_proposal: int, due_on: date | None, at: datetime) -> None:
    errors = {}
    if not 1 <= per_proposal <= 20:
        errors["per_proposal"] = "Enter a number from 1 to 20."
    if due_on and due_on < timezone.localdate(at):
        errors["due_on"] = "This day is over. Choose a later one."
    if errors:
        raise ValidationError(errors)


def _check_pairs(round_: FundingRound, pairs: set[Pair]) -> None:
    """What is new on the board can be asked for: proposals in review, people of the pool, no conflict of interest."""
    if not pairs:
        return
    proposals: dict[int, Proposal] = proposals_in_review(round_).in_bulk([proposal for proposal, _ in pairs])
    people: dict[int, User] = pool().in_bulk([reviewer for _, reviewer in pairs])
    if any(proposal not in proposals or reviewer not in people for proposal, reviewer in pairs):
        raise Refused("A proposal left the review, or somebody the pool, since you opened the board. Look at it again.")
    conflicts = conflicts_between(proposals.values(), people.values())
    found = [conflicts[pair] for pair in sorted(pairs) if pair in conflicts]
    if found:
        raise Refused(*found)
