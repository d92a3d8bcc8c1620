"""Budget against spending, for a year's components and for the years of an award."""

from decimal import Decimal

import pytest

from reporting.charts import five_years, spending
from reporting.charts.money import Amounts

ROWS = (
    Amounts("collaboration", "Collaboration", Decimal("95000.00"), Decimal("101300.00")),
    Amounts("rural", "A component without a hue", Decimal("80000.00"), None),
)


def test_bars_are_on_one_scale_that_holds_the_longest():
    chart = spending(ROWS, key="k", title="Money")
    last = float(chart.ticks[-1].at)
    bars = [bar for row in chart.rows for bar in row.bars]

    assert [tick.text for tick in chart.ticks] == ["$0", "$25,000", "$50,000", "$75,000", "$100,000", "$125,000"]
    assert all(float(bar.x) + float(bar.width) <= last for bar in bars)
    assert float(bars[0].width) / float(bars[1].width) == pytest.approx(95 / 101.3, abs=0.001)


def test_spending_that_is_not_reported_is_said_and_not_zero():
    chart = spending(ROWS, key="k", title="Money")

    assert chart.rows[1].bars[1].text == "not yet reported"
    assert chart.cells[1] == ("A component without a hue", "$80,000", "not yet reported")
    assert chart.rows[1].mark == ""


def test_no_components_make_an_empty_drawing():
    assert spending((), key="k", title="Money").description == "No money was budgeted."


@pytest.mark.parametrize(
    ("amount", "steps"), [("0", 1), ("4999", 5), ("250000", 5), ("250000.01", 3), ("9999999999.99", 4)]
)
def test_grid_lines_stay_few_for_any_amount(amount, steps):
    chart = spending([Amounts("coherence", "x", Decimal(amount), None)], key="k", title="Money")

    assert len(chart.ticks) == steps + 1


def drawn(years):
    return five_years(years, key="k", title="Years", current="Year 2", ceiling=Decimal("250000"))


def test_years_stack_components_on_one_base_line():
    chart = drawn([("Year 1", "2025-26", ROWS[:1]), ("Year 2", "2026-27", ROWS)])
    [first, second] = chart.years

    assert (first.is_current, second.is_current) == (False, True)
    assert len(first.boxes) == 2
    for box in (first.boxes[0], first.boxes[1], second.boxes[0]):
        assert float(box.y) + float(box.height) == pytest.approx(float(chart.base_y), abs=0.1)


def test_a_year_without_spending_has_one_column():
    chart = drawn([("Year 3", "2027-28", ROWS[1:])])

    assert len(chart.years[0].boxes) == 1
    assert chart.cells == (("Year 3, 2027-28", "$80,000", "not yet reported"),)


def test_the_ceiling_is_a_line_within_the_drawing():
    chart = drawn([("Year 1", "2025-26", [Amounts("coherence", "x", Decimal("500000"), None)])])

    assert float(chart.years[0].boxes[0].y) < float(chart.ceiling_y) < float(chart.base_y)
    assert chart.ceiling_label == "Most a year: $250,000"
