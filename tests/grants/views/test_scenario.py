"""The pages of scenarios: a copy, and dockets side by side."""

from datetime import timedelta

import pytest
from django.urls import reverse

from grants.domain.scenario import copy_docket
from grants.enums import Decision
from grants.models import Docket
from portal import clock
from tests.factories.dockets import DECIDED_AT, a_docket, a_reviewed_proposal, recommend, the_line
from tests.factories.rounds import RoundFactory
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _an_hour_later():
    with clock.at(DECIDED_AT + timedelta(hours=1)):
        yield


@pytest.fixture
def docket(omar_officer):
    proposal = a_reviewed_proposal(site=a_site(name="Harbor Promise"))
    return a_docket(proposal.round, officer=omar_officer, title="Full ask")


@pytest.fixture
def scenario(docket, omar_officer):
    """A copy in which the only proposal waits."""
    made = copy_docket(docket, title="Nobody", actor=omar_officer, at=DECIDED_AT)
    recommend(the_line(made), officer=omar_officer, decision=Decision.WAITLIST)
    return made


def copy_of(docket):
    return reverse("grants:docket-copy", args=[docket.reference])


def compare_of(docket):
    return reverse("grants:docket-compare", args=[docket.round.reference])


def test_scenario_is_made_under_its_name(client, docket, omar_officer):
    client.force_login(omar_officer)

    page = client.get(copy_of(docket))
    response = client.post(copy_of(docket), {"title": "Six sites, 90%"})

    made = Docket.objects.get(title="Six sites, 90%")
    assert page.status_code == 200
    assert response.url == reverse("grants:docket-detail", args=[made.reference])
    assert "It was copied from" in client.get(response.url).content.decode()


def test_scenario_without_a_name_is_kept_open(client, docket, omar_officer):
    client.force_login(omar_officer)

    assert client.post(copy_of(docket), {"title": " "}).status_code == 422
    assert Docket.objects.count() == 1


def test_scenario_of_a_sent_docket_is_refused_in_words(client, omar_officer):
    docket = a_docket(a_reviewed_proposal().round, officer=omar_officer, state="sent")
    client.force_login(omar_officer)

    response = client.post(copy_of(docket), {"title": "Late"})

    assert response.status_code == 409
    assert "Only a draft can be copied. This docket is with the director." in response.content.decode()


def test_comparison_shows_the_drafts_and_says_what_differs(client, docket, scenario, dina_director):
    client.force_login(dina_director)

    response = client.get(compare_of(docket))

    text = response.content.decode()
    assert [column.docket for column in response.context["comparison"].columns] == [docket, scenario]
    assert "1 of 1 proposals differ" in text
    assert "$1,200,000 less" in text


def test_comparison_of_the_chosen_ones_alone(client, docket, scenario, omar_officer):
    third = copy_docket(docket, title="Third", actor=omar_officer, at=DECIDED_AT)
    client.force_login(omar_officer)

    response = client.get(compare_of(docket), {"docket": [third.reference, scenario.reference]})

    assert [column.docket for column in response.context["comparison"].columns] == [scenario, third]


@pytest.mark.parametrize("number", [1, 5])
def test_comparison_of_too_few_or_too_many_is_refused_in_words(number, client, docket, omar_officer):
    chosen = [docket.reference]
    for place in range(4):
        chosen.append(copy_docket(docket, title=f"S{place}", actor=omar_officer, at=DECIDED_AT).reference)
    client.force_login(omar_officer)

    response = client.get(compare_of(docket), {"docket": chosen[:number]})

    assert response.status_code == 422
    assert "Choose two to four dockets." in response.content.decode()


def test_comparison_of_one_docket_says_how_to_make_another(client, docket, omar_officer):
    client.force_login(omar_officer)

    assert "Nothing to compare yet" in client.get(compare_of(docket)).content.decode()


@pytest.mark.parametrize("rows", [1, 30])
def test_comparison_page_takes_the_same_queries_for_any_number_of_lines(
    rows, client, omar_officer, django_assert_max_num_queries
):
    round_ = RoundFactory(envelope=99_000_000, criteria=1)
    for _ in range(rows):
        a_reviewed_proposal(round_, marks=())
    docket = a_docket(round_, officer=omar_officer)
    copy_docket(docket, title="Second", actor=omar_officer, at=DECIDED_AT)
    client.force_login(omar_officer)

    with django_assert_max_num_queries(12):
        assert len(client.get(compare_of(docket)).context["comparison"].rows) == rows
