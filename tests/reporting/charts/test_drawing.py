"""Measures that the charts share."""

import pytest

from reporting.charts.drawing import INK, PAPER, at, legend, level_colours, lines, on


def _luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


CASES = [(count, cut) for count in range(2, 7) for cut in range(1, count)]


@pytest.mark.parametrize(("count", "cut"), CASES)
def test_level_colours_are_told_apart_and_can_be_written_on(count, cut):
    colours = level_colours(count, cut)

    assert len(set(colours)) == count
    assert all(_contrast(on(colour), colour) >= 4.5 for colour in colours)


@pytest.mark.parametrize(("count", "cut"), CASES)
def test_level_colours_grow_darker_away_from_the_cut(count, cut):
    light = [_luminance(colour) for colour in level_colours(count, cut)]

    assert light[:cut] == sorted(light[:cut])
    assert light[cut:] == sorted(light[cut:], reverse=True)


def test_on_dark_writes_in_paper_and_on_light_in_ink():
    assert (on("#12514d"), on("#ffffff")) == (PAPER, INK)


@pytest.mark.parametrize(("value", "text"), [(10.0, "10"), (10.04, "10"), (0.25, "0.2"), (-3.5, "-3.5")])
def test_a_coordinate_has_one_decimal_at_most(value, text):
    assert at(value) == text


def test_lines_break_a_long_name_and_end_it_with_an_ellipsis():
    found = lines("Students with interrupted formal education, newly arrived", 150, 10, 50)

    assert [line.text for line in found] == ["Students with interrupted", "formal education, newly…"]
    assert float(found[0].y) < float(found[1].y)


def test_lines_of_an_empty_name_are_one_empty_line():
    assert [line.text for line in lines("", 150, 10, 50)] == [""]


def test_legend_takes_another_line_when_the_first_is_full():
    keys, height = legend([("#000000", "a" * 40), ("#000000", "b" * 40), ("#000000", "c")], 100, 400, 8.5)

    assert [key.x for key in keys] == ["100", "100", at(100 + 8.5 + 4 + 40 * 8.5 * 0.55 + 14)]
    assert keys[0].y != keys[1].y == keys[2].y
    assert height > 8.5 * 2
