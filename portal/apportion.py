"""Dividing amounts into shares to the cent, so that what was divided adds up again."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from portal.money import CENT


def shares(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """`amount` (none below zero) by `weights`, in whole cents that add up to it, none below zero.

    Largest remainders: everybody gets the whole cents of the exact share, and the cents left over go to those whose
    share lost most, the earlier first among equals. Raises ValueError when there is an amount but no weight.
    """
    return [row[0] for row in table(weights, [amount])] if amount else [amount] * len(weights)


def table(weights: Sequence[Decimal], amounts: Sequence[Decimal]) -> list[list[Decimal]]:
    """A row for each weight and a column for each amount, in whole cents, none below zero; every column adds up.

    When the amounts add up to the weights, so do the rows: a controlled rounding of `weight * amount / sum of
    weights`. Each cell gets its whole cents. What is then missing in a column goes, a cent a row, to the rows that miss
    most, the largest remainder first among equals (the construction in Gale's and Ryser's theorem, which finds a table
    of ones and zeros with given sums whenever there is one; the exact remainders show that there is). Raises
    ValueError when there is an amount but no weight.
    """
    parts, wholes = [_cents(each) for each in weights], [_cents(each) for each in amounts]
    together = sum(parts)
    if not together:
        if any(wholes):
            raise ValueError("There is an amount and nobody to share it.")
        return [list(amounts) for _ in weights]
    fit = sum(wholes) == together
    if together in wholes and fit:
        # All of it is in one column, as with most award years: the weights themselves are the shares.
        return [
            [weight if whole else amount for whole, amount in zip(wholes, amounts, strict=True)] for weight in weights
        ]
    cells = [[part * whole // together for whole in wholes] for part in parts]
    missing = [part - sum(row) if fit else 0 for part, row in zip(parts, cells, strict=True)]
    for column, whole in enumerate(wholes):
        lost = [part * whole % together for part in parts]
        left = whole - sum(row[column] for row in cells)
        for row in sorted(range(len(parts)), key=lambda each: (-missing[each], -lost[each], each))[:left]:
            cells[row][column] += 1
            missing[row] -= 1
    return [[Decimal(cell) * CENT for cell in row] for row in cells]


def _cents(amount: Decimal) -> int:
    return int(amount / CENT)
