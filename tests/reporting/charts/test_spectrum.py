"""The spectrum of achievement levels: where the bars lie, and that they say no more than the printed figures."""

import pytest

from reporting.charts import spectrum

LEVELS = ("Below Basic", "Basic", "Proficient", "Advanced")
OPEN = ("White", ("20 %", "30 %", "40 %", "10 %"), "50 %")


def drawn(*groups):
    return spectrum(groups, key="k", title="Mathematics", level_names=LEVELS, proficient_from=2)


def test_bars_meet_at_the_cut():
    chart = drawn(OPEN)
    [row] = chart.rows

    assert row.boxes[2].x == chart.cut_x
    assert float(row.boxes[1].x) + float(row.boxes[1].width) == pytest.approx(float(chart.cut_x), abs=0.1)


def test_widths_are_in_proportion_to_the_shares():
    [row] = drawn(OPEN).rows

    widths = [float(box.width) for box in row.boxes]
    assert [width / sum(widths) for width in widths] == pytest.approx([0.2, 0.3, 0.4, 0.1], abs=0.001)


def test_a_hidden_group_has_words_and_no_bar():
    [_, row] = drawn(OPEN, ("Asian", (), "n<10")).rows

    assert row.boxes == ()
    assert row.notice == "Not shown, to protect students in a small group"
    assert row.figure == "n<10"


def test_a_group_with_one_hidden_level_shows_only_its_two_parts():
    [row] = drawn(("Asian", ("20 %", "n<10", "40 %", "10 %"), "50 %")).rows

    assert [box.width for box in row.boxes] == [row.boxes[0].width] * 2
    assert [box.text for box in row.boxes] == ["", "50"]


def test_a_bound_is_drawn_as_an_outline():
    [row] = drawn(("Asian", (), "≤5 %")).rows

    assert [box.dashes for box in row.boxes] == ["none", "3 2"]
    assert row.boxes[1].fill == "#ffffff"


def test_bounds_share_what_the_exact_figures_leave():
    [row] = drawn(("Asian", ("60 %", "34 %", "≤5 %", "≤5 %"), "6 %")).rows

    widths = [float(box.width) for box in row.boxes]
    assert [width / sum(widths) for width in widths] == pytest.approx([0.6, 0.34, 0.03, 0.03], abs=0.001)


def test_a_lower_bound_takes_the_long_side():
    [row] = drawn(("Asian", (), "≥95 %")).rows

    assert float(row.boxes[1].width) == pytest.approx(float(row.boxes[0].width) * 19, rel=0.05)


def test_scale_reaches_the_longest_bar_on_each_side():
    chart = drawn(OPEN, ("Asian", ("1 %", "9 %", "30 %", "60 %"), "90 %"))

    assert [tick.text for tick in chart.ticks] == ["50 %", "25 %", "0 %", "25 %", "50 %", "75 %", "100 %"]
    assert (chart.ticks[0].at, chart.ticks[-1].at) == (chart.plot_start, chart.plot_end)


def test_description_and_table_carry_the_printed_figures_only():
    chart = drawn(OPEN, ("Asian", (), "n<10"))

    assert chart.description == "Share of students at Proficient or above. White: 50 %; Asian: n<10."
    assert chart.columns == ("Student group", *LEVELS, "Proficient or above")
    assert chart.cells == (
        ("White", "20 %", "30 %", "40 %", "10 %", "50 %"),
        ("Asian", "not shown", "not shown", "not shown", "not shown", "n<10"),
    )


def test_no_groups_make_an_empty_drawing():
    chart = drawn()

    assert (chart.rows, chart.description) == ((), "No results were reported.")


def test_figures_that_are_all_zero_draw_nothing():
    [row] = drawn(("Asian", ("0 %", "0 %", "0 %", "0 %"), "0 %")).rows

    assert row.boxes == ()
