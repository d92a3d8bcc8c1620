"""Writing reviews: assigning, answering the conflict question, drafts, submitting, stepping back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from grants import rules
from grants.domain.calibration import ask_for_sample
from grants.domain.queries.conflict import known_conflicts
from grants.domain.queries.review import forget_rubric, rubric
from grants.domain.queries.scores import weighted_mean
from grants.domain.section import Overtaken
from grants.enums import ProposalState, ReviewState
from grants.models import Calibration, Discussion, Review, Score, SubmittedReview
from portal.access import Refused, demand
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.activity.domain import allocate, record
from portal.certain import certain
from portal.mail.domain import send
from portal.record import Stale, bump, lock, lock_all


def assign_reviewer(
    proposal, reviewer, *, actor, at: datetime, due_on: date | None = None, tell: bool = True
) -> Review:
    """Ask a person to review a proposal and write to them, unless somebody else tells them of several at once.

    Refuses when the proposal is not in review, the person is no reviewer, has a known conflict, or was asked before.
    """
    demand(rules.may_assign(proposal, actor))
    with transaction.atomic():
        row = lock(proposal)
        if row.state != ProposalState.IN_REVIEW:
            raise Refused(f"Reviewers can be assigned while a proposal is in review. This one: {_state(row)}.")
        if Role.REVIEWER not in reviewer.roles:
            raise Refused(f"{reviewer} does not hold the reviewer role.")
        conflict = known_conflicts(row, [reviewer]).get(reviewer.pk)
        if conflict:
            raise Refused(conflict)
        before = Review.objects.real().filter(proposal=row, reviewer=reviewer).first()
        if before is not None:
            stepped_back = before.state == ReviewState.RECUSED
            raise Refused(
                f"{reviewer} stepped back from this proposal." if stepped_back else f"{reviewer} already has this one."
            )
        review = Review.objects.create(
            reference=allocate("V", at.year),
            proposal=row,
            reviewer=reviewer,
            assigned_by=actor,
            due_on=due_on,
            created_at=at,
        )
        # Nothing of the proposal is said here: the conflict question has not been answered.
        ask_for_sample(row.round, [reviewer], at=at)
        if tell:
            facts = {"review": review, "round": row.round, "reviewer": reviewer, "due_on": due_on}
            send("review_assigned", reviewer.email, context=facts, key=f"review-assigned:{review.reference}")
        record(
            row,
            "assign_reviewer",
            actor=actor,
            at=at,
            summary=f"{reviewer} was asked to review it.",
            facts={"review": review.reference, "reviewer": reviewer.pk, "due_on": due_on},
        )
    return review


def unassign_reviewer(review: Review, *, actor, at: datetime) -> None:
    """Take a review back while its conflict question is still open; afterwards the reviewer's answer is on record."""
    demand(rules.may_assign(review, actor))
    with transaction.atomic():
        proposal = lock(review.proposal)
        row = lock(review)
        if row.is_calibration:
            raise Refused("This one is part of the calibration, which every reviewer of the round takes part in.")
        if row.state != ReviewState.ASSIGNED:
            raise Refused(f"{row.reviewer} has already begun, so this review stays. It is {_state(row)}.")
        facts = {"review": row, "round": proposal.round, "reviewer": row.reviewer}
        send("review_unassigned", row.reviewer.email, context=facts, key=f"review-unassigned:{row.reference}")
        summary = f"{row.reviewer} was taken off its list of reviewers."
        reference, reviewer = row.reference, row.reviewer_id
        row.delete()
        record(
            proposal,
            "unassign_reviewer",
            actor=actor,
            at=at,
            summary=summary,
            facts={"review": reference, "reviewer": reviewer},
        )


