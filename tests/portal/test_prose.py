"""Plain text drawn as the paragraphs, lists and tables it was written as."""

import pytest

from portal.prose import as_html


def told(text):
    return as_html(text).replace("\n", "")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("One\ntwo\n\nThree", "<p>One<br>two</p><p>Three</p>"),
        ("First:\n• one\n• two\nThen.", "<p>First:</p><ul><li>one</li><li>two</li></ul><p>Then.</p>"),
        ("- one\n* two\n– three", "<ul><li>one</li><li>two</li><li>three</li></ul>"),
        ("• one\n  • deeper\n• two", "<ul><li>one<ul><li>deeper</li></ul></li><li>two</li></ul>"),
        ("1. one\n2) two", "<ol><li>one</li><li>two</li></ol>"),
        ("3. three\n4. four", '<ol start="3"><li>three</li><li>four</li></ol>'),
        ("In May of\n2026. That was all.", "<p>In May of<br>2026. That was all.</p>"),
        ("a\tb", "<p>a   b</p>"),
        ("<script>x</script>\n• <b>", "<p>&lt;script&gt;x&lt;/script&gt;</p><ul><li>&lt;b&gt;</li></ul>"),
        ("-5 points\n-no space", "<p>-5 points<br>-no space</p>"),
    ],
)
def test_text_is_drawn_as_it_was_written(text, html):
    assert told(text) == html


def test_rows_with_tabs_are_a_table_whose_first_row_is_its_head():
    html = told("Year\tStudents\n2024\t<12>\n\nAfter.")

    assert '<thead><tr><th scope="col">Year</th><th scope="col">Students</th></tr></thead>' in html
    assert "<tbody><tr><td>2024</td><td>&lt;12&gt;</td></tr></tbody>" in html
    assert html.endswith("</table></div><p>After.</p>")


def test_long_text_is_drawn_in_no_time():
    assert told("• " + "-" * 200_000 + "\n" + " " * 200_000 + "x\n" * 20_000).startswith("<ul>")
