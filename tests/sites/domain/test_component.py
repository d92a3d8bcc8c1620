"""The three components and the six key issues: seeded in the programme's words, reworded by administrators only."""

import pytest
from django.core.exceptions import ValidationError

from portal.access import Refused
from portal.activity.domain import timeline
from portal.icons import MARKS
from sites.domain.component import reword
from sites.models import Component, KeyIssue
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


def test_components_are_seeded_in_order_and_each_has_its_mark():
    assert [(row.code, row.short_name) for row in Component.objects.all()] == [
        ("collaboration", "Collaboration"), ("partnerships", "Partnerships"), ("coherence", "Coherence"),
    ]  # fmt: skip
    assert set(MARKS) == set(Component.objects.values_list("code", flat=True))


def test_key_issues_are_seeded_in_order():
    assert list(KeyIssue.objects.values_list("code", flat=True)) == [
        "accountability", "achievement-spectrum", "readiness-standards", "educator-equity", "hunger-homelessness",
        "funding-equity",
    ]  # fmt: skip


WORDS = {
    "name": "Coherent schools",
    "short_name": "Coherence",
    "purpose": "To pull in one direction.",
    "engages": "Everybody",
}


def test_reword_changes_the_words_and_keeps_both_on_the_record(ada_admin):
    row = reword(Component.objects.get(pk="coherence"), position=3, **WORDS, actor=ada_admin, at=NOON)

    assert Component.objects.get(pk="coherence").name == row.name == "Coherent schools"
    facts = timeline(row)[0].facts
    assert (facts["before"]["position"], facts["after"]["name"]) == (3, "Coherent schools")


def test_reword_with_the_same_words_records_nothing(ada_admin):
    issue = KeyIssue.objects.get(pk="accountability")

    reword(issue, position=1, name=issue.name, actor=ada_admin, at=NOON)

    assert timeline(issue) == []


@pytest.mark.parametrize("who", ["omar_officer", "dina_director", "sam_stranger"])
def test_reword_by_anybody_but_administrators_is_refused(request, who):
    with pytest.raises(Refused, match="Only administrators"):
        reword(Component.objects.get(pk="coherence"), position=1, **WORDS, actor=request.getfixturevalue(who), at=NOON)


def test_reword_to_the_name_of_another_one_is_refused(ada_admin):
    with pytest.raises(ValidationError, match="Another one"):
        reword(KeyIssue.objects.get(pk="accountability"), position=1, name="funding EQUITY", actor=ada_admin, at=NOON)


@pytest.mark.parametrize(("place", "order"), [(1, "cab"), (2, "acb"), (3, "abc"), (9, "abc")])
def test_reword_to_another_place_lets_the_others_close_up(ada_admin, place, order):
    codes = {"a": "collaboration", "b": "partnerships", "c": "coherence"}

    reword(Component.objects.get(pk="coherence"), position=place, **WORDS, actor=ada_admin, at=NOON)

    assert list(Component.objects.values_list("code", "position")) == [
        (codes[letter], number) for number, letter in enumerate(order, 1)
    ]
