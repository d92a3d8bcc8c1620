"""Files for spreadsheets: no cell can become a formula, and everything comes back as it was."""

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook

from portal.exports import Sheet, csv_bytes, harmless, workbook_bytes

RISKY = tuple("=+-@\t\r\n＝＋－＠")


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("White", "White"),
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-2+3", "'-2+3"),
        ("-0.12", "-0.12"),
        (-5, "-5"),
        (None, ""),
        ("\tx", "'\tx"),
        ("≤5 %", "≤5 %"),
    ],
)
def test_harmless_marks_only_what_could_run(value, cell):
    assert harmless(value) == cell


@given(st.text())
def test_harmless_never_starts_a_formula(text):
    cell = harmless(text)

    assert not cell.startswith(RISKY) or float(cell) is not None
    assert cell.removeprefix("'").removeprefix("'") == text.removeprefix("'").removeprefix("'")


@given(st.lists(st.tuples(st.text(), st.text()), max_size=4))
def test_csv_comes_back_as_it_was_written(rows):
    content = csv_bytes(("one", "two"), rows)

    found = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert found == [["one", "two"], *[[harmless(cell) for cell in row] for row in rows]]


def test_csv_begins_with_the_mark_that_spreadsheets_look_for():
    assert csv_bytes(("a",), [("ś",)]) == b"\xef\xbb\xbfa\r\n\xc5\x9b\r\n"


@given(st.lists(st.one_of(st.text(), st.integers(-(10**9), 10**9), st.none(), st.sampled_from(["=1+1", "@A1", "+1"]))))
@example(["\x08"])
def test_workbook_has_no_formula_and_gives_back_what_was_put_in(cells):
    content = workbook_bytes([Sheet("One", ["Head"], [cells], [12])])

    book = load_workbook(io.BytesIO(content))
    rows = list(book["One"].iter_rows(min_row=2))
    book.close()
    assert {cell.data_type for row in rows for cell in row} <= {"s", "n"}
    back = [cell.value for row in rows for cell in row]
    numbers = [value for value in cells if isinstance(value, int)]
    assert [value for value in back if isinstance(value, int)] == numbers
    assert len([value for value in back if isinstance(value, str)]) <= len(cells) - len(numbers)


def test_workbook_writes_amounts_as_numbers_and_words_as_words():
    content = workbook_bytes([Sheet("One", ["Head"], [[Decimal("1000.50"), "=1+1", "", None, 7]])])

    book = load_workbook(io.BytesIO(content))
    row = next(book["One"].iter_rows(min_row=2, values_only=True))
    book.close()
    assert row == (1000.5, "=1+1", None, None, 7)
