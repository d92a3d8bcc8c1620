"""Counts out of percents: only where nothing else could have been meant."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from sites.results.cells import COUNT, PERCENT, Cell

# A rounded half may have gone either way.
_HALF = Fraction(1, 2)


def counts_from(levels: Sequence[Cell], tested: Cell | None) -> tuple[int, ...] | None:
    """The numbers of students behind percents of a known number tested; None when they cannot be known.

    A percent rounded to `places` decimals stands for every count within half a unit of its last place. It tells a count
    only when exactly one whole number of students lies there: 16.7% of 66 is 11 and nothing else, 16.74% of 66,287 could
    be any of seven. When every level has one such count and together they are everybody tested, no other counts could
    have been written down this way, so these are read and not made up. Anything else (a level withheld, two candidates,
    a sum that differs) needs the counts themselves.
    """
    if tested is None or tested.kind != COUNT or tested.count == 0:
        return None
    counts = []
    for cell in levels:
        only = _only_count(cell, tested.count)
        if only is None:
            return None
        counts.append(only)
    return tuple(counts) if sum(counts) == tested.count else None


def _only_count(cell: Cell, tested: int) -> int | None:
    if cell.kind == COUNT and cell.count <= 100:  # a whole percent without its sign
        cell = Cell(PERCENT, percent=Decimal(cell.count))
    if cell.kind != PERCENT:
        return None
    unit = Fraction(1, 10**cell.places)
    percent = Fraction(cell.percent)
    lowest = (percent - unit * _HALF) * tested / 100
    highest = (percent + unit * _HALF) * tested / 100
    first = max(0, -(-lowest.numerator // lowest.denominator))
    last = min(tested, highest.numerator // highest.denominator)
    return first if first == last else None
