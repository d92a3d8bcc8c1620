"""The four readings of a gap between two years."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.gaps import Undefined, measure
from reporting.trend import Kind, read_trend


def of_thousand(reference, focal):
    """Two groups of 1,000 on two levels, so many of them at the upper one."""
    return measure([1000 - reference, reference], [1000 - focal, focal])


def trend(before, after, **changed):
    return read_trend(of_thousand(*before), of_thousand(*after), from_level=2, **({"same_test": True} | changed))


@pytest.mark.parametrize(
    ("before", "after", "kind", "sentence"),
    [
        ((600, 400), (650, 550), Kind.NARROWED_BOTH_GAINED, "The gap narrowed and both groups gained."),
        (
            (600, 400),
            (500, 400),
            Kind.NARROWED_TOP_DID_NOT_GAIN,
            "The gap narrowed because White students fell, while Black students stood still.",
        ),
        (
            (600, 400),
            (500, 450),
            Kind.NARROWED_TOP_DID_NOT_GAIN,
            "The gap narrowed because White students fell, while Black students gained.",
        ),
        (
            (600, 400),
            (450, 350),
            Kind.NARROWED_TOP_DID_NOT_GAIN,
            "The gap narrowed because White students fell, and Black students fell too.",
        ),
        (
            (600, 400),
            (600, 500),
            Kind.NARROWED_TOP_DID_NOT_GAIN,
            "The gap narrowed because Black students gained while White students stood still.",
        ),
        ((600, 500), (800, 550), Kind.NOT_NARROWED_BOTH_GAINED, "Both groups gained, but the gap grew."),
        ((600, 500), (650, 550), Kind.NOT_NARROWED_BOTH_GAINED, "Both groups gained, but the gap stayed the same."),
        (
            (600, 500),
            (650, 400),
            Kind.NOT_NARROWED_NOT_BOTH_GAINED,
            "The gap grew: White students gained and Black students fell.",
        ),
        (
            (600, 500),
            (600, 500),
            Kind.NOT_NARROWED_NOT_BOTH_GAINED,
            "The gap stayed the same: White students stood still and Black students stood still.",
        ),
        (
            (400, 600),
            (450, 500),
            Kind.NARROWED_TOP_DID_NOT_GAIN,
            "The gap narrowed because Black students fell, while White students gained.",
        ),
        (
            (600, 550),
            (610, 570),
            Kind.NARROWED_BOTH_GAINED,
            "The gap narrowed and both groups gained. The change in the gap is small enough to be chance.",
        ),
    ],
)
def test_trend_two_years_is_called_what_it_is(before, after, kind, sentence):
    read = trend(before, after)
    assert read.kind == kind
    assert read.sentence("White students", "Black students") == sentence


def test_trend_top_group_fell_says_so():
    read = trend((600, 400), (500, 400))
    assert read.top_fell
    assert (read.reference_change, read.focal_change, read.gap_change) == (-10.0, 0.0, -10.0)
    assert read.gap_change_standard_error == pytest.approx((0.24 * 3 + 0.25) ** 0.5 * 100 / 1000**0.5)
    assert read.beyond_chance is True
    assert read.v_change == pytest.approx(0.2533471 - 0.5066942, abs=1e-6)


def test_trend_lead_changed_hands_and_grew_has_not_narrowed():
    read = trend((520, 500), (500, 600))
    assert read.kind == Kind.NOT_NARROWED_NOT_BOTH_GAINED
    assert read.gap_change == pytest.approx(8)


@given(*[st.tuples(st.integers(0, 1000), st.integers(0, 1000)) for _ in range(2)])
def test_trend_narrowed_without_both_gaining_always_has_a_top_that_did_not_gain(before, after):
    read = trend(before, after)
    top = read.reference_change if read.reference_led else read.focal_change
    if read.kind == Kind.NARROWED_TOP_DID_NOT_GAIN:
        assert top <= 0
        assert read.top_fell == (top < 0)
    assert read.sentence().startswith(("The gap", "Both groups"))


def test_trend_new_test_is_undefined():
    read = trend((600, 400), (650, 550), same_test=False)
    assert read == Undefined("The test or its cut scores changed between these years, so they cannot be compared.")


@pytest.mark.parametrize("empty_year", [0, 1])
def test_trend_year_without_students_is_undefined(empty_year):
    years = [of_thousand(600, 400), of_thousand(650, 550)]
    years[empty_year] = measure([0, 0], [400, 600])
    assert read_trend(*years, from_level=2, same_test=True) == Undefined("The reference group has no students.")


@pytest.mark.parametrize("odd_year", [0, 1])
def test_trend_year_without_errors_or_v_keeps_the_reading(odd_year):
    years = [(600, 400), (650, 550)]
    years[odd_year] = (1000, 550)
    read = trend(*years)
    assert isinstance(read.v_change, Undefined)
    assert isinstance(read.gap_change_standard_error, Undefined)
    assert isinstance(read.beyond_chance, Undefined)
    assert read.kind in Kind
