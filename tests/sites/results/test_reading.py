"""Reading tables of results: what is used, what is not and why, and never a number that does not stand there."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.imports import Table, table_of_text
from sites.enums import StudentGroup
from sites.results import NOT_USED, Choices, read_paste, read_tables
from sites.results.cells import read_cell
from sites.results.percents import counts_from

MATHS = ("mathematics", "3-8")
HEAD = "School Year,Advanced Percent,Advanced Students,Nearing Proficiency Students,Novice Percent,Novice Students,Proficient Students"
# One file a group, years in lines, columns in any order, percents beside counts: as one state publishes them.
WHITE = f'{HEAD}\n2024-2025,20.00%,20,25,30.00%,30,25\n2023-2024,N/A,N/A,N/A,N/A,N/A,N/A\n2022-2023,10%,"1,010",20,30%,40,50'
EL = f"{HEAD}\n2024-2025,--,*,12,50%,40,<5\n2022-2023,1%,1,2,3%,3,4"


def read(text, name="", **choices):
    return read_tables([table_of_text(text, name)], Choices(**choices))


def files(**texts):
    """`White="…"` is the file `Harbor 3-8 Math White 2015-2025`."""
    return [table_of_text(text, f"Harbor 3-8 Math {name} 2015-2025".replace("  ", " ")) for name, text in texts.items()]


def reasons(reading):
    return [(each.number, each.why) for each in reading.unused]


def test_files_of_one_group_each_become_one_table_a_year():
    reading = read_tables(files(White=WHITE, EL=EL))

    assert (reading.places, reading.years(MATHS)) == ([MATHS], ["2024-25", "2022-23"])
    assert reading.level_names == ("Novice", "Nearing Proficiency", "Proficient", "Advanced")
    assert reading.counts(MATHS, "2024-25") == {"white": (30, 25, 25, 20), "english_learner": (40, 12, None, None)}
    assert reading.counts(MATHS, "2022-23") == {"white": (40, 20, 50, 1010), "english_learner": (3, 2, 4, 1)}
    assert [str(each) for each in reading.unused] == [
        "Harbor 3-8 Math White 2015-2025, line 3: There are no numbers in this line."
    ]


def test_file_without_a_group_in_its_name_is_all_students_only_where_the_name_says_nothing_else():
    together = read_tables([*files(White=WHITE), table_of_text(EL, "Harbor 3-8 Math 2015-2025")])
    alone = read(EL, "Harbor Gifted Math 3-8")
    told = read(EL, "Harbor Gifted Math 3-8", groups={"Harbor Gifted Math 3-8": "migrant"})
    left = read(EL, "Harbor Gifted Math 3-8", groups={"Harbor Gifted Math 3-8": NOT_USED})

    assert set(together.counts(MATHS, "2024-25")) == {"white", "all"}
    assert reasons(alone) == [(0, "Say which student group this table is about.")]
    assert set(told.counts(MATHS, "2024-25")) == {"migrant"}
    assert reasons(left) == [(0, "You left it out.")]


def test_groups_in_lines_with_footers_are_read_and_the_rest_is_said():
    text = """Harbor County,,,,
