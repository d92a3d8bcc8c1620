"""The two-group heteroskedastic ordered probit: the fit behind the threshold-free gap.

Each group's unseen scores are normal; both groups' levels are made by the same cuts. Only the ratio of the two
spreads and the distance of the two means, in units of spread, can be known (Ho & Reardon 2012; Reardon, Shear,
Castellano & Ho 2017). Put differently: if x and y are the cuts in the reference and the focal group's own standard
units, the points (x, y) lie on one rising line, y = a + b x, with sigma = s_focal / s_reference = 1 / b and
V = (mu_reference - mu_focal) / sqrt((s_reference² + s_focal²) / 2) = a sqrt(2) / sqrt(1 + b²).

The line is described by two anchor cuts' x and y, and every other cut by how far along the line it lies. Three levels
are then fitted exactly by the starting values, and no valley of the likelihood is curved enough to slow Newton down.
"""

import math
from collections.abc import Iterator, Sequence
from statistics import NormalDist
from typing import NamedTuple

from reporting.gaps.cholesky import Matrix, factor, solve
from reporting.gaps.normal_levels import curvature, log_likelihood

STANDARD = NormalDist()
MOST_STEPS = 40
MOST_STARTS = 3
SHORTEST_STEP = 1e-4
# Newton's decrement is twice the log-likelihood still to be gained: V then moves by under 1e-6 standard errors.
SETTLED = 1e-13
ROUNDING = 2.0**-53

Groups = tuple[Sequence[int], Sequence[int]]
REFERENCE, FOCAL = 0, 1


class Fit(NamedTuple):
    """The gap and its standard error in pooled standard deviations, and the focal spread over the reference's."""

    v: float
    standard_error: float
    sigma: float


class Line(NamedTuple):
    """Values (x at both anchors, y at both anchors, then a fraction per other cut) and which cuts are the anchors."""

    values: list[float]
    first: int
    second: int

    def moved(self, step: Sequence[float], share: float) -> "Line":
        return self._replace(values=[v + share * s for v, s in zip(self.values, step, strict=True)])

    def cuts(self, group: int) -> tuple[list[float], list[list[tuple[int, float]]]]:
        """The cuts in one group's standard units and, per cut, its slope in each value it depends on."""
        low, high = 2 * group, 2 * group + 1
        start, end = self.values[low], self.values[high]
        cuts: list[float] = []
        slopes: list[list[tuple[int, float]]] = []
        fraction = 4
        for cut in range(len(self.values) - 2):
            if cut == self.first:
                cuts.append(start)
                slopes.append([(low, 1.0)])
            elif cut == self.second:
                cuts.append(end)
                slopes.append([(high, 1.0)])
            else:
                along = self.values[fraction]
                cuts.append(start + along * (end - start))
                slopes.append([(low, 1.0 - along), (high, along), (fraction, end - start)])
                fraction += 1
        return cuts, slopes

    def log_likelihood(self, groups: Groups) -> float:
        if not (self.values[0] < self.values[1] and self.values[2] < self.values[3]):
            return -math.inf
        return sum(log_likelihood(counts, self.cuts(group)[0]) for group, counts in enumerate(groups))

    def system(self, groups: Groups, *, observed: bool) -> tuple[list[float], Matrix]:
        """Gradient of the log-likelihood in the values, and its information matrix."""
        size = len(self.values)
        gradient = [0.0] * size
        matrix = [[0.0] * size for _ in range(size)]
        for group, counts in enumerate(groups):
            cuts, slopes = self.cuts(group)
            score, diagonal, beside = curvature(counts, cuts, observed=observed)
            for cut, own in enumerate(slopes):
                following = slopes[cut + 1] if cut + 1 < len(slopes) else []
                for p, c in own:
                    gradient[p] += c * score[cut]
                    for q, d in own:
                        matrix[p][q] += diagonal[cut] * c * d
                    for q, d in following:
                        matrix[p][q] += beside[cut] * c * d
                        matrix[q][p] += beside[cut] * c * d
                if observed and len(own) == 3:
                    # The cut is anchor + fraction × (other anchor - anchor): the products have second derivatives.
                    fraction = own[2][0]
                    for p, sign in ((2 * group, -1.0), (2 * group + 1, 1.0)):
                        matrix[p][fraction] -= sign * score[cut]
                        matrix[fraction][p] -= sign * score[cut]
        return gradient, matrix

    def gap(self) -> tuple[float, list[float], float]:
        """V, its gradient in the values, and sigma."""
        x1, x2, y1, y2 = self.values[:4]
        dx, dy = x2 - x1, y2 - y1
        length = math.hypot(dx, dy)
        v = math.sqrt(2) * (y1 * x2 - x1 * y2) / length
        turn = v / (length * length)
        scale = math.sqrt(2) / length
        slope = [
            -scale * y2 + turn * dx,
            scale * y1 - turn * dx,
            scale * x2 + turn * dy,
            -scale * x1 - turn * dy,
        ]
        return v, slope + [0.0] * (len(self.values) - 4), dx / dy


