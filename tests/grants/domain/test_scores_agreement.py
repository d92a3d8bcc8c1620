"""Krippendorff's alpha: published examples, both ways to compute it, and when it is undefined."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grants.domain.queries.scores_agreement import Agreement, agreement, alpha_by_sums

# The data of Wikipedia's article and the library's documentation, by unit: interval alpha 0.810845.
WIKIPEDIA = [
    [1],
    [],
    [2, 2],
    [1, 1],
    [3, 3],
    [3, 3, 4],
    [4, 4, 4],
    [1, 3],
    [2, 2],
    [1, 1],
    [1, 1],
    [3, 3],
    [3, 3],
    [],
    [3, 4],
]
# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), example C: interval alpha 0.849.
KRIPPENDORFF = [
    [1, 1, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4], [4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2],
    [5, 5, 5], [1, 1], [3],
]  # fmt: skip


@pytest.mark.parametrize(("units", "alpha", "number"), [(WIKIPEDIA, 0.810845, 12), (KRIPPENDORFF, 0.849, 11)])
def test_alpha_of_published_data_is_as_published(units, alpha, number):
    found = agreement(units)

    places = len(str(alpha)) - 2
    assert (round(found.alpha, places), found.units) == (alpha, number)


@pytest.mark.parametrize("units", [WIKIPEDIA, KRIPPENDORFF])
def test_alpha_by_sums_is_the_librarys(units):
    pairable = [unit for unit in units if len(unit) > 1]

    assert alpha_by_sums(pairable) == pytest.approx(agreement(units).alpha, abs=1e-12)


@settings(max_examples=30, deadline=None)
@given(
    units=st.lists(
        st.lists(st.integers(10, 50).map(lambda tenths: tenths / 10), min_size=2, max_size=5), min_size=1, max_size=8
    )
)
def test_alpha_by_sums_of_anything_is_the_librarys(units):
    assume(len({value for unit in units for value in unit}) > 1)

    assert alpha_by_sums(units) == pytest.approx(agreement(units).alpha, abs=1e-9)


def test_alpha_of_a_large_round_is_taken_by_sums(monkeypatch):
    small = agreement(KRIPPENDORFF)

    monkeypatch.setattr("grants.domain.queries.scores_agreement._MOST", 10)

    assert agreement(KRIPPENDORFF).alpha == pytest.approx(small.alpha, abs=1e-12)


@pytest.mark.parametrize(
    ("units", "found", "reading"),
    [
        ([], Agreement(None, 0), "Undefined: no proposal has two submitted reviews yet."),
        ([[4], [2]], Agreement(None, 0), "Undefined: no proposal has two submitted reviews yet."),
        (
            [[4, 4], [4, 4]],
            Agreement(None, 2),
            "Undefined: every mark is the same, so there is nothing to agree or disagree about.",
        ),
        # The one mark that differs has nothing to be compared with.
        (
            [[4, 4], [4, 4], [1]],
            Agreement(None, 2),
            "Undefined: every mark is the same, so there is nothing to agree or disagree about.",
        ),
    ],
)
def test_alpha_without_anything_to_compare_is_undefined_and_never_zero(units, found, reading):
    assert agreement(units) == found
    assert (found.reading, found.tone, found.word) == (reading, "plain", "Undefined")


@pytest.mark.parametrize(
    ("alpha", "word", "tone"),
    [(1.0, "Reliable", "go"), (0.8, "Reliable", "go"), (0.799, "Tentative", "wait"), (0.667, "Tentative", "wait"),
     (0.666, "Not reliable", "bad"), (0.0, "Not reliable", "bad"), (-0.2, "Not reliable", "bad")],
)  # fmt: skip
def test_alpha_is_read_by_krippendorffs_thresholds(alpha, word, tone):
    assert (Agreement(alpha, 3).word, Agreement(alpha, 3).tone) == (word, tone)


def test_alpha_of_perfect_agreement_is_one():
    assert agreement([[4, 4], [2, 2]]).alpha == pytest.approx(1.0)
