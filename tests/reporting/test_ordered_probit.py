"""The fit behind V: its derivatives are the likelihood's, and what it finds is the top."""

from itertools import pairwise
from statistics import NormalDist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.gaps.cholesky import factor, solve
from reporting.gaps.normal_levels import below, between
from reporting.gaps.ordered_probit import Line, climb, fit, starts

GROUPS = ((22, 98, 148, 150, 79), (16, 73, 71, 33, 4))
LINE = Line([-1.6, 0.9, -1.2, 1.6, 0.42, 0.77], 0, 3)


def nudged(line, **by):
    values = list(line.values)
    for place, step in by.items():
        values[int(place[1:])] += step
    return line._replace(values=values).log_likelihood(GROUPS)


@pytest.mark.parametrize("place", range(6))
def test_gradient_is_the_slope_of_the_log_likelihood(place):
    gradient, _ = LINE.system(GROUPS, observed=True)
    step = 1e-5
    slope = (nudged(LINE, **{f"v{place}": step}) - nudged(LINE, **{f"v{place}": -step})) / (2 * step)
    assert gradient[place] == pytest.approx(slope, abs=1e-3)


@pytest.mark.parametrize("p", range(6))
@pytest.mark.parametrize("q", range(6))
def test_information_is_minus_the_curvature_of_the_log_likelihood(p, q):
    _, matrix = LINE.system(GROUPS, observed=True)
    step = 1e-5
    above, under = (
        LINE._replace(values=[v + (sign * step if k == q else 0) for k, v in enumerate(LINE.values)]).system(
            GROUPS, observed=True
        )[0]
        for sign in (1, -1)
    )
    assert matrix[p][q] == pytest.approx(-(above[p] - under[p]) / (2 * step), abs=1e-3)


@settings(deadline=None)
@given(
    st.tuples(*[st.lists(st.integers(1, 400), min_size=4, max_size=4) for _ in range(2)]),
    st.lists(st.floats(-0.2, 0.2), min_size=5, max_size=5),
)
def test_climb_from_anywhere_near_ends_at_the_top(groups, push):
    tops = [line for start in starts(groups) if (line := climb(start, groups))]
    height = tops[0].log_likelihood(groups)
    for top in tops:
        assert top.log_likelihood(groups) == pytest.approx(height, abs=1e-6)
    assert tops[0].moved(push, 1).log_likelihood(groups) <= height + 1e-9


def test_fit_counts_made_by_two_bell_curves_finds_them():
    cuts, (mean, spread) = (-1.0, 0.2, 1.3), (-0.7, 1.4)
    counts = []
    for curve in (NormalDist(), NormalDist(mean, spread)):
        shares = [0.0, *(curve.cdf(cut) for cut in cuts), 1.0]
        counts.append([round(1e9 * (high - low)) for low, high in pairwise(shares)])
    found = fit(*counts)
    assert found.v == pytest.approx(0.7 / ((1 + 1.4**2) / 2) ** 0.5, abs=1e-7)
    assert found.sigma == pytest.approx(1.4, abs=1e-7)


def test_fit_counts_no_bell_curve_makes_is_none():
    assert fit([10**9, 10**6, 10**4, 1], [10**9, 0, 10**5, 1]) is None


@pytest.mark.parametrize(("low", "high"), [(-9, -8), (8, 9), (-0.5, 0.5), (1.0, 1.0 + 1e-6), (-30.0, -29.99)])
def test_between_is_exact_in_tails_and_slices(low, high):
    steps = 2000
    width = (high - low) / steps
    curve = NormalDist()
    middle = sum(curve.pdf(low + (k + 0.5) * width) for k in range(steps)) * width
    assert between(low, high) == pytest.approx(middle, rel=1e-5)
    assert between(low, high) == pytest.approx(between(-high, -low), rel=1e-12)


def test_below_far_in_the_tail_is_not_zero():
    assert below(-30) == pytest.approx(4.9067e-198, rel=1e-3)


def test_factor_not_positive_definite_is_none():
    assert factor([[1.0, 2.0], [2.0, 1.0]]) is None
    assert factor([[float("nan")]]) is None


def test_solve_gives_back_the_unknowns():
    matrix = [[4.0, 1.0, 0.5], [1.0, 3.0, 0.2], [0.5, 0.2, 2.0]]
    right = [sum(a * b for a, b in zip(row, (1.0, -2.0, 3.0), strict=True)) for row in matrix]
    assert solve(factor(matrix), right) == pytest.approx([1.0, -2.0, 3.0])
