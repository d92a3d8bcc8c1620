"""What facts drop by themselves, so that no caller can give a small group away."""

import pytest

from reporting.pdf.facts import PROTECTED, GapReading, GroupResult


def gap(reference_percent, focal_percent) -> GapReading:
    return GapReading(
        "White", "Asian", "2026-27", reference_percent, focal_percent, "32.3 points", "1.0", v="0.97", v_se="0.03"
    )


def test_gap_between_exact_shares_is_kept():
    reading = gap("42.0 %", "9.7 %")

    assert (reading.points, reading.points_se, reading.v, reading.v_se, reading.undefined) == (
        "32.3 points", "1.0", "0.97", "0.03", "",
    )  # fmt: skip


@pytest.mark.parametrize(("reference", "focal"), [("n<10", "9.7 %"), ("42.0 %", "n<10")])
def test_gap_with_a_hidden_share_loses_points_and_v(reference, focal):
    reading = gap(reference, focal)

    assert (reading.points, reading.points_se, reading.v, reading.v_se, reading.undefined) == (
        "not shown", "", "", "", PROTECTED,
    )  # fmt: skip


def test_gap_with_a_bound_loses_its_points_and_keeps_v():
    reading = gap("42.0 %", "≤5 %")

    assert (reading.points, reading.points_se, reading.v) == ("not shown", "", "0.97")


def test_hidden_group_loses_its_levels():
    assert GroupResult("Asian", "fewer than 10", ("20 %", "80 %"), "n<10").levels == ()
    assert GroupResult("White", "3,484", ("20 %", "80 %"), "80 %").levels == ("20 %", "80 %")
