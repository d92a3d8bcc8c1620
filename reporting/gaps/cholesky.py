"""Linear equations of a handful of unknowns whose matrix is symmetric and positive definite."""

import math
from collections.abc import Sequence

Matrix = list[list[float]]

# A pivot this small beside its own diagonal entry is rounding noise, not curvature.
NEGLIGIBLE = 1e-14


def factor(matrix: Sequence[Sequence[float]]) -> Matrix | None:
    """The lower triangle L (row i holds i + 1 numbers) with L Lᵀ = matrix; None if not positive definite."""
    lower: Matrix = []
    for i, given in enumerate(matrix):
        row: list[float] = []
        for j in range(i):
            row.append((given[j] - sum(a * b for a, b in zip(row, lower[j], strict=False))) / lower[j][j])
        pivot = given[i] - sum(a * a for a in row)
        # Written so that a NaN, which compares false with everything, is refused as well.
        if not (pivot > 0 and pivot > NEGLIGIBLE * given[i]):
            return None
        row.append(math.sqrt(pivot))
        lower.append(row)
    return lower


def solve(lower: Matrix, right: Sequence[float]) -> list[float]:
    """The x with (L Lᵀ) x = right, for the L that `factor` gave."""
    size = len(right)
    x: list[float] = []
    for i in range(size):
        x.append((right[i] - sum(lower[i][k] * x[k] for k in range(i))) / lower[i][i])
    for i in reversed(range(size)):
        x[i] = (x[i] - sum(lower[k][i] * x[k] for k in range(i + 1, size))) / lower[i][i]
    return x
