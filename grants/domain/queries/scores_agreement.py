"""How far reviewers agree with each other: Krippendorff's alpha. Pure functions, no database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# Krippendorff (2004), Content Analysis, 2nd edition, page 241: rely on data with an alpha of .800 or more, draw
# tentative conclusions from .667 on, and none below.
RELIABLE, TENTATIVE = 0.8, 0.667
# The library holds a number for every unit and pair of values at once; beyond so many the sums are taken by hand.
_MOST = 1_000_000


@dataclass(frozen=True)
class Agreement:
    """Alpha over so many proposals with two reviews or more; None where it is undefined."""

    alpha: float | None
    units: int

    @property
    def tone(self) -> str:
        """How a pill shows it."""
        if self.alpha is None:
            return "plain"
        return "go" if self.alpha >= RELIABLE else "wait" if self.alpha >= TENTATIVE else "bad"

    @property
    def word(self) -> str:
        """The reading in one or two words."""
        if self.alpha is None:
            return "Undefined"
        return "Reliable" if self.alpha >= RELIABLE else "Tentative" if self.alpha >= TENTATIVE else "Not reliable"

    @property
    def reading(self) -> str:
        """The reading in a sentence."""
        if self.alpha is None and not self.units:
            return "Undefined: no proposal has two submitted reviews yet."
        if self.alpha is None:
            return "Undefined: every mark is the same, so there is nothing to agree or disagree about."
        if self.alpha >= RELIABLE:
            return "Reviewers agree well: the marks can be relied on."
        if self.alpha >= TENTATIVE:
            return "Reviewers agree in part: draw tentative conclusions only."
        if self.alpha > 0:
            return "Reviewers agree too little for a decision to rest on these marks alone."
        return "Reviewers agree no better than chance would: these marks cannot rank proposals."


def agreement(units: Iterable[Sequence[float]]) -> Agreement:
    """Krippendorff's alpha for interval data over units of values; units with fewer than two values do not count.

    Alpha is 1 - observed / expected disagreement (Krippendorff 2004, chapter 11): 1 is perfect agreement, 0 what chance
    would bring. It is undefined, never 0, without two values to compare or when all values are the same.
    """
    pairable = [unit for unit in units if len(unit) > 1]
    domain = sorted({value for unit in pairable for value in unit})
    if len(domain) < 2:
        return Agreement(None, len(pairable))
    if len(pairable) * len(domain) ** 2 > _MOST:
        return Agreement(alpha_by_sums(pairable), len(pairable))
    # Not at the top: a web worker that never shows a matrix stays without numpy.
    import krippendorff
    import numpy as np

    place = {value: number for number, value in enumerate(domain)}
    counts = np.zeros((len(pairable), len(domain)), dtype=int)
    for number, unit in enumerate(pairable):
        for value in unit:
            counts[number, place[value]] += 1
    alpha = krippendorff.alpha(value_counts=counts, value_domain=domain, level_of_measurement="interval")
    return Agreement(float(alpha), len(pairable))


def alpha_by_sums(units: Sequence[Sequence[float]]) -> float:
    """The same alpha from sums of squares, for units of at least two values that are not all the same.

    For squared distances the coincidences add up to (n - 1)/n Σ nᵤ SSᵤ/(nᵤ - 1) over SS, with SSᵤ the squares around a
    unit's own mean and SS those around the mean of all n values.
    """
    # Around a value of theirs, so that nothing is lost where all values are far from zero.
    about = units[0][0]
    number, total, squares, within = 0, 0.0, 0.0, 0.0
    for unit in units:
        shifted = [value - about for value in unit]
        own, own_squares = sum(shifted), sum(each * each for each in shifted)
        within += len(unit) / (len(unit) - 1) * (own_squares - own * own / len(unit))
        number, total, squares = number + len(unit), total + own, squares + own_squares
    return 1 - (number - 1) / number * within / (squares - total * total / number)
