"""Shares to the cent: whatever is divided adds up again, and nobody gets less than nothing."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.apportion import shares, table

pytestmark = pytest.mark.once
cents = st.integers(0, 25_000_000).map(lambda each: Decimal(each) / 100)


def dollars(*amounts):
    return [Decimal(each) for each in amounts]


@pytest.mark.parametrize(
    ("amount", "weights", "expected"),
    [
        ("100.00", ("1", "1", "1"), ("33.34", "33.33", "33.33")),
        ("0.01", ("40", "36", "24"), ("0.01", "0.00", "0.00")),
        ("0.05", ("40", "36", "24"), ("0.02", "0.02", "0.01")),
        ("10.00", ("0", "5"), ("0.00", "10.00")),
        ("0.00", ("0", "0"), ("0.00", "0.00")),
    ],
)
def test_shares_give_the_cents_left_over_to_whoever_lost_most(amount, weights, expected):
    assert shares(Decimal(amount), dollars(*weights)) == dollars(*expected)


def test_table_keeps_rows_exact_where_each_column_alone_would_not():
    weights = dollars("0.01", "0.01", "0.01")

    found = table(weights, dollars("0.01", "0.01", "0.01"))

    assert [sum(row) for row in found] == weights
    assert [sum(column) for column in zip(*found, strict=True)] == weights


def test_shares_of_nobody_are_refused():
    with pytest.raises(ValueError, match="nobody to share it"):
        shares(Decimal(1), dollars("0", "0"))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(cents, min_size=1, max_size=4), st.data())
def test_table_adds_up_both_ways(weights, data):
    """The amounts are a random cut of the weights' sum, as scheduled, cleared, paid and left are of an award year."""
    whole = int(sum(weights) * 100)
    cuts = sorted(data.draw(st.lists(st.integers(0, whole), min_size=4, max_size=4)))
    amounts = [Decimal(b - a) / 100 for a, b in zip([0, *cuts], [*cuts, whole], strict=True)]

    found = table(weights, amounts)

    assert [sum(row) for row in found] == weights
    assert [sum(column) for column in zip(*found, strict=True)] == amounts
    exact = [[weight * amount / (sum(weights) or 1) for amount in amounts] for weight in weights]
    assert all(
        cell >= 0 and abs(cell - true) < Decimal("0.02")
        for row, trues in zip(found, exact, strict=True)
        for cell, true in zip(row, trues, strict=True)
    )


@settings(max_examples=100, deadline=None, derandomize=True)
@given(cents, st.lists(cents, min_size=1, max_size=5).filter(any))
def test_shares_add_up_and_are_within_a_cent(amount, weights):
    found = shares(amount, weights)

    assert sum(found) == amount
    assert all(
        abs(share - amount * weight / sum(weights)) < Decimal("0.01")
        for share, weight in zip(found, weights, strict=True)
    )
