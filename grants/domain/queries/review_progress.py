"""How far the reviews of a round are: by reviewer and by proposal."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from grants.domain.queries.reviewer import UNFINISHED
from grants.enums import ProposalState, ReviewState
from grants.models import FundingRound, Proposal, Review
from portal.accounts.models import User


@dataclass
class OfReviewer:
    """What became of the reviews somebody was asked for in a round."""

    person: User
    reviews: list[Review] = field(default_factory=list)
    overdue: int = 0
    may_be_reminded: bool = False

    @property
    def asked(self) -> int:
        return len(self.reviews)

    @property
    def waiting(self) -> int:
        """Asked, and the conflict question not answered."""
        return self._in(ReviewState.ASSIGNED)

    @property
    def in_progress(self) -> int:
        return self._in(ReviewState.IN_PROGRESS)

    @property
    def submitted(self) -> int:
        return self._in(ReviewState.SUBMITTED)

    @property
    def recused(self) -> int:
        return self._in(ReviewState.RECUSED)

    def _in(self, state: str) -> int:
        return sum(review.state == state for review in self.reviews)


@dataclass
class OfProposal:
    """The reviews of one proposal, submitted ones against those that are wanted."""

    proposal: Proposal
    wanted: int
    reviews: list[Review] = field(default_factory=list)

    @property
    def submitted(self) -> int:
        return sum(review.state == ReviewState.SUBMITTED for review in self.reviews)

    @property
    def lacks(self) -> int:
        """How many more reviewers have to be asked."""
        return max(0, self.wanted - sum(review.state != ReviewState.RECUSED for review in self.reviews))


@dataclass(frozen=True)
class Progress:
    """A round's reviews, those of a calibration aside."""

    reviewers: list[OfReviewer]
    proposals: list[OfProposal]
    asked: int
    submitted: int
    overdue: int
    lacking: int


# Proposals that are reviewed or were; what left earlier has no reviews that count.
_REVIEWED = frozenset(ProposalState) - {
    ProposalState.DRAFT, ProposalState.SUBMITTED, ProposalState.RETURNED, ProposalState.INELIGIBLE,
    ProposalState.WITHDRAWN,
}  # fmt: skip


def progress_of(round_: FundingRound, at: datetime) -> Progress:
    """Everything the progress page and its file tell. Two queries, whatever the numbers."""
    today = timezone.localdate(at)
    proposals = Proposal.objects.filter(round=round_, state__in=_REVIEWED).select_related("site").defer("set_aside")
    by_proposal = {each.pk: OfProposal(each, round_.reviews_per_proposal) for each in proposals.order_by("reference")}
    by_person: dict[int, OfReviewer] = {}
    for review in _reviews(round_):
        own = by_person.setdefault(review.reviewer_id, OfReviewer(review.reviewer))
        own.reviews.append(review)
        of_proposal = by_proposal.get(review.proposal_id)
        if of_proposal is None:
            continue
        of_proposal.reviews.append(review)
        if review.state in UNFINISHED and of_proposal.proposal.state == ProposalState.IN_REVIEW:
            own.may_be_reminded = True
            own.overdue += is_overdue(review, today)
    people = sorted(by_person.values(), key=lambda each: (str(each.person).casefold(), each.person.pk))
    rows = list(by_proposal.values())
    counts: dict[str, int] = defaultdict(int)
    for row in rows:
        counts["asked"] += sum(review.state != ReviewState.RECUSED for review in row.reviews)
        counts["submitted"] += row.submitted
        counts["lacking"] += bool(row.lacks) and row.proposal.state == ProposalState.IN_REVIEW
    overdue = sum(each.overdue for each in people)
    return Progress(people, rows, counts["asked"], counts["submitted"], overdue, counts["lacking"])


def is_overdue(review: Review, today: date) -> bool:
    """Whether a review that is not finished should have been."""
    return review.state in UNFINISHED and review.due_on is not None and review.due_on < today


def _reviews(round_: FundingRound):
    rows = Review.objects.real().filter(proposal__round=round_).select_related("reviewer")
    return rows.only(
        "reference", "state", "due_on", "created_at", "submitted_at", "recused_at", "proposal", "reviewer__name",
        "reviewer__email", "reviewer__public_id",
    ).order_by("pk")  # fmt: skip
