"""The small scripts of the pages, each in a real browser on a page of its own."""

import json

import pytest

from portal.settings import BASE_DIR

SCRIPTS = BASE_DIR / "static" / "js"


@pytest.fixture
def open_page(chromium):
    contexts = []

    def opened(body, script, **options):
        context = chromium.new_context(locale="en-US", **options)
        contexts.append(context)
        page = context.new_page()
        page.set_content(f"<!doctype html><body>{body}</body>")
        page.add_script_tag(path=SCRIPTS / script)
        return page

    yield opened
    for context in contexts:
        context.close()


def test_word_counter_counts_while_typing_and_never_cuts(open_page):
    page = open_page('<textarea id="need" data-word-limit="3" aria-describedby="hint">one two</textarea>', "words.js")

    assert page.text_content("#need_words") == "2 of 3 words"
    page.fill("#need", "one two  three\nfour five")

    assert page.text_content("#need_words") == "5 of 3 words, 2 too many"
    assert page.input_value("#need") == "one two  three\nfour five"
    assert page.get_attribute("#need", "aria-describedby") == "hint need_words"


def test_word_counter_counts_as_the_server_does(open_page):
    page = open_page('<textarea id="need" data-word-limit="1000"></textarea>', "words.js")
    cases = json.loads((BASE_DIR / "tests" / "portal" / "words.json").read_text())
    count = """(text) => {
        const box = document.getElementById("need");
        box.value = text;
        box.dispatchEvent(new Event("input", { bubbles: true }));
        return parseInt(document.getElementById("need_words").textContent);
    }"""

    counted = {case["why"]: page.evaluate(count, case["text"]) for case in cases}

    assert counted == {case["why"]: case["words"] for case in cases}


PASTE = """([html, plain]) => {
    const box = document.querySelector("textarea");
    const data = new DataTransfer();
    data.setData("text/html", html);
    data.setData("text/plain", plain);
    box.focus();
    const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
    box.dispatchEvent(event);
    return [box.value, event.defaultPrevented];
}"""


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One <b>bold</b></p><p>Two<br>lines</p>", "One bold\n\nTwo\nlines"),
        ("<h2>Plan</h2><ul><li>one</li><li>two<ul><li>deeper</li></ul></li></ul><p>End</p>",
         "Plan\n\n• one\n• two\n  • deeper\n\nEnd"),
        ("<ol start=3><li>three</li><li><p>four</p></li></ol>", "3. three\n4. four"),
        ("<table><tr><th>Year</th><th>Students</th></tr><tr><td>2024</td><td>1&nbsp;200</td></tr></table>",
         "Year\tStudents\n2024\t1 200"),
        ("<html><head><style>p {color: red}</style></head><body><!--StartFragment--><p class=MsoNormal>Of Word"
         "<o:p></o:p></p><p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span>·<span>&nbsp;&nbsp; </span>"
         "</span>First</p><p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span>1.<span>&nbsp; </span></span>"
         "Second</p><!--EndFragment--></body></html>", "Of Word\n\n• First\n1. Second"),
        ("<div>One<div>Two</div></div>", "One\n\nTwo"),
    ],
)  # fmt: skip
def test_paste_from_a_word_processor_stays_readable(open_page, html, text):
    page = open_page("<textarea>Before. </textarea>", "tidypaste.js")
    page.evaluate("document.querySelector('textarea').setSelectionRange(8, 8)")

    assert page.evaluate(PASTE, [html, "whatever"]) == [f"Before. {text}", True]


def test_paste_of_plain_text_is_left_to_the_browser(open_page):
    page = open_page("<textarea></textarea>", "tidypaste.js")

    assert page.evaluate(PASTE, ["<span>just words</span>", "just words"]) == ["", False]


