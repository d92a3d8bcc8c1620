"""Tables out of files and pastes: any encoding and separator people have, bounded, and never an exception but ours."""

import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from portal.imports import MOST_COLUMNS, MOST_ROWS, Table, Unreadable, table_of_text, tables_of_file

ROWS = (("Group", "Novice", "Proficient"), ("Niños", "1,204", "7"))
CSV = 'Group,Novice,Proficient\r\nNiños,"1,204",7\r\n'


def a_workbook(*sheets) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"Sheet{number}")
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_file_in_any_usual_encoding_is_read(encoding):
    assert tables_of_file("results.csv", CSV.encode(encoding)) == [Table("results", ROWS)]


@pytest.mark.parametrize(
    "text",
    [
        "Group\tNovice\tProficient\nNiños\t1,204\t7",
        "Group;Novice;Proficient\nNiños;1,204;7\n\n",
        CSV,
        "Group  Novice  Proficient\nNiños   1,204   7",
        "Group\tNovice\tProficient\rNiños\t\u00a01,204 \t7\u200b",
    ],
)
def test_paste_is_parted_by_what_parts_it_most_evenly(text):
    assert table_of_text(text).rows == ROWS


def test_quoted_cells_may_hold_separators_and_line_ends():
    assert table_of_text('a,"b, and\nmore",3').rows == (("a", "b, and more".replace(" more", "\nmore"), "3"),)


def test_workbook_gives_a_table_for_each_sheet_with_something_on_it():
    content = a_workbook([["Group", "Novice"], ["White", 12.0], ["Asian", None]], [], [["x", 1.5]])

    assert tables_of_file("Results 2026.xlsx", content) == [
        Table("Results 2026: Sheet1", (("Group", "Novice"), ("White", "12"), ("Asian",))),
        Table("Results 2026: Sheet3", (("x", "1.5"),)),
    ]


def test_table_longer_or_wider_than_is_read_is_cut_and_says_so():
    long = table_of_text("\n".join(["1,2"] * (MOST_ROWS + 1)))
    wide = table_of_text(",".join(["1"] * (MOST_COLUMNS + 1)))

    assert (len(long.rows), long.is_cut) == (MOST_ROWS, True)
    assert (len(wide.rows[0]), wide.is_cut) == (MOST_COLUMNS, True)


def a_zip(**parts) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.pdf", b"%PDF", "a.pdf is no table we can read. Save it as Excel workbook (.xlsx) or as CSV."),
        ("a.csv", b"1," * 1_500_000, "a.csv is too large for a table of numbers. Keep the rows you need, and send those."),
        ("a.xlsx", b"PK\x03\x04nothing", "a.xlsx cannot be opened as an Excel workbook. Open it in Excel, save it "
         "again, and send that."),
        ("a.xlsx", a_zip(other="text"), "a.xlsx cannot be opened as an Excel workbook. Open it in Excel, save it "
         "again, and send that."),
        ("a.xlsx", a_zip(sheet=b"0" * 31_000_000), "a.xlsx unpacks to far more than a table needs. Keep the rows you "
         "need."),
    ],
    ids=["kind", "size", "damaged", "other", "bomb"],
)  # fmt: skip
def test_file_that_is_no_table_is_refused_in_words(name, content, sentence):
    with pytest.raises(Unreadable) as raised:
        tables_of_file(name, content)

    assert str(raised.value) == sentence


@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_refused_in_words(content):
    tables_of_file("a.csv", content)
    with suppress(Unreadable):
        tables_of_file("a.xlsx", content)


@given(st.text(max_size=400))
def test_any_text_is_a_table(text):
    assert all(isinstance(cell, str) for row in table_of_text(text).rows for cell in row)
