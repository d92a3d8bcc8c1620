"""How lenient each reviewer is, estimated together with the proposals by least squares. Pure functions, no database."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from grants.domain.queries.scores import Mark

# How many proposals are taken into the normal equations at a time, so that a large round needs little memory.
_BLOCK = 2000


@dataclass(frozen=True)
class Leniency:
    """How far above the others a reviewer marks, in points of the scale; `error` is its standard error, if there is one."""

    effect: float
    error: float | None


@dataclass(frozen=True)
class Estimate:
    """The fitted model. `parts` numbers the group of each proposal from 0, the largest group first.

    `adjusted` is what each proposal would get from a reviewer of average leniency of its own group, in points of the
    scale. Between groups that share no reviewer adjusted values tell nothing, because nothing tells lenient reviewers
    from good proposals there.
    """

    adjusted: dict[Hashable, float]
    leniency: dict[Hashable, Leniency]
    parts: dict[Hashable, int]
    reviewer_parts: dict[Hashable, int]

    @property
    def number_of_parts(self) -> int:
        return len(set(self.parts.values()))

    @property
    def connected(self) -> bool:
        return self.number_of_parts <= 1


def estimate(marks: Sequence[Mark]) -> Estimate:
    """Least squares of `mark = μ + proposal + reviewer + rest`; the reviewers of a connected group sum to zero.

    This is the additive two-way model without interaction (Searle, Casella and McCulloch, Variance Components, 1992,
    chapter 4). Proposals are eliminated first, which leaves as many equations as reviewers; their solution of least
    norm is the one whose effects sum to zero within each connected group of the assignment. With σ² estimated by the
    residual sum of squares over n - proposals - reviewers + groups, the error of a reviewer is σ times the root of the
    diagonal of the pseudo-inverse. Without a degree of freedom left there is no error.
    """
    if not marks:
        return Estimate({}, {}, {}, {})
    # Not at the top: a web worker that never shows a matrix stays without numpy.
    import numpy as np

    proposals = {key: place for place, key in enumerate(dict.fromkeys(mark.proposal for mark in marks))}
    reviewers = {key: place for place, key in enumerate(dict.fromkeys(mark.reviewer for mark in marks))}
    row = np.fromiter((proposals[mark.proposal] for mark in marks), dtype=np.intp, count=len(marks))
    column = np.fromiter((reviewers[mark.reviewer] for mark in marks), dtype=np.intp, count=len(marks))
    value = np.fromiter((float(mark.value) for mark in marks), dtype=float, count=len(marks))
    per_proposal = np.bincount(row, minlength=len(proposals))
    means = np.bincount(row, weights=value, minlength=len(proposals)) / per_proposal
    # One direction for each group has no length but rounding's; 1e-10 is far above that and far below any real one.
    inverse = np.linalg.pinv(_normal(np, row, column, per_proposal, len(reviewers)), rcond=1e-10, hermitian=True)
    effects = inverse @ np.bincount(column, weights=value - means[row], minlength=len(reviewers))
    adjusted = means - np.bincount(row, weights=effects[column], minlength=len(proposals)) / per_proposal
    part_of_row, part_of_column = _parts(row.tolist(), column.tolist(), len(proposals), len(reviewers))
    freedom = len(marks) - len(proposals) - len(reviewers) + len(set(part_of_row))
    rest = value - adjusted[row] - effects[column]
    spread = float(rest @ rest) / freedom if freedom > 0 else None
    errors = [None if spread is None else math.sqrt(spread * max(each, 0.0)) for each in np.diag(inverse).tolist()]
    found = zip(effects.tolist(), errors, strict=True)
    return Estimate(
        adjusted=dict(zip(proposals, adjusted.tolist(), strict=True)),
        leniency=dict(zip(reviewers, (Leniency(*each) for each in found), strict=True)),
        parts=dict(zip(proposals, part_of_row, strict=True)),
        reviewer_parts=dict(zip(reviewers, part_of_column, strict=True)),
    )


def _normal(np, row, column, per_proposal, reviewers: int):
    """The normal equations of the reviewers once the proposals are eliminated: D - NᵀK⁻¹N, reviewers x reviewers."""
    normal = np.diag(np.bincount(column, minlength=reviewers).astype(float))
    for start in range(0, len(per_proposal), _BLOCK):
        inside = (row >= start) & (row < start + _BLOCK)
        counts = per_proposal[start : start + _BLOCK]
        block = np.zeros((len(counts), reviewers))
        np.add.at(block, (row[inside] - start, column[inside]), 1.0)
        normal -= block.T @ (block / counts[:, np.newaxis])
    return normal


def _parts(rows: list[int], columns: list[int], proposals: int, reviewers: int) -> tuple[list[int], list[int]]:
    """Which proposals and reviewers hang together through shared reviews: a number for each, the largest group 0."""
    root = list(range(proposals + reviewers))

    def find(place: int) -> int:
        while root[place] != place:
            root[place] = root[root[place]]
            place = root[place]
        return place

    for row, column in zip(rows, columns, strict=True):
        root[find(row)] = find(proposals + column)
    sizes: dict[int, int] = {}
    for place in range(proposals):
        group = find(place)
        sizes[group] = sizes.get(group, 0) + 1
    # Groups of the same size keep the order in which they are met, so that a page names them the same way again.
    number = {group: rank for rank, group in enumerate(sorted(sizes, key=lambda group: -sizes[group]))}
    return (
        [number[find(place)] for place in range(proposals)],
        [number[find(proposals + place)] for place in range(reviewers)],
    )
