"""One proposal's reviews side by side: criteria against reviewers, with scores, reasons, means and spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from grants.domain.queries import discussion as discussions
from grants.domain.queries.matrix import Cell, cell_of
from grants.domain.queries.scores import are_split, mean
from grants.enums import ReviewState
from grants.models import Criterion, Proposal, Review, Score

# The drawing of the marks is 120 units wide; this is where its line begins and how long it is.
LEFT, LENGTH = 4.0, 112.0


@dataclass(frozen=True)
class Dot:
    """A mark's place in the drawing of a row."""

    mark: float
    x: float


@dataclass(frozen=True)
class Given:
    """What one reviewer gave a criterion, and the points before a discussion if they differ."""

    points: int
    before: int | None
    anchor: str
    reason: str


@dataclass(frozen=True)
class Column:
    """One reviewer: their submitted review, its cell in the matrix, and their number in the discussion."""

    review: Review
    cell: Cell
    label: str


@dataclass(frozen=True)
class Line:
    """A criterion with what each column gave it (None where nothing was), the mean, and where the scores stand."""

    criterion: Criterion
    given: list[tuple[Column, Given | None]]
    mean: Decimal | None
    dots: list[Dot]
    split: bool


@dataclass(frozen=True)
class SideBySide:
    """The table; `waiting` are the reviews that are not submitted, `raw` the mean of all scores as they are."""

    columns: list[Column]
    lines: list[Line]
    waiting: list[Review]
    dots: list[Dot]
    raw: Decimal | None
    weighted: Decimal | None
    split: bool


def side_by_side(proposal: Proposal) -> SideBySide:
    """Everything the page shows, in four queries. Private notes stay where they are: on the review itself."""
    top = proposal.round.top_score
    numbers = {each.review.pk: each.label for each in discussions.everybody(proposal.pk)}
    reviews = list(
        Review.objects.real()
        .filter(proposal=proposal)
        .select_related("reviewer")
        .prefetch_related("submitted")
        .defer("private_notes")
        .order_by("submitted_at", "pk")
    )
    submitted = [each for each in reviews if each.state == ReviewState.SUBMITTED]
    scores: dict[tuple[int, int], Score] = {
        (score.review_id, score.criterion_id): score for score in Score.objects.filter(review__in=submitted)
    }
    columns, earlier = [], {}
    for review in submitted:
        frozen = {}
        for row in review.submitted.all():
            frozen[row.after_discussion] = float(row.weighted_mean)
            if not row.after_discussion:
                earlier[review.pk] = {each["criterion"]: each["points"] for each in row.scores}
        columns.append(Column(review, cell_of(review, frozen, before=False), numbers.get(review.pk, "")))
    lines = [_line(each, columns, scores, earlier, top) for each in proposal.round.criteria.all()]
    marks = [each.review.weighted_mean for each in columns if each.review.weighted_mean is not None]
    every = [Decimal(given.points) for line in lines for _, given in line.given if given is not None]
    return SideBySide(
        columns=columns,
        lines=lines,
        waiting=[each for each in reviews if each.state != ReviewState.SUBMITTED],
        dots=_dots([float(each) for each in marks], top),
        raw=mean(every),
        weighted=mean(marks),
        split=are_split(marks, top),
    )


def _line(
    criterion: Criterion,
    columns: Sequence[Column],
    scores: dict[tuple[int, int], Score],
    earlier: dict[int, dict[int, int]],
    top: int,
) -> Line:
    given: list[tuple[Column, Given | None]] = []
    for column in columns:
        score = scores.get((column.review.pk, criterion.pk))
        if score is None or score.points is None:
            given.append((column, None))
            continue
        first = earlier.get(column.review.pk, {}).get(criterion.pk)
        words = str(criterion.anchors.get(str(score.points), ""))
        said = Given(score.points, first if first != score.points else None, words, score.reason)
        given.append((column, said))
    points = [Decimal(each.points) for _, each in given if each is not None]
    return Line(criterion, given, mean(points), _dots([float(each) for each in points], top), are_split(points, top))


def _dots(marks: Sequence[float], top: int) -> list[Dot]:
    """The marks on a line from 1 to the top score, the lowest first."""
    return [Dot(each, LEFT + LENGTH * (each - 1) / (top - 1)) for each in sorted(marks)]
