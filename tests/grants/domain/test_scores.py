"""The arithmetic of scores, on examples worked out by hand."""

from decimal import Decimal

import pytest

from grants.domain.queries.scores import (
    Mark,
    are_split,
    mean,
    normalised_means,
    outlier,
    raw_means,
    standard_scores,
    weighted_mean,
)


def marks(**by_reviewer):
    """`rita={"harbor": "4"}` as marks."""
    return [
        Mark(reviewer, proposal, Decimal(value))
        for reviewer, values in by_reviewer.items()
        for proposal, value in values.items()
    ]


def rounded(values):
    return {key: value.quantize(Decimal("0.0001")) for key, value in values.items()}


def test_weighted_mean_counts_each_score_by_its_weight():
    assert weighted_mean([(5, 1), (4, 2), (2, 3)]) == Decimal("3.167")  # (5 + 8 + 6) / 6


def test_weighted_mean_of_nothing_is_undefined():
    assert weighted_mean([]) is None


def test_mean_of_nothing_is_undefined():
    assert mean([]) is None


def test_raw_means_are_taken_for_each_proposal():
    given = marks(rita={"harbor": "4", "rivers": "3"}, rolf={"harbor": "5"})

    assert raw_means(given) == {"harbor": Decimal("4.5"), "rivers": Decimal("3")}


def test_standard_scores_use_the_reviewers_own_mean_and_sample_deviation():
    given = marks(rita={"harbor": "5", "rivers": "4", "prairie": "3"})

    assert rounded(standard_scores(given)) == {
        given[0]: Decimal("1.0000"),
        given[1]: Decimal("0.0000"),
        given[2]: Decimal("-1.0000"),
    }


def test_normalised_means_make_a_strict_and_a_mild_reviewer_comparable():
    given = marks(
        rita={"harbor": "3", "rivers": "2", "prairie": "1"},
        rolf={"harbor": "5", "rivers": "4.5", "prairie": "4"},
    )

    assert rounded(normalised_means(given)) == {
        "harbor": Decimal("1.0000"),
        "rivers": Decimal("0.0000"),
        "prairie": Decimal("-1.0000"),
    }


def test_normalised_means_leave_out_a_reviewer_without_spread():
    given = marks(rita={"harbor": "4", "rivers": "4"}, rolf={"harbor": "5", "rivers": "3"})

    assert rounded(normalised_means(given)) == {"harbor": Decimal("0.7071"), "rivers": Decimal("-0.7071")}


def test_normalised_means_leave_out_a_reviewer_with_one_mark():
    given = marks(rita={"harbor": "1"}, rolf={"harbor": "5", "rivers": "3"})

    assert rounded(normalised_means(given)) == {"harbor": Decimal("0.7071"), "rivers": Decimal("-0.7071")}


def test_normalised_means_when_no_mark_can_be_standardised_are_undefined():
    assert normalised_means(marks(rita={"harbor": "4"}, rolf={"rivers": "3"})) == {}


def test_normalised_means_of_nothing_are_nothing():
    assert normalised_means([]) == {}


@pytest.mark.parametrize(
    ("values", "split"),
    [
        ([], False),
        (["3"], False),
        (["4.2", "4.5", "4.8"], False),
        (["3.0", "4.333"], False),  # 1.333 of a scale of 4 is not more than a third
        (["3.0", "4.334"], True),
        (["3.2", "4.9", "5.0"], True),
    ],
)
def test_reviewers_more_than_a_third_of_the_scale_apart_are_split(values, split):
    assert are_split([Decimal(value) for value in values], top_score=5) is split


def test_outlier_of_split_marks_is_the_one_furthest_from_the_median():
    assert outlier([Decimal("3.2"), Decimal("4.9"), Decimal("5.0")], top_score=5) == Decimal("3.2")


def test_outlier_of_two_split_marks_is_the_lower_one():
    assert outlier([Decimal("5"), Decimal("2")], top_score=5) == Decimal("2")


def test_outlier_of_marks_that_agree_is_undefined():
    assert outlier([Decimal("4.2"), Decimal("4.5")], top_score=5) is None
