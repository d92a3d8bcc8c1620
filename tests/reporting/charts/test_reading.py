"""What a printed percentage says."""

import pytest

from reporting.charts.reading import Reading, read


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("42.0 %", Reading("42.0 %", 42.0, "", hidden=False)),
        ("47%", Reading("47%", 47.0, "", hidden=False)),
        ("≤5 %", Reading("≤5 %", 5.0, "≤", hidden=False)),
        ("≥98%", Reading("≥98%", 98.0, "≥", hidden=False)),
        ("100 %", Reading("100 %", 100.0, "", hidden=False)),
        ("n<10", Reading("n<10")),
        ("—", Reading("—")),
        ("", Reading("")),
        ("3 of 9", Reading("3 of 9")),
        ("101 %", Reading("101 %")),
        ("<script>5 %", Reading("<script>5 %")),
    ],
)
def test_read_tells_exact_bound_and_hidden_apart(text, reading):
    assert read(text) == reading


@pytest.mark.parametrize(("text", "exact"), [("42.0 %", True), ("≤5 %", False), ("n<10", False)])
def test_only_an_exact_figure_is_exact(text, exact):
    assert read(text).exact is exact


def test_figure_is_the_text_without_its_sign():
    assert read("≤5 %").figure == "≤5"
