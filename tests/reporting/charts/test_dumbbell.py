"""The gap between two groups: two marks, unless one of them would give the other away."""

import pytest

from reporting.charts import dumbbell
from reporting.charts.dumbbell import Gap

GAP = Gap("White and Black, 2026-27", "White", "Black", "42.0 %", "9.7 %", "32.3 points")


def drawn(*gaps):
    return dumbbell(gaps, key="k", title="Gaps")


def hidden(reference: str, focal: str) -> Gap:
    return Gap("White and Asian", "White", "Asian", reference, focal, "32.3 points")


def test_marks_lie_at_their_shares():
    chart = drawn(GAP)
    [row] = chart.rows
    start, end = float(chart.plot_start), float(chart.plot_end)

    assert float(row.reference_x) == pytest.approx(start + (end - start) * 0.42, abs=0.1)
    assert float(row.focal_x) == pytest.approx(start + (end - start) * 0.097, abs=0.1)
    assert row.points == "32.3 points"


def test_words_stand_outside_the_two_marks():
    [ahead, behind] = drawn(GAP, Gap("x", "White", "Asian", "42.0 %", "59.4 %", "−17.4 points")).rows

    assert (ahead.focal_anchor, ahead.reference_anchor) == ("end", "start")
    assert (behind.focal_anchor, behind.reference_anchor) == ("start", "end")


@pytest.mark.parametrize(("reference", "focal"), [("42.0 %", "n<10"), ("n<10", "9.7 %"), ("n<10", "n<10")])
def test_a_hidden_share_hides_both_marks_and_the_gap(reference, focal):
    chart = drawn(hidden(reference, focal))
    [row] = chart.rows

    assert row.notice == "Not shown, to protect students in a small group"
    assert row.points == ""
    assert row.focal_x == row.reference_x == chart.plot_start
    assert "32.3" not in repr(chart)


def test_a_bound_hides_the_gap_and_is_drawn_hollow():
    chart = drawn(hidden("42.0 %", "≤5 %"))
    [row] = chart.rows

    assert (row.focal_exact, row.reference_exact) == (False, True)
    assert row.points == "not shown"
    assert chart.cells == (("White and Asian", "42.0 %", "≤5 %", "not shown"),)


def test_description_says_every_row():
    assert drawn(GAP).description == "White and Black, 2026-27: White 42.0 %, Black 9.7 %, gap 32.3 points."


def test_no_gaps_make_an_empty_drawing():
    assert drawn().description == "No gaps were measured."
