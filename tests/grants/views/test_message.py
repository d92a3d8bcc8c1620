"""The thread of a proposal: who reads and writes, what is kept when refused, and what it costs."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from grants.domain.message import write_message
from grants.enums import ProposalState
from grants.models import TeamMessage
from portal import clock
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def proposal(ana_applicant, ben_colleague):
    return ProposalFactory(site=a_site(ana_applicant, viewers=[ben_colleague], name="Harbor Promise"))


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


def url(proposal):
    return reverse("grants:proposal-messages", args=[proposal.reference])


def write(proposal, actor, text="Who signs for the union?", at=NOON):
    return write_message(proposal, text, actor=actor, at=at, key=uuid4().hex)


def test_thread_without_messages_says_what_it_is_for(client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    response = client.get(url(proposal))

    assert "Nothing was written yet" in response.text
    assert response.context["form"]["key"].value()


def test_message_is_sent_once_however_often_the_button_is_pressed(client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    first = client.post(url(proposal), {"text": "One paragraph.\n\nAnother one.", "key": KEY})
    client.post(url(proposal), {"text": "One paragraph.\n\nAnother one.", "key": KEY})

    assert first.url == url(proposal)
    assert TeamMessage.objects.get().text == "One paragraph.\n\nAnother one."
    assert "Another one." in client.get(url(proposal)).text


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"text": " ", "key": KEY}, "Write your message first."),
        ({"text": "Kept text", "key": "no key"}, "This page is incomplete."),
        ({"text": "Kept text" + "x" * 20_000, "key": KEY}, "Shorten this to 20000 characters"),
    ],
)
def test_message_refused_is_kept_in_its_box(client, proposal, ana_applicant, data, sentence):
    client.force_login(ana_applicant)

    response = client.post(url(proposal), data)

    assert (response.status_code, sentence in response.text, TeamMessage.objects.count()) == (422, True, 0)
    assert response.context["form"]["text"].value() == data["text"]


def test_thread_shows_each_side_what_waits_for_it(client, proposal, ana_applicant, omar_officer):
    message = write(proposal, omar_officer)
    settle = reverse("grants:message-settle", args=[proposal.reference, message.public_id])

    client.force_login(omar_officer)
    assert settle not in client.get(url(proposal)).text
    assert client.post(settle).status_code == 403
    client.force_login(ana_applicant)
    assert "One message waits for your answer" in client.get(url(proposal)).text
    assert client.post(settle).url == url(proposal)

    assert "No answer needed, says Ana Applicant" in client.get(url(proposal)).text


def test_viewer_reads_and_is_told_why_not_to_write(client, proposal, ana_applicant, ben_colleague, omar_officer):
    write(proposal, omar_officer)
    client.force_login(ben_colleague)

    response = client.get(url(proposal))

    assert "Who signs for the union?" in response.text
    assert "To write here you need a lead, contributor or finance seat." in response.text
    assert client.post(url(proposal), {"text": "Hm", "key": KEY}).status_code == 403


@pytest.mark.parametrize("who", ["rita_reviewer", "sam_stranger", "ada_admin"])
def test_thread_of_a_foreign_proposal_is_not_found(who, request, client, proposal):
    client.force_login(request.getfixturevalue(who))

    assert client.get(url(proposal)).status_code == 404
    assert client.post(url(proposal), {"text": "Hm", "key": KEY}).status_code == 404


def test_workspace_and_record_count_what_waits(client, proposal, ana_applicant, omar_officer):
    write(proposal, omar_officer)
    page = reverse("grants:proposal-detail", args=[proposal.reference])

    client.force_login(ana_applicant)
    assert "1 to answer" in client.get(page).text
    client.force_login(omar_officer)
    assert "1 to answer" not in client.get(page).text


@pytest.mark.parametrize("number", [1, 30])
def test_thread_costs_the_same_with_one_message_and_thirty(
    client, proposal, ana_applicant, omar_officer, django_assert_num_queries, number
):
    for each in range(number):
        write(proposal, ana_applicant if each % 2 else omar_officer, f"Message {each}", NOON + timedelta(minutes=each))
    client.force_login(ana_applicant)

    with django_assert_num_queries(8):
        response = client.get(url(proposal))
    assert len(response.context["items"]) == number


def test_long_thread_goes_on_on_the_next_page(client, proposal, ana_applicant):
    for each in range(51):
        write(proposal, ana_applicant, f"Message {each}", NOON + timedelta(minutes=each))
    client.force_login(ana_applicant)

    first = client.get(url(proposal))
    second = client.get(url(proposal) + first.context["page"].next_url)

    assert [item.message.text for item in second.context["items"]] == ["Message 0"]


@pytest.mark.parametrize("state", ProposalState)
def test_status_page_opens_in_every_state_for_team_and_staff(client, state, ana_applicant, omar_officer):
    proposal = ProposalFactory(site=a_site(ana_applicant), state=state)
    for person in (ana_applicant, omar_officer):
        client.force_login(person)

        response = client.get(reverse("grants:proposal-status", args=[proposal.reference]))

        assert response.status_code == 200
        assert "Recommended" not in response.text
    client.force_login(ana_applicant)
    assert "Recommended" not in client.get(reverse("grants:proposal-detail", args=[proposal.reference])).text


def test_status_page_costs_a_fixed_number_of_queries(
    client, proposal, ana_applicant, omar_officer, django_assert_num_queries
):
    for each in range(30):
        write(proposal, omar_officer, f"Message {each}")
    client.force_login(ana_applicant)

    with django_assert_num_queries(10):
        client.get(reverse("grants:proposal-status", args=[proposal.reference]))