def fit(reference: Sequence[int], focal: Sequence[int]) -> Fit | None:
    """The maximum-likelihood fit; standard errors from the observed information by the delta method.

    Takes three or more levels' counts, lowest level first, each level filled in at least one group, for which a
    maximum exists (`reporting.gaps` says when it does). None if the counts are so unlike two normal curves that a
    level with students in it gets a chance of nearly zero.
    """
    groups = (reference, focal)
    for start in sorted(starts(groups), key=lambda line: -line.log_likelihood(groups))[:MOST_STARTS]:
        line = climb(start, groups)
        if line is None:
            continue
        lower = factor(line.system(groups, observed=True)[1])
        if lower is None:
            continue
        v, slope, sigma = line.gap()
        variance = sum(a * b for a, b in zip(slope, solve(lower, slope), strict=True))
        return Fit(v, math.sqrt(variance), sigma)
    return None


def climb(line: Line, groups: Groups) -> Line | None:
    """Newton's method with step halving; Fisher scoring where the likelihood is not yet concave."""
    height = line.log_likelihood(groups)
    if height == -math.inf:
        return None
    everyone = sum(map(sum, groups))
    for _ in range(MOST_STEPS):
        gradient, matrix = line.system(groups, observed=True)
        lower = factor(matrix) or factor(line.system(groups, observed=False)[1])
        if lower is None:
            return None
        step = solve(lower, gradient)
        gain = sum(a * b for a, b in zip(step, gradient, strict=True))
        noise = ROUNDING * (abs(height) + everyone)
        if gain < SETTLED + noise:
            return line
        share = 1.0
        while (reached := line.moved(step, share).log_likelihood(groups)) < height + 1e-4 * share * gain - 10 * noise:
            share /= 2
            if share < SHORTEST_STEP:
                return None
        line, height = line.moved(step, share), reached
    return None


def starts(groups: Groups) -> Iterator[Line]:
    """Places to start from: each pair of cuts as observed (a half student in empty levels), and no gap at all."""
    x, y = (observed_cuts([count or 0.5 for count in counts]) for counts in groups)
    cuts = range(len(x))
    for first in cuts:
        for second in cuts[first + 1 :]:
            dx, dy = x[second] - x[first], y[second] - y[first]
            along = [
                weighted(((x[k] - x[first]) / dx, groups[REFERENCE]), ((y[k] - y[first]) / dy, groups[FOCAL]))
                for k in cuts
                if k not in (first, second)
            ]
            yield Line([x[first], x[second], y[first], y[second], *along], first, second)
    both = observed_cuts([a + b for a, b in zip(*groups, strict=True)])
    span = both[-1] - both[0]
    ends = [both[0], both[-1]]
    yield Line([*ends, *ends, *((z - both[0]) / span for z in both[1:-1])], 0, len(both) - 1)


def observed_cuts(counts: Sequence[float]) -> list[float]:
    """The cuts in standard units that reproduce one group's counts exactly."""
    everyone = sum(counts)
    cuts: list[float] = []
    so_far = 0.0
    for count in counts[:-1]:
        so_far += count
        cuts.append(STANDARD.inv_cdf(so_far / everyone))
    return cuts


def weighted(*parts: tuple[float, Sequence[int]]) -> float:
    """The mean of each group's value, by its number of students."""
    return sum(value * sum(counts) for value, counts in parts) / sum(sum(counts) for _, counts in parts)
