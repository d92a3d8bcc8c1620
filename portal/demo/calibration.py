"""The demo's calibration: two invented reviewers score one proposal of the round before they read the others."""

from datetime import date, timedelta

from grants.domain.calibration import close_calibration, open_calibration
from grants.domain.queries.review import rubric
from grants.domain.review import save_draft
from grants.enums import ReviewKind
from grants.models import FundingRound, Proposal, Review
from grants.workflow import REVIEW
from portal.accounts.models import User
from portal.demo.story import Company, Line, instant, together

# What each gives the first criteria of the rubric, over and over; one is stricter than the other.
LENIENT, STRICT = (4, 5, 4), (3, 4, 2)
REASONS = {
    2: "A plan is named, but nobody says who carries it out or by when.",
    3: "Answered, with gaps: the milestones of the later years stay vague.",
    4: "Clear and believable. One more measure of what families gain would help.",
    5: "Convincing from need to milestone, and every partner has a part in it.",
}


def calibrate(company: Company, round_: FundingRound, sample: Proposal, *, on: date) -> Line:
    """Open it the day after screening, let the two who are assigned score the sample, then close it."""
    at = yield instant(on)
    calibration = open_calibration(
        round_, sample, actor=company.omar, at=at, due_on=on + timedelta(days=6),
        note="Look at how the measures follow from the milestones.",
    )  # fmt: skip
    scorers = ((company.rita, LENIENT, 3), (company.rolf, STRICT, 4))
    yield from together(*(_score(round_, who, points, on=on + timedelta(days=days)) for who, points, days in scorers))
    at = yield instant(on + timedelta(days=6))
    close_calibration(calibration, actor=company.omar, at=at)


def _score(round_: FundingRound, reviewer: User, points: tuple[int, ...], *, on: date) -> Line:
    at = yield instant(on, 15)
    review = Review.objects.get(kind=ReviewKind.CALIBRATION, calibration__round=round_, reviewer=reviewer)
    review = REVIEW.perform(review, "declare_no_conflict", actor=reviewer, at=at)
    given = {row.criterion.pk: points[place % len(points)] for place, row in enumerate(rubric(review))}
    review = save_draft(
        review, actor=reviewer, at=at, version=review.version, editor="", feedback="", private_notes="",
        scores={key: (score, REASONS[score]) for key, score in given.items()},
    )  # fmt: skip
    REVIEW.perform(review, "submit", actor=reviewer, at=at)
