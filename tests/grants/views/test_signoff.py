"""Asking for signatures, and the public page on which a signatory reads, signs or declines."""

from datetime import timedelta

import pytest
from django.urls import reverse

from grants.domain.private_link import LINK_LIFETIME
from grants.domain.section import save_section
from grants.enums import ProposalState, SignOffState
from grants.models import Proposal, SignOff
from portal import clock
from portal.mail.models import Message
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _place(settings):
    settings.DEMO = True  # a secret mail keeps its text in the demo's mailbox only
    with clock.at(NOON):
        yield


@pytest.fixture
def proposal(ana_applicant, ben_colleague):
    return ProposalFactory(site=a_site(ana_applicant, viewers=[ben_colleague], name="Harbor Promise"))


@pytest.fixture
def union(proposal):
    return proposal.site.partners.get(kind="union")


def page(proposal):
    return reverse("grants:proposal-signoffs", args=[proposal.reference])


def ask(client, proposal, partner):
    return client.post(page(proposal), {"partner": partner.public_id})


@pytest.fixture
def link(client, proposal, union, ana_applicant):
    """The private link in the mail to the union's president, opened by nobody yet."""
    client.force_login(ana_applicant)
    ask(client, proposal, union)
    client.logout()
    return newest_link()


def newest_link():
    text = Message.objects.filter(template="sign_off_request").latest("created_at").text
    return reverse("grants:sign", args=[text.split("/sign/")[1].split("/")[0]])


def text_of(response):
    return " ".join(response.content.decode().split())


def signing(response, **more):
    return {
        "answer": "sign", "signed_name": "Tomás Rivera", "signed_title": "President", "agree": "on",
        "content_sha256": response.context["content_sha256"],
    } | more  # fmt: skip


# --- the team's page ---


def test_partner_asked_from_the_page_gets_a_link(client, proposal, union, ana_applicant):
    client.force_login(ana_applicant)
    assert "Not asked yet" in text_of(client.get(page(proposal)))

    ask(client, proposal, union)

    text = text_of(client.get(page(proposal)))
    assert "Waiting" in text
    assert "Send a new link" in text
    assert SignOff.objects.get().partner == union


def test_partner_of_another_site_cannot_be_asked(client, proposal, ana_applicant):
    foreign = a_site().partners.first()
    client.force_login(ana_applicant)

    assert ask(client, proposal, foreign).status_code == 404
    assert client.post(page(proposal), {"partner": "1"}).status_code == 404
    assert SignOff.objects.count() == 0


def test_partner_cannot_be_asked_from_a_viewers_seat(client, proposal, union, ben_colleague):
    client.force_login(ben_colleague)

    assert "Ask to sign" not in text_of(client.get(page(proposal)))
    assert ask(client, proposal, union).status_code == 403


def test_partner_who_signed_cannot_be_asked_again(client, link, proposal, union, ana_applicant):
    client.post(link, signing(client.get(link)))
    client.force_login(ana_applicant)

    response = client.post(page(proposal), {"partner": union.public_id}, follow=True)

    assert f"{union} has signed this proposal already." in text_of(response)


# --- the signatory's page ---


def test_link_shows_the_whole_proposal_without_an_account_and_changes_nothing(client, link, proposal):
    response = client.get(link)

    assert response.status_code == 200
    assert proposal.title in text_of(response)
    assert "no-store" in response.headers["Cache-Control"]
    assert SignOff.objects.get().state == SignOffState.REQUESTED


def test_link_signed_thanks_and_stays_signed(client, link):
    response = client.post(link, signing(client.get(link)), follow=True)

    assert (response.status_code, "Thank you" in text_of(response)) == (200, True)
    row = SignOff.objects.get()
    assert (row.state, row.signed_name, row.signed_title) == (SignOffState.SIGNED, "Tomás Rivera", "President")

    client.post(link, {"answer": "decline", "decline-signed_name": "T", "decline-decline_reason": "No"})
    assert SignOff.objects.get().state == SignOffState.SIGNED


@pytest.mark.parametrize("left_out", ["signed_name", "signed_title", "agree", "content_sha256"])
def test_link_signed_incompletely_is_refused_with_what_was_typed(left_out, client, link):
    facts = signing(client.get(link))
    del facts[left_out]

    response = client.post(link, facts)

    assert (response.status_code, SignOff.objects.get().state) == (422, SignOffState.REQUESTED)
    if left_out != "signed_name":
        assert 'value="Tomás Rivera"' in text_of(response)


def test_link_signed_after_the_text_changed_asks_to_read_again(client, link, proposal, ana_applicant):
    read = client.get(link)
    answers = {"after-the-grant": "Something new"}
    save_section(proposal, "sustainability", actor=ana_applicant, at=NOON, version=0, answers=answers)

    refused = client.post(link, signing(read))
    accepted = client.post(link, signing(refused))

    assert (refused.status_code, accepted.status_code) == (409, 302)
    assert "The proposal was changed while you were reading. Read it again before you sign." in text_of(refused)
    assert "Something new" in text_of(refused)


def test_link_declined_keeps_the_reason_for_the_team(client, link, proposal, ana_applicant):
    client.post(link, {"answer": "decline", "decline-signed_name": "Tomás", "decline-decline_reason": "Too early."})

    client.force_login(ana_applicant)
    text = text_of(client.get(page(proposal)))
    assert "Declined" in text
    assert "Too early." in text
    assert "Ask again" in text


def test_link_declined_without_a_reason_is_refused(client, link):
    response = client.post(link, {"answer": "decline", "decline-signed_name": "Tomás", "decline-decline_reason": ""})

    assert (response.status_code, SignOff.objects.get().state) == (422, SignOffState.REQUESTED)


def test_link_that_expired_or_was_replaced_is_closed(client, link, proposal, union, ana_applicant):
    with clock.at(NOON + LINK_LIFETIME + timedelta(seconds=1)):
        expired = client.get(link)
    client.force_login(ana_applicant)
    with clock.at(NOON + timedelta(hours=1)):
        ask(client, proposal, union)
    client.logout()

    assert (expired.status_code, "This link has expired" in text_of(expired)) == (410, True)
    assert client.get(link).status_code == 404
    assert client.get(newest_link()).status_code == 200


def test_link_of_a_withdrawn_proposal_is_closed(client, link, proposal):
    Proposal.objects.filter(pk=proposal.pk).update(state=ProposalState.WITHDRAWN, withdrawn_at=NOON)

    assert (client.get(link).status_code, client.post(link, {"answer": "sign"}).status_code) == (410, 410)


def test_link_nobody_made_is_not_found(client, db):
    assert client.get(reverse("grants:sign", args=["made-up"])).status_code == 404


def test_link_costs_a_fixed_number_of_queries(client, link, django_assert_max_num_queries):
    client.get(link)

    with django_assert_max_num_queries(12):
        client.get(link)
