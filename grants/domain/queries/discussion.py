"""The discussion of a proposal: who takes part, what was said, and what hinders opening, writing and scoring again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from grants.domain.queries.review import reviewer_labels
from grants.enums import UNANNOUNCED, ProposalState, ReviewState
from grants.models import Discussion, DiscussionPost, Proposal, Review

FEWEST = 2  # submitted reviews that a discussion can be about
_NOT_DISCUSSED = "You can score again while the foundation has the discussion of this proposal open."


@dataclass(frozen=True)
class Participant:
    """A reviewer who has submitted a review of the proposal, with what the other reviewers call them (“Reviewer 1”)."""

    review: Review
    label: str

    @property
    def scores_again(self) -> bool:
        return self.review.state == ReviewState.IN_PROGRESS


@dataclass(frozen=True)
class Said:
    """A post as one reader sees it: `name` is theirs for staff, and a number for the other reviewers."""

    post: DiscussionPost
    name: str
    text: str
    own: bool
    from_staff: bool


def discussion_of(proposal_id: int) -> Discussion | None:
    """The proposal's discussion, open or closed, with the people who opened and closed it."""
    found = Discussion.objects.filter(proposal=proposal_id).select_related("opened_by", "closed_by")
    return found.first()


def kept_discussion(proposal: Proposal) -> Discussion | None:
    """The proposal's discussion, asked for once by this instance of the proposal."""
    return getattr(proposal, "discussion", None)


def everybody(proposal_id: int) -> list[Participant]:
    """Everybody who ever submitted a real review, with the number `reviewer_labels` gives them. Two queries."""
    labels = reviewer_labels(proposal_id)
    reviews = Review.objects.real().filter(proposal=proposal_id, submitted__number=1).select_related("reviewer")
    return [Participant(review, labels[review.reviewer_id]) for review in reviews.order_by("pk")]


def taking_part(people: Iterable[Participant]) -> list[Participant]:
    """Those of `everybody` who may read and write: not the ones who stepped back."""
    return [each for each in people if each.review.state != ReviewState.RECUSED]


def thread(
    discussion: Discussion,
    people: Iterable[Participant],
    reader: Any,
    *,
    as_staff: bool,
    told: Callable[[str], str] = str,
) -> list[Said]:
    """Every post, the oldest first; `told` makes of a text what this reader may read of it. One query."""
    by_person = {each.review.reviewer_id: each for each in people}
    found = []
    for post in discussion.posts.select_related("author"):
        known = by_person.get(post.author_id)
        name = str(post.author) if known is None else known.label
        if known is not None and as_staff:
            name = f"{post.author} ({known.label})"
        found.append(Said(post, name, told(post.text), own=post.author_id == reader.pk, from_staff=known is None))
    return found


def obstacles_to_opening(proposal: Proposal) -> list[str]:
    """Why there is nothing to discuss, or not any more."""
    over = _over(proposal)
    if over:
        return over
    submitted = Review.objects.real().filter(proposal=proposal, state=ReviewState.SUBMITTED).count()
    if submitted < FEWEST:
        return [f"A discussion needs {FEWEST} submitted reviews. This proposal has {submitted or 'none'}."]
    return []


def obstacles_to_writing(discussion: Discussion, proposal: Proposal) -> list[str]:
    """Why nothing can be added to the thread."""
    if discussion.closed_at is not None:
        return ["The discussion is closed."]
    return _over(proposal)


def obstacles_to_scoring_again(review: Review) -> list[str]:
    """Blockers of `rescore`: it takes an open discussion of a proposal that is still in review."""
    if review.is_calibration:
        return ["The scores of a sample are not changed after they were submitted."]
    over = _over(review.proposal)
    if over:
        return over
    discussion = kept_discussion(review.proposal)
    return [] if discussion is not None and discussion.closed_at is None else [_NOT_DISCUSSED]


def _over(proposal: Proposal) -> list[str]:
    """Who reads this may be a reviewer, who is not told what a docket recommends."""
    if proposal.state == ProposalState.IN_REVIEW:
        return []
    if proposal.state in UNANNOUNCED:
        return ["Reviewing is over: a decision on the proposal is being made."]
    return [f"Reviewing is over: the proposal is {proposal.get_state_display().lower()}."]