Student Group,Level 1,Level 2,Level 3,Number tested
White,10,20,30,60
Gifted,1,2,3,6
Asian,5,few,9,20
Hispanic,*,*,*,*
Black,1,2,3,7
White,10,20,30,60
Source: the state's department,,,,
"""
    reading = read(text, subject="ela", grades="6-8", year="2025-26")

    assert reading.counts(("ela", "6-8"), "2025-26") == {
        "white": (10, 20, 30), "hispanic": (None, None, None), "black": (1, 2, 3)
    }  # fmt: skip
    assert reasons(reading) == [
        (4, "“Gifted” is not a student group of the list."),
        (5, "Something at its levels is neither a whole number nor a known sign for a number withheld."),
        (8, "White is there already with the same numbers (line 3)."),
        (9, "There are no numbers in this line."),
    ]
    assert reading.notes == ["Line 7: the levels add up to 6, the table says 7 were tested."]
    assert reading.groups == {"White": "white", "Gifted": "", "Hispanic": "hispanic", "Black": "black"}


def test_label_nobody_knows_is_used_once_somebody_says_what_it_is():
    text = "Group\tNovice\tProficient\nTwo races\t1\t2\nWhite\t3\t4"

    reading = read(text, groups={"Two races": "multiracial", "White": NOT_USED})

    assert reading.counts(("", ""), "") == {"multiracial": (1, 2)}
    assert reasons(reading) == [(3, "You left this group out.")]


def test_total_of_groups_that_overlap_is_not_all_students():
    overlapping = "Group,Novice,Proficient\nFemale,1,2\nHispanic,3,4\nTotal,4,6"
    parts = "Group,Novice,Proficient\nFemale,1,2\nMale,3,4\nTotal,4,6"

    assert reasons(read(overlapping)) == [(4, "It adds up the lines above, which are not all students once each.")]
    assert read(parts).counts(("", ""), "")["all"] == (4, 6)


def test_levels_in_lines_and_groups_in_columns_are_turned():
    reading = read("Level,White,Asian\nProficient,4,2\nNovice,3,1")

    assert reading.counts(("", ""), "") == {"white": (3, 4), "asian": (1, 2)}


def test_column_names_nobody_knows_are_used_in_the_order_somebody_gives():
    text = "Group,Copper,Silver,Gold\nWhite,3,2,1"

    assert reasons(read(text)) == [(0, "There are no columns with the numbers of students at each level.")]
    assert list(read(text).columns) == ["Copper", "Silver", "Gold"]
    turned = read(text, positions={"Copper": 2, "Silver": 1, "Gold": 3})
    assert (turned.level_names, turned.counts(("", ""), "")) == (("Silver", "Copper", "Gold"), {"white": (2, 3, 1)})


def test_single_grade_is_not_taken_for_a_band():
    reading = read("Grade,Group,Novice,Proficient\n03,White,1,2\n3-8,Asian,3,4")

    assert reading.counts(("", "3-8"), "") == {"asian": (3, 4)}
    assert reasons(reading)[0][1].startswith("It is about grade 3 alone.")


# --- percents ---


def test_percents_alone_need_counts():
    assert reasons(read("Group,Novice Percent,Proficient Percent\nWhite,40%,60%")) == [
        (2, "These are percents. The number of students at each level is needed.")
    ]


def test_whole_numbers_that_add_up_to_100_on_every_line_need_counts():
    reading = read("Group,Novice,Proficient\nWhite,40,60\nAsian,30,70")

    assert (reading.lines, len(reading.unused)) == ([], 2)


@pytest.mark.parametrize(
    ("percents", "tested", "counts"),
    [
        (["16.67%", "20.45%", "35.10%", "27.78%"], "396", (66, 81, 139, 110)),
        (["16.74%", "28.29%", "24.91%", "30.06%"], "66,287", None),  # each could be any of several
        (["50%", "50%"], "*", None),
        (["50%", "*"], "10", None),
        (["50%", "40%"], "10", None),  # nine of ten
        (["33.3%", "66.7%"], "3", (1, 2)),
        (["50%", "50%"], "1,000", None),
    ],
)
def test_percents_tell_counts_only_where_nothing_else_can_be_meant(percents, tested, counts):
    assert counts_from([read_cell(each) for each in percents], read_cell(tested)) == counts


@given(st.lists(st.integers(0, 400), min_size=2, max_size=6).filter(any), st.integers(0, 3))
def test_percents_that_are_read_are_the_counts_they_came_from(counts, places):
    tested = sum(counts)
    cells = [read_cell(f"{100 * count / tested:.{places}f}%") for count in counts]

    assert counts_from(cells, read_cell(str(tested))) in (None, tuple(counts))


# --- never raises, never invents ---

CELLS = st.one_of(
    st.sampled_from(["White", "Asian", "All", "Novice", "Proficient", "Level 3", "% Novice", "*", "--", "N/A", "<5", "n<10",
                     "", "Total", "2022-23", "12", "1,204", "50%", "3.0", "Tested", "School Year", "Group", "-3", "1e3"]),
    st.integers(0, 99_999).map(str),
    st.text(max_size=8),
)  # fmt: skip
TABLES = st.lists(st.lists(CELLS, max_size=7).map(tuple), max_size=8).map(tuple)


@settings(max_examples=300)
@given(TABLES, st.sampled_from(["", "Math 3-8 White", "Math", "x"]))
def test_any_table_is_read_without_a_number_that_does_not_stand_in_it(rows, name):
    reading = read_tables([Table(name, rows)])

    figures = {re.sub(r"[, ]|\.0+$", "", cell.strip()).lstrip("0") or "0" for row in rows for cell in row}
    percents = any("%" in cell or "." in cell or "Tested" in cell for row in rows for cell in row)
    for line in reading.lines:
        assert line.group in StudentGroup.values
        assert any(count is not None for count in line.counts) or "*" in str(rows) or "<" in str(rows)
        if not percents:
            assert {str(count) for count in line.counts if count is not None} <= figures
    for each in reading.unused:
        assert each.why


@given(st.text(max_size=300), st.integers(2, 6))
def test_any_paste_is_read(text, levels):
    found = read_paste(text, levels)

    assert found.rows or found.problems
    assert all(len(counts) == levels for counts in found.rows.values())


def test_paste_takes_the_latest_of_several_years_and_says_so():
    text = "Year\tGroup\tNovice\tProficient\n2023-24\tWhite\t1\t2\n2024-25\tWhite\t3\t4"

    found = read_paste(text, 2)

    assert (found.rows, found.level_names) == ({"white": (3, 4)}, ["Novice", "Proficient"])
    assert found.problems == ["There are 2 school years. The numbers of 2024-25 are used."]


def test_paste_with_another_number_of_levels_fills_nothing():
    assert read_paste("White\t1\t2\t3", 4).problems == ["What you pasted has 3 levels, and the grid has 4."]
