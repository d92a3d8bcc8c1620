"""Reading calibrations: who is still to score the sample, and how far the reviewers' scores are apart."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from grants.domain.queries.conflict import known_conflicts
from grants.domain.queries.scores import mean
from grants.enums import ProposalState, ReviewState
from grants.models import Calibration, Criterion, FundingRound, Proposal, Review, Score
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.certain import certain

# A drawing's width and the room left at each end, in its own units.
WIDTH, MARGIN = 240, 14
# Dots of the same score stand above each other.
DOT = 12
_NOT_READ = frozenset({ProposalState.DRAFT, ProposalState.RETURNED, ProposalState.WITHDRAWN, ProposalState.INELIGIBLE})


@dataclass(frozen=True)
class Dot:
    """One reviewer's score in a drawing; `own` is the reader's."""

    x: float
    y: float
    own: bool


@dataclass(frozen=True)
class Step:
    """One score of the scale: its words, how many gave it and whether the reader did."""

    score: int
    words: str
    number: int
    own: bool
    x: float


@dataclass(frozen=True)
class CriterionSpread:
    """What all reviewers gave one criterion. `reasons` are (score, reason, own) from the lowest, without names."""

    criterion: Criterion
    steps: list[Step]
    dots: list[Dot]
    height: int
    mean: Decimal
    low: int
    high: int
    own: int | None
    reasons: list[tuple[int, str, bool]]

    @property
    def base(self) -> int:
        """Where the scale's line stands in the drawing."""
        return self.height - 16

    @property
    def described(self) -> str:
        """The drawing in words, for those who do not see it."""
        given = ", ".join(f"{step.number} gave {step.score}" for step in self.steps if step.number)
        return f"{self.criterion}: {given}."


def open_calibration_of(round_: FundingRound) -> Calibration | None:
    """The round's calibration while it is open."""
    rows = Calibration.objects.filter(round=round_.pk, closed_at=None)
    return rows.select_related("proposal__site", "round", "opened_by").first()


def sample_problem(round_: FundingRound, sample: Proposal) -> str:
    """Why a proposal cannot be the sample of the round's calibration; empty when it can."""
    if sample.round_id != round_.pk and sample.round.closes_at >= round_.closes_at:
        return "Take a proposal of this round or of an earlier one."
    if sample.state in _NOT_READ or not sample.submissions.exists():
        return f"{sample.reference} cannot be read by reviewers: it is {sample.get_state_display().lower()}."
    return ""


def reviewers_of(round_id: int) -> QuerySet[User]:
    """The people who review proposals of the round and have not stepped back from all of theirs, by name."""
    reviews = Review.objects.real().filter(proposal__round=round_id).exclude(state=ReviewState.RECUSED)
    people = User.objects.filter(is_active=True, role_grants__role=Role.REVIEWER)
    return people.filter(pk__in=reviews.values("reviewer")).order_by("name", "email")


def reviewers_to_ask(calibration: Calibration) -> list[User]:
    """The reviewers of the round who have not been asked to score the sample and may be. Four queries."""
    people = reviewers_of(calibration.round_id)
    missing = list(people.exclude(pk__in=calibration.reviews.values("reviewer")))
    conflicts = known_conflicts(calibration.proposal, missing) if missing else {}
    return [each for each in missing if each.pk not in conflicts]


def obstacles_to_beginning(review: Review) -> list[str]:
    """Blockers of `declare_no_conflict`: while the round's calibration is open, the sample is scored first.

    Who stepped back from the sample, or has a known conflict with it, may begin all the same.
    """
    if review.is_calibration:
        return [] if certain(review.calibration).closed_at is None else ["The calibration is closed."]
    calibration = open_calibration_of(review.proposal.round)
    if calibration is None:
        return []
    mine = calibration.reviews.filter(reviewer=review.reviewer_id).only("reference", "state").first()
    if mine is None:
        if known_conflicts(calibration.proposal, [review.reviewer]):
            return []
        return [
            "All reviewers of this round score a sample first, and you have not been asked yet. Write to the program officer."
        ]
    if mine.state in {ReviewState.SUBMITTED, ReviewState.RECUSED}:
        return []
    return [f"All reviewers of this round score the same sample first. Yours is review {mine.reference}."]


def sample_to_score(review: Review) -> Review | None:
    """The reviewer's own review of the sample that has to be submitted before this one begins, if there is one."""
    if review.is_calibration:
        return None
    mine = Review.objects.filter(
        calibration__round=review.proposal.round_id, calibration__closed_at=None, reviewer=review.reviewer_id
    )
    return mine.filter(state__in=[ReviewState.ASSIGNED, ReviewState.IN_PROGRESS]).first()


def spread_of(calibration: Calibration, reader: Any) -> list[CriterionSpread]:
    """By criterion of the rubric, every submitted score of the sample. Two queries."""
    rows = Score.objects.filter(review__calibration=calibration, review__state=ReviewState.SUBMITTED)
    given: dict[int, list[tuple[int, str, bool]]] = {}
    for key, points, reason, reviewer in rows.order_by("points", "pk").values_list(
        "criterion", "points", "reason", "review__reviewer"
    ):
        given.setdefault(key, []).append((certain(points), reason, reviewer == reader.pk))
    top = calibration.round.top_score
    criteria = Criterion.objects.filter(round=calibration.round_id)
    return [_spread(each, given[each.pk], top) for each in criteria if each.pk in given]


def _spread(criterion: Criterion, given: list[tuple[int, str, bool]], top: int) -> CriterionSpread:
    counts, own = Counter(points for points, _, _ in given), next((p for p, _, mine in given if mine), None)
    height = 24 + DOT * max(counts.values())
    seen: Counter[int] = Counter()
    dots = []
    # The reader's own dot stands at the bottom, where it is found at once.
    for points, _, mine in sorted(given, key=lambda each: (each[0], not each[2])):
        dots.append(Dot(_x(points, top), height - 24 - DOT * seen[points], mine))
        seen[points] += 1
    return CriterionSpread(
        criterion=criterion,
        steps=[
            Step(score, str(criterion.anchors.get(str(score), "")), counts[score], score == own, _x(score, top))
            for score in range(1, top + 1)
        ],
        dots=dots,
        height=height,
        mean=certain(mean([Decimal(points) for points, _, _ in given])),
        low=min(counts),
        high=max(counts),
        own=own,
        reasons=given,
    )


def _x(score: int, top: int) -> float:
    return MARGIN + (score - 1) * (WIDTH - 2 * MARGIN) / max(top - 1, 1)


def progress_of(calibration: Calibration) -> list[Review]:
    """The reviews of the sample with their reviewers, submitted ones first, for staff."""
    reviews = calibration.reviews.select_related("reviewer", "proposal", "calibration")
    return sorted(reviews, key=lambda each: (each.submitted_at is None, str(each.reviewer)))