def save_draft(
    review: Review,
    *,
    actor,
    at: datetime,
    version: int,
    editor: str,
    scores: Mapping[int, tuple[int | None, str]],
    feedback: str,
    private_notes: str,
    turn: int = 0,
) -> Review:
    """Keep what the reviewer has so far: points and reason by the criterion's key, and both texts.

    `version` is what the page was made from, `editor` the page's own random word: a page never conflicts with itself.
    `turn` counts that page's saves, 0 where nobody counts. Raises `Stale` when another tab saved since, `Overtaken`
    when a later save of the same page did, and ValidationError keyed `points-<key>` for a score off the scale.
    Drafts are not logged: the log tells acts, and a draft is nobody's but the reviewer's.
    """
    with transaction.atomic():
        row = lock(review)
        demand(rules.may_answer_review(row, actor))
        if row.state != ReviewState.IN_PROGRESS:
            raise Refused(f"This review cannot be changed now. It is {_state(row)}.")
        if row.version != version and not (editor and editor == row.editor):
            raise Stale(row)
        if editor and editor == row.editor and 0 < turn < row.turn:
            raise Overtaken(row)
        funding_round = row.rubric_round
        known = {each.criterion.pk for each in rubric(row)}
        for key, (points, _) in scores.items():
            if key not in known or (points is not None and not 1 <= points <= funding_round.top_score):
                raise ValidationError({f"points-{key}": f"Choose a score from 1 to {funding_round.top_score}."})
        Score.objects.bulk_create(
            [Score(review=row, criterion_id=key, points=points, reason=why) for key, (points, why) in scores.items()],
            update_conflicts=True,
            unique_fields=["review", "criterion"],
            update_fields=["points", "reason"],
        )
        forget_rubric(row)
        row.feedback, row.private_notes, row.saved_at = feedback, private_notes, at
        row.editor, row.turn = editor, turn
        bump(row, "feedback", "private_notes", "saved_at", "editor", "turn")
    return row


def stamp_no_conflict(review: Review, *, actor, at, comment) -> None:
    """Effect of `declare_no_conflict`."""
    review.no_conflict_at = at


def stamp_recused(review: Review, *, actor, at, comment) -> None:
    """Effect of `recuse`: keeps the reason, takes the mark away if there was one, and tells staff.

    What was submitted stays frozen, for staff to read; it counts no more.
    """
    review.recused_at, review.recusal_reason = at, comment
    review.submitted_at = review.weighted_mean = None
    facts = {"review": review, "proposal": review.proposal, "reviewer": review.reviewer, "reason": comment}
    for address in _staff_to_tell(review):
        send("review_recused", address, context=facts, key=f"review-recused:{review.reference}:{address}")


def _staff_to_tell(review: Review) -> list[str]:
    """Whoever asked the reviewer; every officer when that person left or is no officer any more."""
    officers = User.objects.filter(is_active=True, role_grants__role=Role.OFFICER)
    if officers.filter(pk=review.assigned_by_id).exists():
        return [review.assigned_by.email]
    return list(officers.order_by("pk").values_list("email", flat=True).distinct())


def lock_sample(review: Review) -> None:
    """Before `submit`: of a sample, lock its calibration, which may be closed or called off in this very moment."""
    if review.is_calibration:
        lock_all(Calibration.objects.filter(pk=certain(review.calibration_id)))


def freeze_mean(review: Review, *, actor, at, comment) -> None:
    """Effect of `submit`: the weighted mean as it stands now becomes the review's mark, and every word is frozen."""
    rows = rubric(review)
    mean = certain(weighted_mean((certain(row.points), row.criterion.weight) for row in rows))
    review.submitted_at, review.weighted_mean = at, mean
    discussed = not review.is_calibration and Discussion.objects.filter(proposal=review.proposal_id).exists()
    SubmittedReview.objects.create(
        review=review,
        number=review.submitted.count() + 1,
        at=at,
        weighted_mean=mean,
        scores=[_frozen(row) for row in rows],
        feedback=review.feedback,
        after_discussion=discussed,
    )


def _frozen(row) -> dict[str, Any]:
    """A score as `SubmittedReview.scores` keeps it."""
    criterion = row.criterion
    return {
        "criterion": criterion.pk, "name": criterion.name, "weight": criterion.weight, "points": row.points,
        "reason": row.reason,
    }  # fmt: skip


def clear_mean(review: Review, *, actor, at, comment) -> None:
    """Effect of `reopen`: the mark is gone until the review is submitted again, and the reviewer learns why."""
    review.submitted_at = review.weighted_mean = None
    facts = {"review": review, "reviewer": review.reviewer, "reason": comment}
    send("review_reopened", review.reviewer.email, context=facts)


def _state(record_row) -> str:
    return record_row.get_state_display().lower()
