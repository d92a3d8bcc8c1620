"""Inviting through the page, and answering: opening a link changes nothing."""

import re

import pytest
from django.urls import reverse

from portal.mail.models import Message
from sites.domain.invitation import invite
from sites.models import Invitation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _outbox(settings):
    settings.EMAIL_URL = "smtp://mail.example"


@pytest.fixture
def link(site, lea_site_lead, sam_stranger, noon):
    invite(site, email=sam_stranger.email, role="contributor", actor=lea_site_lead, at=noon)
    return re.search(r"/invitations/\S+", Message.objects.get().text).group()


def test_invitation_new_sends_it(client, site, lea_site_lead):
    client.force_login(lea_site_lead)

    answer = client.post(
        reverse("sites:invitation-new", args=[site.reference]), {"email": "kim@example.org", "role": "viewer"}
    )

    assert answer.url == reverse("sites:coalition-detail", args=[site.reference])
    assert Message.objects.get().to == "kim@example.org"


def test_invitation_new_with_an_address_on_the_team_says_so(client, site, lea_site_lead, ben_colleague):
    client.force_login(lea_site_lead)

    page = client.post(
        reverse("sites:invitation-new", args=[site.reference]), {"email": ben_colleague.email, "role": "viewer"}
    ).content.decode()

    assert "on the team already" in page


@pytest.mark.parametrize("method", ["get", "post"])
def test_invitation_new_is_refused_to_colleagues_and_hidden_from_strangers(
    client, site, ben_colleague, sam_stranger, method
):
    for person, status in ((ben_colleague, 403), (sam_stranger, 404)):
        client.force_login(person)
        assert getattr(client, method)(reverse("sites:invitation-new", args=[site.reference])).status_code == status


def test_invitation_opened_by_a_visitor_offers_sign_up_with_the_way_back(client, link, sam_stranger):
    page = client.get(link).content.decode()

    assert f"{reverse('account_signup')}?next={link.replace('/', '%2F')}&amp;email=sam%40stranger.example" in page
    assert f"{reverse('account_login')}?next={link.replace('/', '%2F')}" in page
    assert Invitation.objects.get().accepted_at is None


def test_invitation_accepted_by_a_visitor_asks_to_sign_in(client, link):
    assert client.post(link).url == f"{reverse('account_login')}?next={link}"


def test_invitation_opened_by_the_invited_person_shows_a_button_and_changes_nothing(client, link, sam_stranger):
    client.force_login(sam_stranger)

    page = client.get(link).content.decode()

    assert "Accept and join" in page
    assert Invitation.objects.get().accepted_at is None


def test_invitation_accepted_by_the_invited_person_opens_the_coalition(client, site, link, sam_stranger):
    client.force_login(sam_stranger)

    answer = client.post(link)

    assert answer.url == reverse("sites:coalition-detail", args=[site.reference])
    assert client.get(answer.url).status_code == 200


def test_invitation_opened_by_somebody_else_says_for_whom_it_is(client, site, link, ana_applicant):
    client.force_login(ana_applicant)

    page = client.get(link).content.decode()

    assert "sent to sam@stranger.example, and you are signed in as ana@applicant.example" in page
    assert "Accept and join" not in page
    assert client.post(link).status_code == 409
    assert not site.seats.current().filter(holder=ana_applicant).exists()


def test_invitation_with_an_unknown_token_is_not_found(client, link):
    assert client.get(link[:-2] + "x/").status_code == 404


def test_invitation_waiting_is_offered_on_the_list_and_accepted_without_the_mail(client, site, link, sam_stranger):
    client.force_login(sam_stranger)
    address = reverse("sites:invitation-answer", args=[Invitation.objects.get().public_id])
    assert address in client.get(reverse("sites:coalition-list")).content.decode()

    client.post(address)

    assert site.seats.current().filter(holder=sam_stranger).exists()


def test_invitation_waiting_for_somebody_else_is_not_found(client, link, ana_applicant):
    client.force_login(ana_applicant)

    assert client.get(reverse("sites:invitation-answer", args=[Invitation.objects.get().public_id])).status_code == 404


def test_invitation_withdrawn_no_longer_works(client, site, link, lea_site_lead, sam_stranger):
    client.force_login(lea_site_lead)
    address = reverse("sites:invitation-withdraw", args=[site.reference, Invitation.objects.get().public_id])

    assert client.post(address).url == reverse("sites:coalition-detail", args=[site.reference])
    assert "already" in client.post(address, follow=True).content.decode()
    client.force_login(sam_stranger)
    assert "was withdrawn" in client.get(link).content.decode()


def test_invitation_withdraw_is_refused_to_colleagues_and_hidden_from_strangers(
    client, site, link, ben_colleague, ana_applicant
):
    address = reverse("sites:invitation-withdraw", args=[site.reference, Invitation.objects.get().public_id])
    for person, status in ((ben_colleague, 403), (ana_applicant, 404)):
        client.force_login(person)
        assert client.post(address).status_code == status
