"""The figures of a round's reviews: every proposal under four measures, every reviewer, and how far they agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, fsum
from statistics import mean, stdev
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max, Q, Sum

from grants.domain.queries.matrix_standings import ADJUSTED, RAW, STANDARDIZED, WEIGHTED, Standings, standings
from grants.domain.queries.scores import Mark, normalised_means
from grants.domain.queries.scores_agreement import Agreement, agreement
from grants.domain.queries.scores_bias import Estimate, estimate
from grants.enums import ReviewState
from grants.models import FundingRound, Review, Score, SubmittedReview
from portal.certain import certain

# Ranks lie apart when they differ by this share of the ranked proposals, and by three places at the least.
APART_SHARE, APART_LEAST = 0.2, 3
# From so many marks on, the figures are kept for as long as the marks stay what they are.
_KEEP_FROM = 1000
_KEPT_FOR = 24 * 3600  # seconds


@dataclass(frozen=True)
class Reviewing:
    """One reviewer: how many marks, their mean and sample deviation, and the estimated leniency with its error."""

    marks: int
    mean: float
    spread: float | None
    leniency: float
    error: float | None
    part: int

    @property
    def stands_out(self) -> bool:
        """Whether the leniency is more than two standard errors from none."""
        return self.error is not None and abs(self.leniency) > 2 * self.error


@dataclass(frozen=True)
class Figures:
    """Everything by key: proposals, reviewers, criteria; `parts` is how many groups share no reviewer."""

    proposals: Standings
    reviewers: dict[int, Reviewing]
    overall: Agreement
    criteria: dict[int, Agreement]
    parts: int


Points = tuple[int, int, int]  # review, criterion, points


def figures_of(round_: FundingRound, *, before: bool = False) -> Figures:
    """The figures of a round's real submitted reviews; `before` takes those submitted before a discussion.

    At most four queries. The figures of a large round are kept in the cache under what their marks add up to: a review
    that changes is submitted at another instant, in another version.
    """
    counts = Q(state=ReviewState.SUBMITTED)
    stamp = _real(round_).aggregate(
        number=Count("pk", filter=counts),
        keys=Sum("pk", filter=counts),
        versions=Sum("version", filter=counts),
        mean=Sum("weighted_mean", filter=counts),
        last=Max("submitted_at"),
        # Who stepped back while scoring again takes along what they had said before.
        gone=Count("pk", filter=Q(state=ReviewState.RECUSED)),
    )
    if stamp["number"] < _KEEP_FROM:
        return _computed(round_, before)
    place = "matrix:" + ":".join(str(each) for each in (round_.pk, int(before), *stamp.values())).replace(" ", "_")
    kept: Figures | None = cache.get(place)
    if kept is None:
        kept = _computed(round_, before)
        cache.set(place, kept, _KEPT_FOR)
    return kept


def _real(round_: FundingRound):
    return Review.objects.real().filter(proposal__round=round_)


def _submitted(round_: FundingRound):
    return _real(round_).filter(state=ReviewState.SUBMITTED).order_by("pk")


def _computed(round_: FundingRound, before: bool) -> Figures:
    marks, points = _before(round_) if before else _latest(round_)
    return figures_from(marks, points, top_score=round_.top_score)


def _latest(round_: FundingRound) -> tuple[dict[int, Mark], list[Points]]:
    rows = _submitted(round_).values_list("pk", "reviewer", "proposal", "weighted_mean")
    marks = {pk: Mark(reviewer, proposal, certain(value)) for pk, reviewer, proposal, value in rows}
    return marks, list(_points(round_))


def _points(round_: FundingRound) -> Iterator[Points]:
    rows = Score.objects.filter(criterion__round=round_, points__isnull=False).order_by()
    for review, criterion, points in rows.values_list("review", "criterion", "points").iterator(chunk_size=10_000):
        yield review, criterion, certain(points)


def _before(round_: FundingRound) -> tuple[dict[int, Mark], list[Points]]:
    """The last marks each reviewer had submitted before a discussion; what is scored again meanwhile counts as it was."""
    marks, points = _latest(round_)
    frozen = SubmittedReview.objects.filter(
        review__in=_real(round_).filter(proposal__discussion__isnull=False)
    ).exclude(review__state=ReviewState.RECUSED)
    replaced: dict[int, Any] = {}
    touched = set()
    for row in frozen.order_by("number").select_related("review"):
        touched.add(row.review_id)
        if not row.after_discussion:
            replaced[row.review_id] = row
    for pk in touched:
        marks.pop(pk, None)
    points = [each for each in points if each[0] not in touched]
    for pk, row in replaced.items():
        marks[pk] = Mark(row.review.reviewer_id, row.review.proposal_id, row.weighted_mean)
        points += [(pk, int(each["criterion"]), each["points"]) for each in row.scores]
    return marks, points


def figures_from(marks_by_review: Mapping[int, Mark], points: Iterable[Points], *, top_score: int) -> Figures:
    """The figures of these marks (by the review's key) and points; points of other reviews are passed over."""
    marks = list(marks_by_review.values())
    by_proposal, by_reviewer = _grouped(marks, "proposal"), _grouped(marks, "reviewer")
    scores: dict[Any, list[int]] = {key: [] for key in by_proposal}
    by_criterion: dict[int, dict[Any, list[int]]] = {}
    for review, criterion, given in points:
        mark = marks_by_review.get(review)
        if mark is not None:
            scores[mark.proposal].append(given)
            by_criterion.setdefault(criterion, {}).setdefault(mark.proposal, []).append(given)
    fitted, standard = estimate(marks), normalised_means(marks)
    values = {
        RAW: {key: fsum(each) / len(each) for key, each in scores.items() if each},
        WEIGHTED: {key: float(sum(each) / len(each)) for key, each in by_proposal.items()},
        STANDARDIZED: {key: float(each) for key, each in standard.items()},
        ADJUSTED: fitted.adjusted,
    }
    apart_from = max(APART_LEAST, ceil(len(by_proposal) * APART_SHARE))
    return Figures(
        proposals=standings(by_proposal, values, fitted, apart_from=apart_from, top_score=top_score),
        reviewers={key: _reviewing(key, each, fitted) for key, each in by_reviewer.items()},
        overall=agreement([[float(each) for each in group] for group in by_proposal.values()]),
        criteria={key: agreement(groups.values()) for key, groups in by_criterion.items()},
        parts=fitted.number_of_parts,
    )


def _grouped(marks: Iterable[Mark], field: str) -> dict[Any, list[Decimal]]:
    grouped: dict[Any, list[Decimal]] = {}
    for mark in marks:
        grouped.setdefault(getattr(mark, field), []).append(mark.value)
    return grouped


def _reviewing(key: Any, given: Sequence[Decimal], fitted: Estimate) -> Reviewing:
    values = [float(each) for each in given]
    found = fitted.leniency[key]
    return Reviewing(
        marks=len(values),
        mean=mean(values),
        spread=stdev(values) if len(values) > 1 else None,
        leniency=found.effect,
        error=found.error,
        part=fitted.reviewer_parts[key],
    )
