"""Grids people type numbers into: paste from a spreadsheet, arrow keys, rows of one's own, in a real browser."""

import pytest

from portal.settings import BASE_DIR

SCRIPTS = BASE_DIR / "static" / "js"


def a_table(key, name, short=""):
    rows = "".join(
        f'<tr><th>{label}</th><td><input type="text" id="{key}-{row}-1"></td><td><input type="text" id="{key}-{row}-2"></td></tr>'
        for row, label in (("pay", "Salaries and benefits"), ("travel", "Travel and meetings"))
    )
    return f'<table data-paste-grid data-arrows data-paste-name="{name}" data-paste-short="{short}"><tbody>{rows}</tbody></table>'


FORM = (
    f"<form><p data-paste-note></p>{a_table('a', 'Family Partnerships', 'Families')}{a_table('b', 'Coherence')}</form>"
)
PASTE = """([id, text]) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    const box = document.getElementById(id);
    const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
    box.dispatchEvent(event);
    const filled = [...document.querySelectorAll("input")].filter((each) => each.value).map((each) => [each.id, each.value]);
    return [Object.fromEntries(filled), event.defaultPrevented, document.querySelector("[data-paste-note]").textContent];
}"""


@pytest.fixture
def page(chromium):
    context = chromium.new_context(locale="en-US")
    page = context.new_page()
    yield page
    context.close()


def with_scripts(page, body, *names):
    page.set_content(f"<!doctype html><body>{body}</body>")
    for name in names:
        page.add_script_tag(path=SCRIPTS / name)


@pytest.mark.parametrize(
    ("box", "text", "filled", "note"),
    [
        ("a-pay-2", "5\t6\n7", {"a-pay-2": "5", "a-travel-2": "7"}, ""),
        ("a-travel-1", "5\t6\n7", {"a-travel-1": "5", "a-travel-2": "6"}, ""),
        (
            "a-pay-1",
            "What\tYear 1\tYear 2\nTravel and meetings\t$1,000\t2\nCatering\t9\t9\nTotal\t1,009\t11\n",
            {"a-travel-1": "$1,000", "a-travel-2": "2"},
            "1 line was filled in. Not used: Catering.",
        ),
        (
            "a-pay-1",
            "Families\tTravel and meetings\t1\t2\nCoherence\nSalaries and benefits\t3\t4\nTravel and meetings\t\t6",
            {"a-travel-1": "1", "a-travel-2": "2", "b-pay-1": "3", "b-pay-2": "4"},
            "3 lines were filled in.",
        ),
    ],
)
def test_cells_of_a_spreadsheet_find_their_boxes(box, text, filled, note, page):
    with_scripts(page, FORM, "paste.js")

    got, prevented, said = page.evaluate(PASTE, [box, text])

    assert {name: value for name, value in got.items() if name != "b-travel-2"} == filled
    assert (prevented, said) == (True, note)


def test_single_value_pasted_is_left_to_the_browser(page):
    with_scripts(page, FORM, "paste.js")

    assert page.evaluate(PASTE, ["a-pay-1", "12"]) == [{}, False, ""]


def test_arrow_keys_move_between_boxes_and_tables_and_leave_the_text_alone(page):
    with_scripts(page, FORM, "grid.js")
    page.fill("#a-pay-1", "12")
    page.focus("#a-pay-1")
    page.keyboard.press("End")
    focused = []
    for key in ("ArrowLeft", "ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowLeft"):
        page.keyboard.press(key)
        focused.append(page.evaluate("document.activeElement.id"))

    assert focused == ["a-pay-1", "a-pay-1", "a-pay-2", "a-travel-2", "b-pay-2", "a-travel-2", "a-travel-1"]
    assert page.input_value("#a-pay-1") == "12"


def test_row_is_added_with_names_and_sums_of_its_own(page):
    row = (
        '<tr><td><input type="text" name="match-2-partner" id="id_match-2-partner" aria-label="Match 2, who gives it" '
        'value="Fund"></td><td><input type="text" name="match-2-1" id="id_match-2-1" aria-label="Match 2, year 1" '
        'data-sum-group="match-1 match match-row-2"></td></tr>'
    )
    body = (
        f'<section><input type="hidden" name="match-rows" value="2" data-row-count><table data-rows><tbody>{row}</tbody>'
        '</table><button type="submit" data-add-row>Add rows</button></section>'
    )
    with_scripts(page, f"<form>{body}</form>", "rows.js")

    page.click("[data-add-row]")
    page.click("[data-add-row]")

    boxes = page.evaluate("[...document.querySelectorAll('td input')].map((each) => [each.name, each.value])")
    assert boxes == [
        ["match-2-partner", "Fund"], ["match-2-1", ""], ["match-3-partner", ""], ["match-3-1", ""],
        ["match-4-partner", ""], ["match-4-1", ""],
    ]  # fmt: skip
    last = page.locator("[name=match-4-1]")
    assert last.get_attribute("data-sum-group") == "match-1 match match-row-4"
    assert last.get_attribute("aria-label") == "Match 4, year 1"
    assert page.input_value("[name=match-rows]") == "4"
