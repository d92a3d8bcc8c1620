"""Makes reviews by the steps that make them in life: asked, begun, scored, submitted, stepped back from."""

from datetime import UTC, datetime

from grants.domain.queries.review import rubric
from grants.domain.review import assign_reviewer, save_draft
from grants.enums import ProposalState, ReviewState
from grants.models import Review
from grants.workflow import REVIEW
from portal.accounts.enums import Role
from tests.factories.accounts import UserFactory
from tests.factories.proposals import ProposalFactory

# A Monday noon after the call has closed.
REVIEWED_AT = datetime(2026, 11, 16, 17, 0, tzinfo=UTC)
REASON = "Convincing, with a clear measure for every year."


def a_review(
    proposal=None, reviewer=None, *, state=ReviewState.SUBMITTED, points=4, officer=None, due_on=None, at=REVIEWED_AT
) -> Review:
    """A review brought from assigned to `state`; `points` are one number for every criterion, or one for each."""
    proposal = proposal or ProposalFactory(state=ProposalState.IN_REVIEW)
    reviewer = reviewer or UserFactory(roles=[Role.REVIEWER])
    officer = officer or UserFactory(roles=[Role.OFFICER])
    review = assign_reviewer(proposal, reviewer, actor=officer, at=at, due_on=due_on)
    if state == ReviewState.ASSIGNED:
        return review
    if state == ReviewState.RECUSED:
        return REVIEW.perform(review, "recuse", actor=reviewer, at=at, comment="I advised the district.")
    review = REVIEW.perform(review, "declare_no_conflict", actor=reviewer, at=at)
    if state == ReviewState.IN_PROGRESS:
        return review
    review = score(review, points, at=at)
    return REVIEW.perform(review, "submit", actor=reviewer, at=at)


def score(review, points=4, *, reason=REASON, at=REVIEWED_AT) -> Review:
    """Save a draft with these points for every criterion, or one number for each."""
    rows = rubric(review)
    given = [points] * len(rows) if isinstance(points, int) else points
    return save_draft(
        review,
        actor=review.reviewer,
        at=at,
        version=review.version,
        editor="",
        scores={row.criterion.pk: (each, reason) for row, each in zip(rows, given, strict=True)},
        feedback="Say more about how the union takes part.",
        private_notes="Strong, in my view.",
    )
