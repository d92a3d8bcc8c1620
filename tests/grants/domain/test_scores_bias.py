"""The leniency of reviewers by least squares: by hand, against closed forms, and what it must never change."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grants.domain.queries.scores import Mark
from grants.domain.queries.scores_bias import estimate

CLOSE = 1e-9


def marks(**by_reviewer):
    """`rita={"harbor": "4"}` as marks."""
    return [
        Mark(reviewer, proposal, Decimal(value))
        for reviewer, values in by_reviewer.items()
        for proposal, value in values.items()
    ]


def test_estimate_of_nothing_is_nothing():
    found = estimate([])

    assert (found.adjusted, found.leniency, found.number_of_parts, found.connected) == ({}, {}, 0, True)


def test_estimate_of_a_balanced_design_is_the_difference_of_means():
    # Every reviewer marks every proposal, so the effects are the reviewers' means about the grand mean (3.5).
    found = estimate(
        marks(
            rita={"harbor": "4", "rivers": "2"},
            rolf={"harbor": "5", "rivers": "3"},
            ruth={"harbor": "4", "rivers": "3"},
        )
    )

    assert {key: each.effect for key, each in found.leniency.items()} == pytest.approx(
        {"rita": -0.5, "rolf": 0.5, "ruth": 0.0}, abs=CLOSE
    )
    assert found.adjusted == pytest.approx({"harbor": 13 / 3, "rivers": 8 / 3}, abs=CLOSE)


def test_estimate_of_a_balanced_design_has_the_standard_error_of_the_two_way_analysis():
    # The residuals are four times ±1/6 and two times ±1/3: RSS = 1/3 with 6 - 2 - 3 + 1 = 2 degrees of freedom, so
    # σ² = 1/6. The variance of an effect of r reviewers over p proposals is σ²(r - 1)/(rp) = (1/6)(2/6).
    found = estimate(
        marks(
            rita={"harbor": "4", "rivers": "2"},
            rolf={"harbor": "5", "rivers": "3"},
            ruth={"harbor": "4", "rivers": "3"},
        )
    )

    assert [each.error for each in found.leniency.values()] == pytest.approx([(1 / 18) ** 0.5] * 3, abs=CLOSE)


def test_estimate_of_an_incomplete_design_sees_through_strict_reviewers():
    # True proposals 4, 3, 2; rita adds 0, rolf -1, ruth +1. No proposal is read by all three.
    found = estimate(
        marks(
            rita={"harbor": "4", "rivers": "3"},
            rolf={"rivers": "2", "prairie": "1"},
            ruth={"prairie": "3", "harbor": "5"},
        )
    )

    assert found.adjusted == pytest.approx({"harbor": 4, "rivers": 3, "prairie": 2}, abs=CLOSE)
    assert [each.effect for each in found.leniency.values()] == pytest.approx([0, -1, 1], abs=CLOSE)
    assert found.connected


def test_estimate_without_a_degree_of_freedom_left_has_no_error():
    found = estimate(marks(rita={"harbor": "4", "rivers": "3"}, rolf={"rivers": "2"}))

    assert [each.error for each in found.leniency.values()] == [None, None]


def test_estimate_of_reviewers_who_share_nothing_says_so_and_keeps_to_each_group():
    found = estimate(
        marks(
            rita={"harbor": "4", "rivers": "3"},
            rolf={"harbor": "5", "rivers": "4"},
            ruth={"prairie": "1"},
            sara={"prairie": "3"},
        )
    )

    assert (found.connected, found.number_of_parts) == (False, 2)
    assert found.parts == {"harbor": 0, "rivers": 0, "prairie": 1}
    assert found.reviewer_parts == {"rita": 0, "rolf": 0, "ruth": 1, "sara": 1}
    assert [each.effect for each in found.leniency.values()] == pytest.approx([-0.5, 0.5, -1, 1], abs=CLOSE)


def test_estimate_of_a_single_mark_is_the_mark():
    found = estimate(marks(rita={"harbor": "4.2"}))

    assert found.adjusted == pytest.approx({"harbor": 4.2}, abs=CLOSE)
    assert found.leniency["rita"].effect == pytest.approx(0, abs=CLOSE)


def test_estimate_over_more_proposals_than_a_block_is_the_same(monkeypatch):
    given_marks = marks(
        rita={"a": "4", "b": "3", "c": "2"}, rolf={"b": "5", "c": "2", "d": "1"}, ruth={"a": "1", "d": "5", "c": "3"}
    )
    whole = estimate(given_marks)

    monkeypatch.setattr("grants.domain.queries.scores_bias._BLOCK", 1)

    assert estimate(given_marks).adjusted == pytest.approx(whole.adjusted, abs=CLOSE)


@settings(max_examples=40, deadline=None)
@given(
    designs=st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(10, 50)),
        min_size=1,
        max_size=20,
        unique_by=lambda each: each[:2],
    ),
    reviewer=st.integers(0, 3),
    shift=st.integers(-9, 9),
)
def test_constant_added_to_one_reviewer_leaves_adjusted_differences_of_a_group_as_they_are(designs, reviewer, shift):
    given_marks = [Mark(who, what, Decimal(tenths) / 10) for who, what, tenths in designs]
    shifted = [
        Mark(each.reviewer, each.proposal, each.value + (shift if each.reviewer == reviewer else 0))
        for each in given_marks
    ]

    before, after = estimate(given_marks), estimate(shifted)

    assert before.parts == after.parts
    for part in set(before.parts.values()):
        keys = [key for key in before.adjusted if before.parts[key] == part]
        differences = [after.adjusted[key] - after.adjusted[keys[0]] for key in keys]
        assert differences == pytest.approx([before.adjusted[key] - before.adjusted[keys[0]] for key in keys], abs=1e-7)
