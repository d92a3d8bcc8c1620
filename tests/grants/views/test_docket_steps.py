"""The pages of a docket's steps: who may press what, and who has to prove who they are."""

from datetime import timedelta

import pytest
from django.urls import reverse

from grants.enums import Decision, DocketState
from grants.models import Award, Docket
from portal import clock
from portal.accounts.enums import Role
from tests.factories.accounts import UserFactory
from tests.factories.dockets import DECIDED_AT, a_docket, a_reviewed_proposal, recommend, the_line
from tests.factories.sites import a_site
from tests.proof import proved

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _an_hour_later():
    with clock.at(DECIDED_AT + timedelta(hours=1)):
        yield


@pytest.fixture
def proposal():
    return a_reviewed_proposal(site=a_site(name="Harbor Promise"), title="Every School, Every Family")


@pytest.fixture
def docket(proposal, omar_officer):
    return a_docket(proposal.round, officer=omar_officer)


def step_of(docket, step):
    return reverse("grants:docket-step", args=[docket.reference, step])


def test_docket_goes_from_the_officer_over_the_director_to_the_teams(client, docket, omar_officer, dina_director):
    client.force_login(omar_officer)
    client.post(step_of(docket, "send"), {"version": docket.version})
    proved(client, dina_director)
    client.post(reverse("grants:docket-agree", args=[docket.reference]))
    version = Docket.objects.get().version
    client.post(step_of(docket, "approve"), {"version": version})
    assert Docket.objects.get().state == "approved"
    client.force_login(omar_officer)
    client.post(step_of(docket, "announce"), {"version": version + 1})

    assert Docket.objects.get().state == "announced"
    assert Award.objects.get().state == "offered"


def test_approving_asks_the_director_to_prove_who_they_are(client, proposal, dina_director):
    docket = a_docket(proposal.round, state=DocketState.SENT)
    client.force_login(dina_director)

    response = client.post(step_of(docket, "approve"), {"version": docket.version})

    assert response.url.startswith(reverse("account_reauthenticate"))
    assert Docket.objects.get().state == "sent"


def test_approving_by_the_officer_is_forbidden_in_words(client, proposal, omar_officer):
    docket = a_docket(proposal.round, officer=omar_officer, state=DocketState.SENT)
    proved(client, omar_officer)

    response = client.post(step_of(docket, "approve"), {"version": docket.version})

    assert response.status_code == 403
    assert "Only a director approves a docket." in response.content.decode()


def test_approving_by_a_director_who_prepared_it_is_forbidden_in_words(client, proposal):
    both = UserFactory(roles=[Role.OFFICER, Role.DIRECTOR])
    docket = a_docket(proposal.round, officer=both, state=DocketState.SENT)
    proved(client, both)

    response = client.post(step_of(docket, "approve"), {"version": docket.version})

    assert response.status_code == 403
    assert "You recommended this docket, so another director has to decide on it." in response.content.decode()
    assert not Award.objects.exists()


def test_approving_a_version_that_was_changed_is_refused(client, proposal, dina_director):
    docket = a_docket(proposal.round, state=DocketState.SENT)
    proved(client, dina_director)

    response = client.post(step_of(docket, "approve"), {"version": docket.version - 1})

    assert response.status_code == 409
    assert not Award.objects.exists()


def test_step_page_says_what_will_happen_award_by_award(client, proposal, omar_officer):
    second = a_reviewed_proposal(proposal.round, site=a_site(name="Three Rivers Promise"), marks=(1,))
    docket = a_docket(proposal.round, officer=omar_officer)
    recommend(the_line(docket, second), officer=omar_officer, decision=Decision.WAITLIST)
    client.force_login(omar_officer)

    assert client.get(step_of(docket, "send")).context["facts"] == [
        ("Round", str(proposal.round)),
        ("Harbor Promise", "$1,200,000"),
        ("All awards together", "$1,200,000"),
        ("Three Rivers Promise", "Waitlist"),
    ]
