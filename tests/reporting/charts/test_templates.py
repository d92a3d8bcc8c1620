"""The drawings as markup: right for a page's security policy, named for those who cannot see them."""

import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string

from reporting.charts import dumbbell, five_years, spectrum, spending
from reporting.charts.dumbbell import Gap
from reporting.charts.money import Amounts

NASTY = '"><script>alert(1)</script>'
MONEY = [Amounts("partnerships", NASTY, Decimal("75000"), Decimal("61480.75"))]
SHARES = ("20 %", "30 %", "40 %", "10 %")
CHARTS = {
    "spectrum": spectrum(
        [(NASTY, SHARES, "50 %"), ("Asian", (), "n<10")],
        key="results-1", title=NASTY, level_names=("A", "B", "C", NASTY), proficient_from=2,
    ),
    "dumbbell": dumbbell(
        [Gap(NASTY, "White", NASTY, "42.0 %", "9.7 %", "32.3 points"), Gap("x", "a", "b", "n<10", "1 %", NASTY)],
        key="gaps-1", title=NASTY,
    ),
    "spending": spending(MONEY, key="spending", title=NASTY),
    "five_years": five_years(
        [("Year 1", NASTY, MONEY)], key="years", title=NASTY, current="Year 1", ceiling=Decimal("250000")
    ),
}  # fmt: skip
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(params=CHARTS)
def drawing(request):
    markup = render_to_string(f"components/charts/{request.param}.svg", {"chart": CHARTS[request.param]})
    return ElementTree.fromstring(markup)


def test_drawing_names_and_describes_itself(drawing):
    names = {drawing.find(f"{SVG}{tag}").get("id"): drawing.find(f"{SVG}{tag}").text for tag in ("title", "desc")}

    assert drawing.get("role") == "img"
    assert drawing.get("aria-labelledby").split() == list(names)
    assert all(names.values())


def test_drawing_has_nothing_that_a_page_forbids(drawing):
    tags = {element.tag.removeprefix(SVG) for element in drawing.iter()}
    attributes = {name for element in drawing.iter() for name in element.attrib}

    assert tags <= {"svg", "title", "desc", "g", "rect", "text", "path", "circle"}
    assert not {name for name in attributes if name == "style" or name.startswith("on") or "href" in name}


def test_drawing_has_numbers_for_coordinates(drawing):
    values = [
        element.get(name)
        for element in drawing.iter()
        for name in ("x", "y", "width", "height", "cx", "cy")
        if element.get(name)
    ]

    assert all(re.fullmatch(r"-?\d+(\.\d+)?", value) for value in values)
    assert not [value for value in values if value.startswith("-")]


def test_table_behind_a_drawing_has_scoped_headers():
    markup = render_to_string("components/charts/table.html", {"chart": CHARTS["spectrum"], "caption": "Shares"})

    assert markup.count('<th scope="col"') == 6
    assert markup.count('<th scope="row"') == 2
    assert "<script>" not in markup