def test_sums_follow_every_group_an_amount_counts_towards(open_page):
    page = open_page(
        '<input id="a" data-sum-group="year total" value="$100,000.10">'
        '<input id="b" data-sum-group="year" value="a lot">'
        '<input id="c" data-sum-group="total" value="0.20">'
        '<output id="year" data-sum-of="year" data-ceiling="250000"></output>'
        '<output id="total" data-sum-of="total"></output>',
        "sums.js",
    )

    assert (page.text_content("#year"), page.text_content("#total")) == ("$100,000.10", "$100,000.30")
    page.fill("#b", "162,500")

    assert page.text_content("#year") == "$262,500.10, $12,500.10 over"
    assert page.get_attribute("#year", "class") == "over"
    assert page.text_content("#total") == "$100,000.30"


@pytest.mark.parametrize(
    ("zone", "note"),
    [
        ("America/New_York", ""),
        ("America/Chicago", " (4:00 pm where you are)"),
        ("Pacific/Guam", " (Tue, Feb 2, 8:00 am where you are)"),
    ],
)
def test_time_is_also_said_in_the_readers_zone_where_that_differs(open_page, zone, note):
    page = open_page(
        '<p><time datetime="2027-02-01T22:00:00Z" data-local-time="America/New_York">'
        "Mon 1 Feb 2027, 5:00 pm Eastern</time></p>",
        "times.js",
        timezone_id=zone,
    )

    assert page.text_content("p") == f"Mon 1 Feb 2027, 5:00 pm Eastern{note}"


def test_ago_counts_from_what_the_server_said_whatever_the_readers_clock(open_page):
    page = open_page('<time datetime="2001-01-01T00:00:00Z" data-ago="75">1 minute ago</time>', "times.js")

    assert page.text_content("time") == "1 minute ago"


MENU = '<details data-menu open><summary>More</summary><a href="#">Inside</a></details><button>Outside</button>'


def test_menu_closes_on_escape_and_gives_the_focus_back(open_page):
    page = open_page(MENU, "menus.js")
    page.focus("a")

    page.keyboard.press("Escape")

    assert page.get_attribute("details", "open") is None
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_menu_closes_when_the_reader_moves_on(open_page):
    page = open_page(MENU, "menus.js")
    page.focus("a")

    page.keyboard.press("Tab")

    assert page.get_attribute("details", "open") is None


FORM = '<form method="post" action="about:blank" data-guard><input name="x"><button>Save</button></form>'


def test_form_is_sent_once_even_when_pressed_twice(open_page):
    page = open_page(FORM, "guard.js")
    page.evaluate(
        "window.sent = 0;"
        "document.addEventListener('submit', (e) => { if (!e.defaultPrevented) sent += 1; e.preventDefault(); })"
    )

    page.click("button")
    page.click("button")

    assert page.evaluate("sent") == 1


def test_guard_asks_only_while_work_is_unsaved(open_page):
    page = open_page(FORM, "guard.js")
    asks = "!window.dispatchEvent(new Event('beforeunload', {cancelable: true}))"

    assert page.evaluate(asks) is False
    page.fill("input", "typed")
    assert page.evaluate(asks) is True
    page.evaluate("document.addEventListener('submit', (e) => e.preventDefault())")
    page.click("button")

    assert page.evaluate(asks) is False


def test_error_summary_takes_the_focus(open_page):
    page = open_page('<div tabindex="-1" data-focus>Two things need your attention</div>', "guard.js")

    assert page.evaluate("document.activeElement.hasAttribute('data-focus')") is True


def test_time_left_counts_down_from_what_the_server_said(open_page):
    page = open_page(
        '<b id="days" data-left="792000">9 days, 4 hours</b><b id="soon" data-left="3">3 seconds</b>'
        '<b id="hour" data-left="3690">1 hour, 1 minute</b><b id="even" data-left="172800">2 days</b>',
        "times.js",
    )

    assert page.text_content("#hour") == "1 hour, 1 minute"
    assert page.text_content("#days") in {"9 days, 4 hours", "9 days, 3 hours"}
    page.wait_for_function("document.querySelector('#soon').textContent === '0 seconds'", timeout=60_000)
