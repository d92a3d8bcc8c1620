"""Achievement gaps between two student groups, from their counts of students per achievement level.

Counts run from the lowest level to the highest. A gap is the reference group minus the focal group: positive means
the reference group is ahead. What the counts cannot tell is `Undefined`, with the reason in words, and never 0.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from reporting.gaps.normal_levels import density
from reporting.gaps.ordered_probit import STANDARD, fit

FEWEST_LEVELS, MOST_LEVELS = 2, 6
MOST_STUDENTS = 1_000_000_000
# An interval ten standard deviations wide on either side holds every gap there is: the counts say nothing.
LARGEST_STANDARD_ERROR = 5.0

Counts = Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Undefined:
    """A measure the counts cannot give. `reason` is one sentence a reader understands."""

    reason: str


@dataclass(frozen=True, slots=True)
class Share:
    """How many of a group's students are at or above a cut."""

    at_or_above: int
    students: int

    @property
    def exact(self) -> Fraction:
        """The percentage as an exact fraction, for comparing without rounding."""
        return Fraction(100 * self.at_or_above, self.students)

    @property
    def percent(self) -> float:
        return float(self.exact)

    @property
    def standard_error(self) -> float | Undefined:
        """In percentage points: 100 √(p (1 - p) / n). Nothing was seen to vary when p is 0 or 1."""
        if self.at_or_above in (0, self.students):
            return Undefined(
                "All students of a group are on the same side of the cut, so nothing shows how sure this is."
            )
        p = self.at_or_above / self.students
        return 100 * math.sqrt(p * (1 - p) / self.students)


@dataclass(frozen=True, slots=True)
class PointGap:
    """Percent at or above one cut, reference minus focal. `from_level` is the first level above it, counted from 1."""

    from_level: int
    reference: Share
    focal: Share

    @property
    def exact(self) -> Fraction:
        return self.reference.exact - self.focal.exact

    @property
    def points(self) -> float:
        """The gap in percentage points."""
        return float(self.exact)

    @property
    def standard_error(self) -> float | Undefined:
        """In percentage points; the two groups are different students, so their variances add."""
        reference, focal = self.reference.standard_error, self.focal.standard_error
        if isinstance(reference, Undefined):
            return reference
        if isinstance(focal, Undefined):
            return focal
        return math.hypot(reference, focal)


@dataclass(frozen=True, slots=True)
class ThresholdFreeGap:
    """V and its standard error in pooled standard deviations; `sigma` is the focal group's spread over the reference's.

    `method`: "hetop" estimates both spreads; "homop" takes them as equal, all that two levels allow.
    """

    v: float
    standard_error: float
    sigma: float
    method: Literal["hetop", "homop"]


@dataclass(frozen=True, slots=True)
class Gaps:
    """Every gap between two groups: at each cut from the lowest (low end) to the highest (high end), and V."""

    at_cuts: tuple[PointGap, ...] | Undefined
    threshold_free: ThresholdFreeGap | Undefined

    def from_level(self, level: int) -> PointGap | Undefined:
        """The gap at the cut below `level` (2 is the lowest cut). IndexError if the test has no such level."""
        if isinstance(self.at_cuts, Undefined):
            return self.at_cuts
        if level < FEWEST_LEVELS:
            raise IndexError("Everybody is at level 1 or above, so there is no cut below it.")
        return self.at_cuts[level - FEWEST_LEVELS]


def measure(reference: Counts, focal: Counts) -> Gaps:
    """All gaps between two groups, from their counts per level, lowest level first; None is a count not known.

    Raises ValueError with a sentence if the counts cannot be counts: not 2 to 6 levels, not as many in both groups,
    not whole, negative, or over a billion.
    """
    known_reference = _checked(reference, "reference")
    known_focal = _checked(focal, "focal")
    if len(reference) != len(focal):
        raise ValueError("both groups need the same number of levels")
    if isinstance(known_reference, Undefined):
        return Gaps(known_reference, known_reference)
    if isinstance(known_focal, Undefined):
        return Gaps(known_focal, known_focal)
    at_cuts = tuple(
        PointGap(level, _share(known_reference, level), _share(known_focal, level))
        for level in range(FEWEST_LEVELS, len(reference) + 1)
    )
    return Gaps(at_cuts, _threshold_free(known_reference, known_focal))


