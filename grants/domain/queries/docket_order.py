"""The orders in which the lines of a draft docket can be ranked."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from decimal import Decimal

from django.db.models import Count, Sum, TextChoices

from grants.domain.queries import scores
from grants.domain.queries.review import marks_of
from grants.enums import ReviewKind, ReviewState
from grants.models import Docket, DocketLine, Score


class Order(TextChoices):
    """By which mean of its reviews a proposal is ranked."""

    WEIGHTED = "weighted", "Weighted mean"
    RAW = "raw", "Raw mean"
    NORMALISED = "normalised", "Normalized mean"


def sorted_lines(docket: Docket, order: Order) -> list[DocketLine]:
    """The lines by the wanted mean, the highest first; those without one keep their order behind the others."""
    means = _means(docket, order)
    lines = list(docket.lines.select_related("proposal__site"))
    return sorted(lines, key=lambda line: (line.proposal_id not in means, -means.get(line.proposal_id, Decimal(0))))


def plain_means(docket: Docket) -> dict[Hashable, Decimal]:
    """For each proposal of the docket the plain mean of all points given to it: no criterion counts more than another."""
    given = Score.objects.filter(
        review__proposal__in=docket.lines.values("proposal"),
        review__kind=ReviewKind.REAL,
        review__state=ReviewState.SUBMITTED,
    ).exclude(points=None)
    rows = given.order_by().values_list("review__proposal").annotate(sum=Sum("points"), number=Count("pk"))
    return {proposal: Decimal(points) / number for proposal, points, number in rows}


def _means(docket: Docket, order: Order) -> Mapping[Hashable, Decimal]:
    if order == Order.RAW:
        return plain_means(docket)
    marks = marks_of(docket.round_id)
    return scores.normalised_means(marks) if order == Order.NORMALISED else scores.raw_means(marks)
