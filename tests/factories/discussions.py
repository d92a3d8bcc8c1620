"""Makes discussions among reviewers."""

from datetime import timedelta
from uuid import uuid4

from grants.domain.discussion import write_post
from grants.models import Discussion, DiscussionPost, Review
from grants.workflow import REVIEW
from portal.accounts.enums import Role
from tests.factories.accounts import UserFactory
from tests.factories.reviews import REVIEWED_AT, score

OPENED_AT = REVIEWED_AT + timedelta(hours=1)


def a_discussion(proposal, officer=None, *, question="Is the need shown for every school?", at=OPENED_AT) -> Discussion:
    """An open discussion, however many reviews there are."""
    officer = officer or UserFactory(roles=[Role.OFFICER])
    return Discussion.objects.create(proposal=proposal, question=question, opened_by=officer, opened_at=at)


def a_post(discussion, author, text="The tables on page 4 say it.", *, review=None, at=OPENED_AT) -> DiscussionPost:
    """A post of a reviewer (with their review) or of staff."""
    return write_post(discussion, text, actor=author, at=at, key=uuid4().hex, review=review)


def scored_again(review, points, *, at=OPENED_AT + timedelta(hours=1)) -> Review:
    """The review scored again while its discussion is open, and submitted again."""
    review = REVIEW.perform(review, "rescore", actor=review.reviewer, at=at)
    review = score(review, points, at=at)
    return REVIEW.perform(review, "submit", actor=review.reviewer, at=at)
