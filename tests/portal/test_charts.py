"""Geometry of meters and year bars."""

from decimal import Decimal

from portal.charts import Bar, Column, Part, drawn_bars, drawn_columns, meter_segments, totals_by_component


def _part(code, amount):
    return Part(code, code.title(), Decimal(amount))


def _bar(label, *amounts):
    codes = ("collaboration", "partnerships", "coherence")
    return Bar(label, tuple(_part(code, amount) for code, amount in zip(codes, amounts, strict=True)), Decimal(250_000))


def test_meter_segments_stand_one_after_the_other():
    segments = meter_segments([_part("collaboration", 250), _part("coherence", 500)], Decimal(1000))

    assert [(each.start, each.length) for each in segments] == [("0%", "25%"), ("25%", "50%")]


def test_meter_segments_over_the_maximum_stop_at_the_end():
    segments = meter_segments([_part("collaboration", 900), _part("coherence", 500)], Decimal(1000))

    assert [each.length for each in segments] == ["90%", "10%"]


def test_meter_segments_without_a_maximum_are_empty():
    assert [each.length for each in meter_segments([_part("coherence", 5)], Decimal(0))] == ["0%"]


def test_bars_within_the_ceiling_are_drawn_to_it():
    (drawn,) = drawn_bars([_bar("Year 1", 125_000, 0, 62_500)])

    assert [(each.start, each.length) for each in drawn.segments] == [("50%", "50%"), ("50%", "0%"), ("25%", "25%")]
    assert [each.mark_at for each in drawn.segments] == ["75%", "", "37.5%"]
    assert drawn.ceiling_at == "0%"


def test_bars_over_the_ceiling_share_the_higher_scale():
    drawn = drawn_bars([_bar("Year 1", 250_000, 0, 0), _bar("Year 2", 250_000, 250_000, 0)])

    assert drawn[0].segments[0].length == "50%"
    assert [each.ceiling_at for each in drawn] == ["50%", "50%"]
    assert [each.bar.excess for each in drawn] == [Decimal("0.00"), Decimal(250_000)]


def test_bars_of_nothing_have_no_height():
    empty = Bar("Year 1", (_part("coherence", 0),))

    assert drawn_bars([]) == []
    assert drawn_bars([empty])[0].segments[0].length == "0%"
    assert empty.excess == Decimal("0.00")


def test_totals_by_component_keep_the_order_of_first_appearance():
    totals = totals_by_component([_bar("Year 1", 1, 2, 3), _bar("Year 2", 10, 20, 30)])

    assert [(each.code, each.amount) for each in totals] == [
        ("collaboration", Decimal(11)),
        ("partnerships", Decimal(22)),
        ("coherence", Decimal(33)),
    ]


def test_columns_stand_side_by_side_on_one_scale():
    drawn = drawn_columns([Column("4:40 pm", 1), Column("4:41 pm", 4)])

    assert [(each.start, each.width, each.top, each.height) for each in drawn] == [
        ("0%", "40%", "75%", "25%"),
        ("50%", "40%", "0%", "100%"),
    ]


def test_columns_of_nothing_are_flat():
    assert [each.height for each in drawn_columns([Column("4:40 pm", 0)])] == ["0%"]
    assert drawn_columns([]) == []