def _checked(counts: Counts, group: str) -> list[int] | Undefined:
    if not FEWEST_LEVELS <= len(counts) <= MOST_LEVELS:
        raise ValueError(f"a test has {FEWEST_LEVELS} to {MOST_LEVELS} levels, and the {group} group has {len(counts)}")
    known = [count for count in counts if count is not None]
    for count in known:
        if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= MOST_STUDENTS:
            raise ValueError(f"the {group} group's counts must be whole numbers from 0 to {MOST_STUDENTS:,}")
    if len(known) < len(counts):
        return Undefined(f"A count of the {group} group is missing.")
    if not any(known):
        return Undefined(f"The {group} group has no students.")
    return known


def _share(counts: Sequence[int], from_level: int) -> Share:
    return Share(sum(counts[from_level - 1 :]), sum(counts))


def _threshold_free(reference: Sequence[int], focal: Sequence[int]) -> ThresholdFreeGap | Undefined:
    """Ho & Reardon (2012), by maximum likelihood. A level nobody reached tells nothing and is left out."""
    reference, focal = zip(*((r, f) for r, f in zip(reference, focal, strict=True) if r or f), strict=True)
    if reason := _why_no_estimate(reference, focal):
        return Undefined(reason)
    if len(reference) == 2:
        return _equal_spreads(reference, focal)
    estimate = fit(reference, focal)
    if estimate is None or estimate.standard_error > LARGEST_STANDARD_ERROR:
        return Undefined(
            "The two groups overlap too little, or their counts are too far from bell curves, to measure the gap in "
            "standard deviations."
        )
    return ThresholdFreeGap(estimate.v, estimate.standard_error, estimate.sigma, "hetop")


def _why_no_estimate(reference: Sequence[int], focal: Sequence[int]) -> str | None:
    """Why the likelihood has no maximum, or None if it has one.

    In each group's own standard units the cuts lie on a rising line. The likelihood stays above zero while that line
    tips over to flat or upright exactly if one group has nobody strictly between the other's lowest and highest
    filled levels; it then keeps growing towards an infinite spread or distance. In all other cases it vanishes at
    every edge, so a maximum exists. (The limits of the line in the plane with its points at infinity are the flat,
    the upright and the two corner lines; the corners are separation and a special case of the first two.)
    """
    filled = {
        name: [level for level, count in enumerate(counts) if count]
        for name, counts in (("reference", reference), ("focal", focal))
    }
    if len(reference) == 1:
        return "All students of both groups are at the same level, so the counts say nothing about a gap."
    for name, levels in filled.items():
        if len(levels) == 1:
            return f"All students of the {name} group are at one level, so their spread cannot be measured."
    if len(reference) == 2:
        return None
    if filled["reference"][0] >= filled["focal"][-1] or filled["focal"][0] >= filled["reference"][-1]:
        return "The two groups do not overlap, so the distance between them cannot be measured."
    for inner, outer in (("reference", "focal"), ("focal", "reference")):
        if not any(filled[outer][0] < level < filled[outer][-1] for level in filled[inner]):
            return "Too few levels have students of both groups to compare the two groups' spreads."
    return None


def _equal_spreads(reference: Sequence[int], focal: Sequence[int]) -> ThresholdFreeGap:
    """Two levels: the distance between the groups' probits, and its standard error by the delta method."""
    probits = []
    variance = 0.0
    for low, high in (reference, focal):
        p = high / (low + high)
        probit = STANDARD.inv_cdf(p)
        probits.append(probit)
        variance += p * (1 - p) / (low + high) / density(probit) ** 2
    return ThresholdFreeGap(probits[0] - probits[1], math.sqrt(variance), 1.0, "homop")
