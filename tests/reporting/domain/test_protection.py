"""Results as everybody may see them: exact for large groups, coded for smaller ones, hidden for small ones."""

import pytest

from reporting.domain.protection import protected
from sites.enums import StudentGroup
from sites.suppression import hidden_groups
from tests.factories.reports import AMERICAN_INDIAN_COUNTS, LEVELS, WHITE_COUNTS

G = StudentGroup


def an_indicator(counts, reference=G.WHITE, focal=G.AMERICAN_INDIAN, start=3):
    """An entry of a content's indicators."""
    return {
        "title": "Mathematics, grades 3-8",
        "test": "State test",
        "school_year": "2027-28",
        "level_names": list(LEVELS),
        "proficient_from": start,
        "reference_group": reference.value,
        "reference_name": reference.label,
        "focal_group": focal.value,
        "focal_name": focal.label,
        "groups": [{"code": code.value, "name": code.label, "counts": list(row)} for code, row in counts.items()],
    }


def test_protected_large_groups_show_one_decimal_and_the_gap():
    facts = protected(an_indicator({G.WHITE: WHITE_COUNTS, G.AMERICAN_INDIAN: AMERICAN_INDIAN_COUNTS}))

    white, american_indian = facts.groups
    gap = facts.gaps[0]
    assert (white.students, white.proficient, white.levels) == (
        "51,570", "42.0 %", ("27.3 %", "30.7 %", "24.6 %", "17.4 %"),
    )  # fmt: skip
    assert american_indian.proficient == "9.7 %"
    assert (gap.points, gap.points_se, gap.v, gap.v_se) == ("32.3 points", "0.4", "1.13", "0.02")
    assert facts.proficient_from == 2


def test_protected_group_under_ten_hides_itself_the_gap_and_v():
    facts = protected(
        an_indicator({G.WHITE: WHITE_COUNTS, G.BLACK: (900, 800, 500, 200), G.AMERICAN_INDIAN: (3, 2, 2, 1)})
    )

    hidden, gap = facts.groups[2], facts.gaps[0]
    assert (hidden.students, hidden.levels, hidden.proficient) == ("not shown", (), "n<10")
    assert (gap.points, gap.points_se, gap.v, gap.v_se) == ("not shown", "", "", "")
    assert gap.undefined == "Not shown, to protect students in a small group."


def test_protected_middle_group_is_whole_percent_without_its_count():
    facts = protected(an_indicator({G.WHITE: WHITE_COUNTS, G.AMERICAN_INDIAN: (20, 15, 10, 5)}))

    group, gap = facts.groups[1], facts.gaps[0]
    assert (group.students, group.proficient, group.levels) == ("40 to 99", "30 %", ("40 %", "30 %", "20 %", "10 %"))
    assert (gap.points, gap.points_se) == ("12 points", "")


def test_protected_coded_level_takes_all_levels_away():
    facts = protected(an_indicator({G.WHITE: WHITE_COUNTS, G.AMERICAN_INDIAN: (25, 14, 10, 1)}))

    assert (facts.groups[1].proficient, facts.groups[1].levels) == ("22 %", ())


def test_protected_coded_share_hides_the_points():
    facts = protected(an_indicator({G.WHITE: WHITE_COUNTS, G.AMERICAN_INDIAN: (40, 9, 1, 0)}))

    assert (facts.groups[1].proficient, facts.gaps[0].points) == ("≤5 %", "not shown")


@pytest.mark.parametrize(
    ("students", "hidden"),
    [
        ({G.WHITE: 120, G.BLACK: 45, G.HISPANIC: 60, G.ASIAN: 12, G.AMERICAN_INDIAN: 4}, {G.AMERICAN_INDIAN, G.ASIAN}),
        ({G.DISABILITY: 6, G.NO_DISABILITY: 80, G.ALL: 86}, {G.DISABILITY, G.NO_DISABILITY}),
        ({G.WHITE: 120, G.BLACK: 45}, set()),
        ({G.HOMELESS: 9, G.ALL: 500}, {G.HOMELESS}),
        ({G.ASIAN: 5, G.ALL: 5}, {G.ASIAN, G.ALL}),
        ({G.ASIAN: 5, G.ALL: 500}, {G.ASIAN, G.ALL}),
    ],
)
def test_hidden_groups_cannot_be_had_by_subtraction(students, hidden):
    assert hidden_groups({code.value: number for code, number in students.items()}) == {each.value for each in hidden}
