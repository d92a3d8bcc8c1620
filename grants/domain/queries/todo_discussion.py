"""What waits for people in discussions among reviewers, for the home page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse

from grants.enums import ProposalState, ReviewState
from grants.models import DiscussionPost, Review
from portal.accounts.enums import Role
from portal.todo import Todo, provides_todos

# A home page names this many one by one.
NAMED = 10


@provides_todos
def discussion_todos(user, at: datetime) -> Iterator[Todo]:
    """For reviewers, open discussions of what they have submitted and in which they have not written yet. One query."""
    if Role.REVIEWER not in user.roles:
        return
    written = DiscussionPost.objects.filter(discussion__proposal=OuterRef("proposal"), author=user)
    mine = Review.objects.real().filter(
        ~Exists(written),
        reviewer=user,
        state=ReviewState.SUBMITTED,
        proposal__state=ProposalState.IN_REVIEW,
        proposal__discussion__closed_at=None,
        proposal__discussion__isnull=False,
    )
    for review in mine.select_related("proposal__round").order_by("pk")[:NAMED]:
        url = reverse("grants:review-discussion", args=[review.reference])
        yield Todo(f"Talk about review {review.reference} with the other reviewers", url, str(review.proposal.round))
