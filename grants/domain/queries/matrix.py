"""The review matrix of a round: a page of proposals under every measure, with each reviewer's mark, and the reviewers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from grants.domain.queries.matrix_figures import Figures, Reviewing, figures_of
from grants.domain.queries.matrix_standings import MEASURES, Standing, Standings
from grants.domain.queries.scores_agreement import Agreement
from grants.enums import ProposalState, ReviewState
from grants.models import Criterion, Discussion, FundingRound, Proposal, Review, SubmittedReview
from portal.accounts.models import User

SIZE = 50  # proposals on a page
# From screening on a proposal is one for reviewers; what left the round is in the matrix as long as it has marks.
REVIEWED = frozenset(
    {
        ProposalState.IN_REVIEW, ProposalState.RECOMMENDED, ProposalState.NOT_RECOMMENDED, ProposalState.AWARDED,
        ProposalState.WAITLISTED, ProposalState.DECLINED,
    }
)  # fmt: skip


_UNFINISHED = (ReviewState.ASSIGNED, ReviewState.IN_PROGRESS)


@dataclass(frozen=True)
class Cell:
    """One reviewer's review of one proposal: the mark that counts here, and what it was before a discussion."""

    review: Review
    mark: float | None
    before: float | None
    after: float | None

    @property
    def change(self) -> float | None:
        """What a discussion changed; None while nothing is there to compare."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def scores_again(self) -> bool:
        """Whether the reviewer has submitted before and is at it again."""
        return self.review.state == ReviewState.IN_PROGRESS and self.before is not None


@dataclass(frozen=True)
class Row:
    """A proposal with its standing (None without a mark), its cells in the order of the columns, its discussion."""

    proposal: Proposal
    standing: Standing | None
    cells: list[Cell | None]
    discussion: Discussion | None
    assigned: int

    @property
    def spans(self) -> list[tuple[int, Cell | None]]:
        """The cells with 1, and each run of columns without a review as one empty place with its length."""
        found: list[tuple[int, Cell | None]] = []
        for cell in self.cells:
            if cell is None and found and found[-1][1] is None:
                found[-1] = (found[-1][0] + 1, None)
            else:
                found.append((1, cell))
        return found


@dataclass(frozen=True)
class ReviewerRow:
    """A reviewer with their figures, which are None without a submitted review."""

    person: User
    figures: Reviewing | None


@dataclass(frozen=True)
class Criterial:
    """A criterion with how far reviewers agree on it."""

    criterion: Criterion
    agreement: Agreement


SORTS = ("proposal", "reviews", *MEASURES, "spread", "apart")
SHOWN = {
    "": "All proposals",
    "split": "Reviewers disagree",
    "apart": "Ranks lie apart",
    "few": "Fewer reviews than wanted",
    "discussed": "With a discussion",
}


def chosen(round_: FundingRound, figures: Figures, *, shown: str, sort: str) -> list[int]:
    """The keys of the proposals a page or a file shows, in order: by a name of SORTS, with `-` the highest first.

    Equal ones, and those without a figure, which come last either way, keep the order of their numbers.
    """
    rows = Proposal.objects.filter(round=round_, state__in=REVIEWED)
    known = figures.proposals
    found = set(rows.values_list("pk", flat=True)) | set(known)
    if shown == "discussed":
        found &= set(Discussion.objects.filter(proposal__round=round_).values_list("proposal", flat=True))
    elif shown == "few":
        found -= {key for key, marks in _pairs(known, "marks") if marks >= round_.reviews_per_proposal}
    elif shown == "split":
        found &= {key for key, split in _pairs(known, "split") if split}
    elif shown == "apart":
        found &= {key for key, span in _pairs(known, "span") if span >= known.apart_from}
    falling, name = sort.startswith("-"), sort.removeprefix("-")
    in_order = sorted(found)
    if name == "proposal":
        return in_order[::-1] if falling else in_order
    figure = dict(zip(known, _column(name, known.columns), strict=True))
    with_figure = [key for key in in_order if figure.get(key) is not None]
    # Sorting is stable, so turning the figures round leaves equal ones in the order of their numbers.
    with_figure.sort(key=lambda key: -figure[key] if falling else figure[key])
    return with_figure + [key for key in in_order if figure.get(key) is None]


def _pairs(known: Standings, name: str) -> Iterator[tuple[int, Any]]:
    return zip(known, known.columns[name], strict=True)


def _column(name: str, columns: dict[str, list[Any]]) -> list[Any]:
    if name == "spread":
        ends = zip(columns["low"], columns["high"], columns["marks"], strict=True)
        return [high - low if marks > 1 else None for low, high, marks in ends]
    return columns[{"reviews": "marks", "apart": "span"}.get(name, name)]


def rows_of(figures: Figures, keys: Sequence[int], *, before: bool) -> tuple[list[User], list[Row]]:
    """The reviewers who are the columns, by name, and the rows of these proposals. Four queries."""
    proposals = {each.pk: each for each in Proposal.objects.filter(pk__in=keys).select_related("site").only(*_SHOWN)}
    discussions = {each.proposal_id: each for each in Discussion.objects.filter(proposal__in=keys)}
    cells = _cells(keys, discussions if before else ())
    people = {each.review.reviewer_id: each.review.reviewer for row in cells.values() for each in row.values()}
    columns = sorted(people.values(), key=lambda person: (str(person).casefold(), person.pk))
    rows = []
    for key in keys:
        own, standing = cells.get(key, {}), figures.proposals.get(key)
        rows.append(
            Row(
                proposal=proposals[key],
                standing=standing,
                cells=[own.get(person.pk) for person in columns],
                discussion=discussions.get(key),
                assigned=sum(cell.review.state != ReviewState.RECUSED for cell in own.values()),
            )
        )
    return columns, rows


_SHOWN = ("reference", "title", "state", "site__name", "site__place", "site__state")


def _cells(keys: Sequence[int], before: Collection[int]) -> dict[int, dict[int, Cell]]:
    """By proposal and reviewer; for the proposals in `before` with the marks before their discussion. Two queries."""
    reviews = Review.objects.real().filter(proposal__in=keys).select_related("reviewer")
    reviews = reviews.only(
        "reference", "state", "weighted_mean", "proposal", "reviewer__name", "reviewer__email", "reviewer__public_id"
    )
    frozen: dict[int, dict[bool, float]] = {}
    rows = SubmittedReview.objects.filter(review__proposal__in=keys).order_by("number")
    for review, discussed, mean in rows.values_list("review", "after_discussion", "weighted_mean"):
        frozen.setdefault(review, {})[discussed] = float(mean)
    found: dict[int, dict[int, Cell]] = {}
    for review in reviews.order_by("pk"):
        found.setdefault(review.proposal_id, {})[review.reviewer_id] = cell_of(
            review, frozen.get(review.pk, {}), before=review.proposal_id in before
        )
    return found


def cell_of(review: Review, frozen: dict[bool, float], *, before: bool) -> Cell:
    """`frozen` holds the last mean submitted before (False) and after (True) a discussion was opened."""
    now = float(review.weighted_mean) if review.weighted_mean is not None else None
    if review.state == ReviewState.RECUSED:
        return Cell(review, None, None, None)
    first, last = frozen.get(False), frozen.get(True)
    if not frozen:
        first = now
    counts = first if before else now
    # A mark that no discussion can have changed has nothing to be compared with.
    compared = last is not None or (first is not None and now is None)
    return Cell(review, counts, first if compared else None, last if now is not None else None)


def reviewers_of(figures: Figures, round_: FundingRound) -> list[ReviewerRow]:
    """Everybody with a real review in the round, the most lenient first, then who has not submitted any. One query."""
    waiting = Review.objects.real().filter(proposal__round=round_, state__in=_UNFINISHED).values("reviewer")
    wanted = Q(pk__in=list(figures.reviewers)) | Q(pk__in=waiting)
    people = User.objects.filter(wanted).only("name", "email", "public_id")
    rows = [ReviewerRow(person, figures.reviewers.get(person.pk)) for person in people.order_by("name", "email")]
    return sorted(rows, key=lambda row: (row.figures is None, -row.figures.leniency if row.figures else 0))


def criteria_of(figures: Figures, round_: FundingRound) -> list[Criterial]:
    """The rubric with the agreement on each criterion. One query."""
    nothing = Agreement(None, 0)
    return [Criterial(each, figures.criteria.get(each.pk, nothing)) for each in round_.criteria.all()]


def any_discussion(round_: FundingRound) -> bool:
    """Whether marks before and after a discussion can differ at all."""
    return Discussion.objects.filter(proposal__round=round_).exists()


__all__ = [
    "REVIEWED", "SHOWN", "SIZE", "SORTS", "Cell", "Row", "any_discussion", "chosen", "criteria_of",
    "figures_of", "reviewers_of", "rows_of",
]  # fmt: skip
