"""The pages of baseline results: typing, pasting, two people at once, who sees which numbers."""

import pytest
from django.urls import reverse

from grants.domain.baseline import Place, save_table
from grants.domain.queries.baseline import protected
from grants.domain.queries.dossier import Dossier
from grants.enums import ProposalState
from grants.models import BaselineResult, BaselineTable, SignOff
from portal import clock
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory, a_complete_proposal, some_results
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db
PAGE_A, PAGE_B = "a" * 32, "b" * 32
EDIT = ("mathematics", "3-8", "2025-26")


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


@pytest.fixture
def proposal(ana_applicant, ben_colleague, sam_stranger):
    return ProposalFactory(site=a_site(ana_applicant, contributors=[ben_colleague], viewers=[sam_stranger]))


def url(name, proposal, *args):
    return reverse(f"grants:{name}", args=[proposal.reference, *args])


def typed(version=0, editor=PAGE_A, **boxes):
    """A posted grid of two levels; `white=(120, 30)` are a group's boxes."""
    data = {
        "subject": "mathematics", "grade_band": "3-8", "school_year": "2025-26", "test_name": "Harbor State Test",
        "name_1": "Novice", "name_2": "Proficient", "levels": "2", "proficient_from": "2",
        "version": version, "editor": editor,
    }  # fmt: skip
    for group, counts in boxes.items():
        if isinstance(counts, tuple):
            data |= {f"{group}-{level}": count for level, count in enumerate(counts, 1)}
        else:
            data[group] = counts
    return data


def counts():
    return dict(BaselineResult.objects.values_list("group", "counts"))


def text_of(response):
    return " ".join(response.content.decode().split())


