"""What states call groups, levels, grades, subjects and years."""

import pytest

from sites.enums import GradeBand, StudentGroup, Subject
from sites.results.words import (
    grades_of,
    group_in,
    group_of,
    is_percent_name,
    is_tested_name,
    level_of,
    subject_of,
    year_of,
)

G = StudentGroup


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("White", G.WHITE), ("Hispanic/Latino", G.HISPANIC), ("Black/African American", G.BLACK), ("Two or More", G.MULTIRACIAL),
        ("Students with Disabilities", G.DISABILITY), ("Non-EL", G.NOT_ENGLISH_LEARNER), ("TOTAL", G.ALL), ("F", G.FEMALE),
        ("All Students", G.ALL), ("American Indian or Alaska Native", G.AMERICAN_INDIAN), ("Race: Asian", G.ASIAN),
        ("Gifted", None), ("", None), ("Grade 3", None),
    ],
)  # fmt: skip
def test_group_of_a_cell(text, group):
    assert group_of(text) == group


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("Harbor 3-8 ELA Not EL 2015-2023", G.NOT_ENGLISH_LEARNER), ("Harbor 3-8 ELA EL 2015-2023", G.ENGLISH_LEARNER),
        ("Harbor Math NoFreeReduced Lunch", G.NOT_DISADVANTAGED), ("Harbor Math FreeReduced Lunch", G.DISADVANTAGED),
        ("math_female_2023", G.FEMALE), ("Harbor Math Native American", G.AMERICAN_INDIAN), ("Harbor Math", None),
        ("All schools math", None),
    ],
)  # fmt: skip
def test_group_in_the_name_of_a_file(name, group):
    assert group_in(name) == group


@pytest.mark.parametrize(
    ("header", "level"),
    [
        ("Novice Students", (0, "Novice")), ("Nearing Proficiency Students", (1, "Nearing Proficiency")),
        ("# Below Basic", (0, "Below Basic")), ("Basic", (1, "Basic")), ("% Level 2", (1, "Level 2")),
        ("Level 4 Count", (3, "Level 4")), ("Met Expectations (Level 4)", (3, "Met Expectations (Level 4)")),
        ("Number Advanced", (3, "Advanced")), ("Percent At Or Above Proficient", None), ("Proficient or higher", None),
        ("Levels 3 and 4", None), ("Students Not Tested", None), ("Students Tested", None), ("School Year", None),
    ],
)  # fmt: skip
def test_level_of_a_column(header, level):
    assert level_of(header) == level


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2022-2023", "2022-23"), ("2022-23", "2022-23"), ("SY 2022–23", "2022-23"), ("2022/23", "2022-23"),
        ("1999-2000", "1999-00"), ("2023", "2022-23"), ("2015-2023", None), ("Grade 3", None), ("2022-24", None),
    ],
)  # fmt: skip
def test_year_of_a_cell(text, year):
    assert year_of(text) == year


def test_subject_and_grades_of_a_file_name():
    name = "Harbor 03-08 English Language Arts 2015-2023"

    assert (subject_of(name), grades_of(name)) == (Subject.ELA, GradeBand.GRADES_3_8)
    assert grades_of("Math Grades 9-12") == GradeBand.HIGH_SCHOOL
    assert (subject_of("Harbor"), grades_of("Harbor 2022-23")) == (None, None)


def test_columns_of_percents_and_of_all_tested_are_known_by_name():
    assert [is_percent_name(each) for each in ("Novice Percent", "% Novice", "Novice Students")] == [True, True, False]
    assert [is_tested_name(each) for each in ("Students Tested", "N", "Novice Students")] == [True, True, False]
