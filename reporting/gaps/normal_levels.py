"""How likely one group's level counts are under a standard normal curve cut at given points, with derivatives."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

ROOT_HALF = math.sqrt(0.5)
DENSITY_AT_ZERO = 1 / math.sqrt(2 * math.pi)

# A level with students in it that the curve calls less likely than this is outside what floats can follow
# (its square must not underflow), and far outside what the normal model can describe.
SMALLEST = 1e-150


class Curvature(NamedTuple):
    """Score (m numbers) and minus the second derivatives (diagonal m, next to it m - 1) with respect to the cuts."""

    score: list[float]
    diagonal: list[float]
    beside: list[float]


def density(z: float) -> float:
    return DENSITY_AT_ZERO * math.exp(-0.5 * z * z)


def below(z: float) -> float:
    """The share of a standard normal curve below z, exact in the lower tail too."""
    return 0.5 * math.erfc(-z * ROOT_HALF)


def between(low: float, high: float) -> float:
    """The share of a standard normal curve from low to high, without cancellation in a tail or a thin slice."""
    width = high - low
    if width < 1e-3 and width * abs(low) < 1e-2:
        middle = 0.5 * (low + high)
        return density(middle) * width * (1 + width * width * (middle * middle - 1) / 24)
    if low > 0:
        low, high = -high, -low
    return below(high) - below(low)


def chances(cuts: Sequence[float]) -> list[float]:
    """The probability of each of the m + 1 levels that m ascending cuts make, lowest level first."""
    inner = [between(low, high) for low, high in pairwise(cuts)]
    return [below(cuts[0]), *inner, below(-cuts[-1])]


def log_likelihood(counts: Sequence[int], cuts: Sequence[float]) -> float:
    """The log-likelihood of the level counts; minus infinity if the cuts do not ascend or a filled level vanishes."""
    if any(low >= high for low, high in pairwise(cuts)):
        return -math.inf
    total = 0.0
    for level, (count, chance) in enumerate(zip(counts, chances(cuts), strict=True)):
        if not count:
            continue
        if chance < SMALLEST:
            return -math.inf
        if chance < 0.5:
            total += count * math.log(chance)
        else:
            # Near 1 the logarithm is taken from what is left over, where the digits are.
            under = below(cuts[level - 1]) if level else 0.0
            over = below(-cuts[level]) if level < len(cuts) else 0.0
            total += count * math.log1p(-under - over)
    return total


def curvature(counts: Sequence[int], cuts: Sequence[float], *, observed: bool) -> Curvature:
    """Score and information of the log-likelihood in the cuts: observed, or expected (Fisher) if not."""
    everyone = sum(counts)
    chance = chances(cuts)
    height = [density(z) for z in cuts]
    ratio = [n / p if n else 0.0 for n, p in zip(counts, chance, strict=True)]
    if observed:
        weight = [r / p if r else 0.0 for r, p in zip(ratio, chance, strict=True)]
    else:
        weight = [everyone / p if p > SMALLEST else 0.0 for p in chance]
    score = [h * (ratio[k] - ratio[k + 1]) for k, h in enumerate(height)]
    diagonal = [h * h * (weight[k] + weight[k + 1]) for k, h in enumerate(height)]
    if observed:
        diagonal = [d + z * s for d, z, s in zip(diagonal, cuts, score, strict=True)]
    beside = [-height[k] * height[k + 1] * weight[k + 1] for k in range(len(cuts) - 1)]
    return Curvature(score, diagonal, beside)
