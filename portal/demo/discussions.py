"""The demo's discussion: two invented reviewers disagree, talk about it, and one of them scores again."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from grants.domain.discussion import open_discussion, write_post
from grants.domain.queries.review import rubric
from grants.domain.review import save_draft
from grants.models import Proposal, Review
from grants.workflow import REVIEW
from portal.demo import acts
from portal.demo.story import Company, Line, instant

QUESTION = "You read the partnership very differently. What in the proposal tells you that the union decides as well?"
FIRST = "The calendar of joint meetings, and that the union signs for the professional learning money."
SECOND = "I had taken the calendar for a wish. The signature convinces me, so I will score the partnership again."


def disagree(company: Company, proposal: Proposal, *, on: date) -> Line:
    """Ruth reads what Rita has read and sees it otherwise; both talk; Ruth scores a little higher then."""
    (review,) = yield from acts.assign(company, proposal, (company.ruth,), on=on)
    yield from acts.score(company, review, on=on + timedelta(days=10), around=2)
    at = yield instant(on + timedelta(days=12))
    discussion = open_discussion(proposal, QUESTION, actor=company.omar, at=at)
    at = yield instant(on + timedelta(days=13), 14)
    hers = Review.objects.real().get(proposal=proposal, reviewer=company.rita)
    write_post(discussion, FIRST, actor=company.rita, at=at, key=_key(1), review=hers)
    at = yield instant(on + timedelta(days=14), 9)
    review = Review.objects.select_related("proposal__round").get(pk=review.pk)
    write_post(discussion, SECOND, actor=company.ruth, at=at, key=_key(2), review=review)
    at = yield instant(on + timedelta(days=14), 11)
    review = REVIEW.perform(review, "rescore", actor=company.ruth, at=at)
    top = proposal.round.top_score
    review = save_draft(
        review, actor=company.ruth, at=at, version=review.version, editor="", private_notes="",
        feedback="Say where in the budget the union’s part is.",
        scores={row.criterion.pk: (min(top, (row.points or 1) + 1), row.reason) for row in rubric(review)},
    )  # fmt: skip
    REVIEW.perform(review, "submit", actor=company.ruth, at=at)


def _key(number: int) -> str:
    """What the page of a form carries: the same one every time the demo is made."""
    return UUID(int=number).hex
