"""What a director presses on a docket that was sent."""

from datetime import timedelta

import pytest
from django.urls import reverse

from grants.enums import DocketState
from grants.models import Docket
from portal import clock
from tests.factories.dockets import DECIDED_AT, a_docket, a_reviewed_proposal, the_line
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _an_hour_later():
    with clock.at(DECIDED_AT + timedelta(hours=1)):
        yield


@pytest.fixture
def proposal():
    return a_reviewed_proposal(site=a_site(name="Harbor Promise"), title="Every School, Every Family")


@pytest.fixture
def sent(proposal, omar_officer):
    return a_docket(proposal.round, officer=omar_officer, state=DocketState.SENT)


def page_of(docket):
    return reverse("grants:docket-detail", args=[docket.reference])


def line_page_of(docket, proposal):
    return reverse("grants:docket-line", args=[docket.reference, proposal.reference])


def verdict_of(docket, proposal):
    return reverse("grants:docket-line-verdict", args=[docket.reference, proposal.reference])


def agree_of(docket):
    return reverse("grants:docket-agree", args=[docket.reference])


def test_director_decides_on_a_line_from_its_page(client, sent, proposal, dina_director):
    client.force_login(dina_director)

    page = client.get(line_page_of(sent, proposal))
    data = {"version": sent.version, "verdict": "returned", "reason": "Ask about year 2."}
    response = client.post(verdict_of(sent, proposal), data)

    assert "Save the decision" in page.content.decode()
    assert response.url == page_of(sent)
    assert (the_line(sent).verdict, the_line(sent).verdict_reason) == ("returned", "Ask about year 2.")
    assert "1 returned" in client.get(page_of(sent)).content.decode()


def test_verdict_without_a_reason_comes_back_with_what_was_typed(client, sent, proposal, dina_director):
    client.force_login(dina_director)

    response = client.post(verdict_of(sent, proposal), {"version": sent.version, "verdict": "declined", "reason": "  "})

    assert response.status_code == 422
    assert "Say why: the officer reads your reason." in response.content.decode()
    assert the_line(sent).verdict == "open"


def test_verdict_on_a_version_that_was_changed_answers_409_and_keeps_the_reason(client, sent, proposal, dina_director):
    client.force_login(dina_director)

    data = {"version": sent.version - 1, "verdict": "declined", "reason": "Too thin."}
    response = client.post(verdict_of(sent, proposal), data)

    assert response.status_code == 409
    assert "Too thin." in response.content.decode()
    assert the_line(sent).verdict == "open"


def test_director_agrees_to_all_lines_and_the_button_goes(client, sent, dina_director):
    client.force_login(dina_director)
    assert "Agree to the 1 open line" in client.get(page_of(sent)).content.decode()

    client.post(agree_of(sent))

    text = client.get(page_of(sent)).content.decode()
    assert the_line(sent).verdict == "agreed"
    assert "1 of 1 decided" in text
    assert "Agree to the" not in text


@pytest.mark.parametrize("who", ["omar_officer", "fay_finance", "otto_auditor"])
def test_others_read_how_far_it_is_and_press_nothing(who, request, client, sent, proposal):
    client.force_login(request.getfixturevalue(who))

    text = client.get(page_of(sent)).content.decode()

    assert "0 of 1 decided" in text
    assert "Agree to" not in text.split("<main")[1].replace("Agree to, return or decline", "")
    assert "Save the decision" not in client.get(line_page_of(sent, proposal)).content.decode()
    assert client.post(agree_of(sent)).status_code == 403
    assert client.post(verdict_of(sent, proposal), {"verdict": "agreed"}).status_code == 403


def test_officer_reads_what_was_said_after_approval(client, proposal, omar_officer, dina_director):
    docket = a_docket(proposal.round, officer=omar_officer, director=dina_director, state=DocketState.APPROVED)
    client.force_login(omar_officer)

    text = client.get(line_page_of(docket, proposal)).content.decode()

    assert "Agreed by Dina Director" in text
    assert Docket.objects.get().state == "approved"