def test_table_typed_is_saved_with_what_is_withheld_and_shown_with_shares(client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    response = client.post(
        url("baseline-new", proposal), typed(white=("1,120", "380"), asian=("*", "12"), hispanic=("60", "40"))
    )

    assert response.url == url("proposal-baseline", proposal)
    assert counts() == {"white": [1120, 380], "asian": [None, 12], "hispanic": [60, 40]}
    text = text_of(client.get(response.url))
    assert "25.3 %" in text
    assert '<strong class="num">14.7 points</strong> between Hispanic or Latino' in text
    assert text.count("withheld") == 1
    assert text.count("not known") == 2


@pytest.mark.parametrize(
    ("boxes", "target", "sentence"),
    [
        ({"white": ("12a", "3")}, "white-1", "Enter a whole number, such as 120, or * where it is withheld."),
        ({"white": ("12", "")}, "white-2", "Enter 0 where nobody was, * where the number is withheld."),
        ({"white": ("40%", "60%")}, "white-1", "Enter a whole number, such as 120, or * where it is withheld."),
        ({"white": ("1", "2"), "name_2": "novice"}, "name_1", "Two levels have the same name."),
        ({"white": ("1", "2"), "school_year": "2025-27"}, "school_year", "Write a school year as its two calendar years."),
        ({}, "", "Enter the number of students at each level for at least one group."),
        ({"white": ("0", "0")}, "", "White: nobody was tested. Leave the whole line empty."),
    ],
)  # fmt: skip
def test_table_that_does_not_fit_is_refused_with_everything_kept(
    boxes, target, sentence, client, proposal, ana_applicant
):
    client.force_login(ana_applicant)

    response = client.post(url("baseline-new", proposal), typed(**boxes))

    text = text_of(response)
    assert (response.status_code, sentence in text, BaselineTable.objects.count()) == (422, True, 0)
    assert f'href="#id_{target}"' in text or not target
    assert 'value="Harbor State Test"' in text


def test_table_of_the_same_test_twice_is_refused(client, proposal, ana_applicant):
    client.force_login(ana_applicant)
    save_table(proposal, some_results(), actor=ana_applicant, at=NOON, version=0)

    response = client.post(url("baseline-new", proposal), typed(1, white=("1", "2")))

    sentence = "You have a table of Mathematics, grades 3-8, 2025-26 already. Change it there."
    assert (response.status_code, sentence in text_of(response)) == (422, True)


def test_paste_without_scripts_fills_the_grid_and_saves_nothing(client, proposal, ana_applicant):
    client.force_login(ana_applicant)
    table = "Group\tBelow\tAt\nWhite\t1,120\t380\nAsian\tn<10\t12\nGifted\t1\t2"

    response = client.post(url("baseline-new", proposal), typed(paste=table, fill="1", hispanic=("60", "40")))

    text = text_of(response)
    assert (response.status_code, BaselineTable.objects.count()) == (200, 0)
    assert 'name="white-1" value="1,120"' in text
    assert 'name="asian-1" value="withheld"' in text
    assert 'name="hispanic-2" value="40"' in text
    assert 'name="name_2" value="At"' in text
    assert "Line 4: “Gifted” is not a student group of the list." in text


@pytest.mark.parametrize(("button", "levels"), [("more", 3), ("fewer", 2)])
def test_another_number_of_levels_keeps_what_was_typed(button, levels, client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    response = client.post(url("baseline-new", proposal), typed(white=("12a", "3"), **{button: "1"}))

    assert (response.status_code, len(response.context["sheet"].levels)) == (200, levels)
    assert 'name="white-1" value="12a"' in text_of(response)


def test_table_changed_by_two_shows_both_and_loses_nothing(client, proposal, ana_applicant, ben_colleague):
    save_table(proposal, some_results(), actor=ana_applicant, at=NOON, version=0)
    client.force_login(ana_applicant)
    opened = client.get(url("baseline-edit", proposal, *EDIT))
    facts = some_results(counts={"white": [1, 2, 3, 4], "hispanic": [120, 160, 90, 30]})
    place = Place(*EDIT)
    save_table(proposal, facts, actor=ben_colleague, at=NOON, version=1, editor=PAGE_B, replaces=place)

    mine = typed(1, white=("9", "8", "7", "6"), hispanic=("120", "160", "90", "30"), levels="4", name_3="A", name_4="B",
                 seen=opened.context["seen"])  # fmt: skip
    response = client.post(url("baseline-edit", proposal, *EDIT), mine)

    assert (response.status_code, response.context["theirs"]) == (409, [("White", [1, 2, 3, 4], [9, 8, 7, 6])])
    assert 'name="white-1" value="9"' in text_of(response)
    assert counts()["white"] == [1, 2, 3, 4]
    client.post(url("baseline-edit", proposal, *EDIT), mine | {"version": response.context["version"]})
    assert counts()["white"] == [9, 8, 7, 6]


def test_table_saved_while_a_colleague_saved_another_is_no_conflict(client, proposal, ana_applicant, ben_colleague):
    save_table(proposal, some_results(), actor=ana_applicant, at=NOON, version=0)
    client.force_login(ana_applicant)
    seen = client.get(url("baseline-edit", proposal, *EDIT)).context["seen"]
    other = some_results(place=Place("ela", "3-8", "2025-26"))
    save_table(proposal, other, actor=ben_colleague, at=NOON, version=1, editor=PAGE_B)

    response = client.post(url("baseline-edit", proposal, *EDIT), typed(1, white=("9", "8"), seen=seen))

    assert (response.status_code, BaselineTable.objects.count()) == (302, 2)


def test_table_changed_after_signing_voids_the_signatures_and_says_so(client, ana_applicant):
    proposal = a_complete_proposal(actor=ana_applicant)
    client.force_login(ana_applicant)

    response = client.post(url("baseline-edit", proposal, *EDIT), typed(1, white=("9", "8")), follow=True)

    assert set(SignOff.objects.values_list("state", flat=True)) == {"void"}
    assert "The numbers changed, so it is no longer signed by" in text_of(response)


def test_table_is_removed_after_a_page_that_asks(client, proposal, ana_applicant):
    save_table(proposal, some_results(), actor=ana_applicant, at=NOON, version=0)
    client.force_login(ana_applicant)
    page = url("baseline-remove", proposal, *EDIT)

    assert "Mathematics, grades 3-8, 2025-26" in text_of(client.get(page))
    assert BaselineTable.objects.count() == 1
    assert client.post(page, {"confirm": "1"}).url == url("proposal-baseline", proposal)
    assert BaselineTable.objects.count() == 0
    assert client.get(page).status_code == 404


def test_baseline_is_read_by_a_viewer_and_closed_in_review(client, proposal, ana_applicant, sam_stranger):
    client.force_login(sam_stranger)
    assert client.get(url("proposal-baseline", proposal)).url.endswith("/read/#content-baseline")
    assert client.post(url("baseline-new", proposal), typed(white=("1", "2"))).status_code == 403
    late = ProposalFactory(site=a_site(ana_applicant), state=ProposalState.IN_REVIEW)
    client.force_login(ana_applicant)
    response = client.post(url("baseline-new", late), typed(white=("1", "2")))
    assert (response.status_code, 'value="Harbor State Test"' in text_of(response)) == (409, True)


def test_protected_tables_show_neither_counts_nor_small_groups(proposal, ana_applicant):
    told = {
        "white": [100, 200, 300, 200], "hispanic": [120, 160, 90, 30], "asian": [1, 1, 2, 2], "black": [5, 6, 7, 2],
        "multiracial": [None, 4, 5, 6],
    }  # fmt: skip
    save_table(proposal, some_results(counts=told), actor=ana_applicant, at=NOON, version=0)
    from_rows = {"baseline": baseline_of(proposal)}

    table = protected(from_rows, blind=True)["baseline"][0]

    assert {each["name"]: (each["size"], each["proficient"]) for each in table["groups"]} == {
        "White": ("800", "62.5 %"), "Hispanic or Latino": ("400", "30.0 %"), "Asian": ("not shown", "n<10"),
        "Black or African American": ("not shown", "not shown"), "Two or more races": ("not shown", "n<10"),
    }  # fmt: skip
    told = {each["name"] for each in table["groups"] if each["levels"]}
    assert told == {"White", "Hispanic or Latino"}
    assert [(each["points"], each["lower"]) for each in table["gaps"]] == [("32.5", "Hispanic or Latino")]
    assert (table["test_name"], "counts" in str(table)) == ("", False)


def baseline_of(proposal):
    return Dossier(proposal).baseline


@pytest.mark.parametrize("tables", [1, 20])
def test_baseline_pages_cost_the_same_queries_for_one_table_and_many(
    tables, client, proposal, ana_applicant, django_assert_max_num_queries
):
    years = [f"{year}-{(year + 1) % 100:02d}" for year in range(2006, 2026)]
    for number, year in enumerate(years[-tables:]):
        facts = some_results(place=Place("mathematics", "3-8", year))
        save_table(proposal, facts, actor=ana_applicant, at=NOON, version=number)
    client.force_login(ana_applicant)
    client.get(url("proposal-baseline", proposal))

    with django_assert_max_num_queries(10):
        client.get(url("proposal-baseline", proposal))
    with django_assert_max_num_queries(10):
        client.get(url("baseline-edit", proposal, *EDIT))
