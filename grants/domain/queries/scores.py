"""Arithmetic of scores: means, reviewers made comparable, and whether they agree. Pure functions, no database.

A mark is the weighted mean of one submitted review, on the round's scale from 1 to its top score.
"""

from __future__ import annotations

import statistics
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

# What the frozen mean of a review is rounded to, as its column stores it.
PLACES = Decimal("0.001")
# Reviewers are split when their highest and lowest marks are further apart than this share of the scale.
SPLIT_SHARE = Decimal(1) / 3


@dataclass(frozen=True)
class Mark:
    """What one reviewer made of one proposal, told apart by their keys."""

    reviewer: Hashable
    proposal: Hashable
    value: Decimal


def weighted_mean(points_and_weights: Iterable[tuple[int, int]]) -> Decimal | None:
    """Σ weight x points / Σ weight, to three places; None without any points."""
    pairs = list(points_and_weights)
    if not pairs:
        return None
    weights = sum(weight for _, weight in pairs)
    return (Decimal(sum(points * weight for points, weight in pairs)) / weights).quantize(PLACES)


def mean(values: Sequence[Decimal]) -> Decimal | None:
    """The plain mean; None of nothing."""
    return statistics.mean(values) if values else None


def raw_means(marks: Iterable[Mark]) -> dict[Hashable, Decimal]:
    """The plain mean of the marks of each proposal that has any."""
    return {proposal: statistics.mean(values) for proposal, values in _by(marks, "proposal").items()}


def standard_scores(marks: Sequence[Mark]) -> dict[Mark, Decimal]:
    """z = (mark - the reviewer's mean) / the reviewer's sample standard deviation, over all their marks given here.

    A reviewer with one mark, or whose marks are all the same, has no spread to measure by: their marks are left out.
    """
    measures = {}
    for reviewer, values in _by(marks, "reviewer").items():
        spread = statistics.stdev(values) if len(values) > 1 else Decimal(0)
        if spread:
            measures[reviewer] = (statistics.mean(values), spread)
    return {
        mark: (mark.value - measures[mark.reviewer][0]) / measures[mark.reviewer][1]
        for mark in marks
        if mark.reviewer in measures
    }


def normalised_means(marks: Sequence[Mark]) -> dict[Hashable, Decimal]:
    """The mean of each proposal's standard scores; a proposal none of whose marks has one is left out."""
    values: dict[Hashable, list[Decimal]] = {}
    for mark, score in standard_scores(marks).items():
        values.setdefault(mark.proposal, []).append(score)
    return {proposal: statistics.mean(scores) for proposal, scores in values.items()}


def are_split(values: Sequence[Decimal], top_score: int) -> bool:
    """Whether the highest and lowest marks are more than a third of the scale apart."""
    return len(values) > 1 and max(values) - min(values) > SPLIT_SHARE * (top_score - 1)


def outlier(values: Sequence[Decimal], top_score: int) -> Decimal | None:
    """Where reviewers are split, the mark that is furthest from their median (the lower one of two); else None."""
    if not are_split(values, top_score):
        return None
    middle = statistics.median(values)
    return max(sorted(values), key=lambda value: abs(value - middle))


def _by(marks: Iterable[Mark], field: str) -> Mapping[Hashable, list[Decimal]]:
    grouped: dict[Hashable, list[Decimal]] = {}
    for mark in marks:
        grouped.setdefault(getattr(mark, field), []).append(mark.value)
    return grouped
