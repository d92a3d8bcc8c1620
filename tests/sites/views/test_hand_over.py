"""Handing a seat over: the summary, the note for the successor, and what the successor sees."""

from datetime import timedelta

import pytest
from django.urls import reverse

from grants.domain.signoff import request_sign_off
from grants.enums import ProposalState
from grants.models import TeamMessage
from portal import clock
from portal.mail.models import Message
from sites.domain.invitation import by_token, digest, invite
from sites.enums import PartnerKind
from sites.models import Invitation
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory
from tests.factories.sites import PartnerFactory, SeatFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


@pytest.fixture
def seat(site, lea_site_lead):
    return site.seats.current().get(holder=lea_site_lead)


@pytest.fixture
def lead(client, lea_site_lead):
    client.force_login(lea_site_lead)
    return client


def summary(seat):
    return reverse("sites:seat-summary", args=[seat.site.reference, seat.public_id])


def text_of(response):
    return " ".join(response.content.decode().split())


def test_summary_tells_what_every_app_knows(lead, site, seat, lea_site_lead, omar_officer):
    draft = ProposalFactory(site=site, title="Every student counts")
    request_sign_off(draft, site.partners.get(kind=PartnerKind.UNION), actor=lea_site_lead, at=NOON)
    TeamMessage.objects.create(
        proposal=draft, from_foundation=True, author=omar_officer, text="Which schools in year 2?", sent_at=NOON
    )
    ProposalFactory(site=site, title="Last year", state=ProposalState.NOT_RECOMMENDED)

    text = text_of(lead.get(summary(seat)))

    for told in (
        "Ben Colleague, contributor", "Tomás Rivera signs", "3 schools", "Every student counts for", "still missing",
        "Due 30 Oct 2026", "Harbor County Education Association: waiting", "Which schools in year 2?",
        "Last year: in review",
    ):  # fmt: skip
        assert told in text


def test_note_is_kept_for_the_successor_who_reads_it_upon_accepting(settings, lead, client, seat, sam_stranger):
    lead.post(summary(seat), {"note": "Call the library first."})
    sent = invite(
        seat.site, email=sam_stranger.email, role="", hand_over_of=seat, actor=seat.holder, at=NOON
    )  # fmt: skip
    Invitation.objects.filter(pk=sent.pk).update(token_digest=digest("token"))
    client.force_login(sam_stranger)

    answer = client.post(reverse("sites:invitation-detail", args=["token"]), follow=True)

    text = text_of(answer)
    mail = Message.objects.get(template="seat_handed_over")
    own = seat.site.seats.current().get(holder=sam_stranger)
    assert answer.redirect_chain[-1][0] == summary(own)
    assert "Note of Lea Site Lead" in text
    assert "Call the library first." in text
    assert ("Call the library first." in mail.text, summary(own) in mail.text) == (True, True)
    assert "Read the hand-over" in text_of(
        client.get(reverse("sites:seat-detail", args=[own.site.reference, own.public_id]))
    )


def test_note_is_the_holders_and_the_leads_alone(client, site, seat, ben_colleague, sam_stranger):
    for person, status in ((ben_colleague, 403), (sam_stranger, 404)):
        client.force_login(person)
        assert client.get(summary(seat)).status_code == status
        assert client.post(summary(seat), {"note": "Mine"}).status_code == status


def test_note_that_is_too_long_is_refused_with_what_was_typed(lead, seat):
    answer = lead.post(summary(seat), {"note": "x" * 4001})

    assert "x" * 4001 in answer.content.decode()
    seat.refresh_from_db()
    assert seat.hand_over_note == ""


@pytest.mark.parametrize("rows", [1, 30])
def test_summary_costs_the_same_however_many_partners_and_people(lead, site, seat, rows, django_assert_max_num_queries):
    ProposalFactory(site=site)
    for _ in range(rows):
        SeatFactory(site=site)
        PartnerFactory(site=site)
    lead.get(summary(seat))

    with django_assert_max_num_queries(45):
        lead.get(summary(seat))


def test_leaving_as_the_only_lead_is_a_dead_button_that_says_why(lead, seat):
    text = text_of(lead.get(reverse("sites:seat-detail", args=[seat.site.reference, seat.public_id])))

    assert "This is the site’s only lead." in text
    assert reverse("sites:seat-end", args=[seat.site.reference, seat.public_id]) not in text


# --- invitations ---


def again(invitation):
    return reverse("sites:invitation-again", args=[invitation.site.reference, invitation.public_id])


@pytest.fixture
def invitation(site, lea_site_lead):
    sent = invite(site, email="next@lead.example", role="viewer", actor=lea_site_lead, at=NOON)
    Invitation.objects.filter(pk=sent.pk).update(token_digest=digest("first"))
    return sent


def test_invitation_is_sent_again_with_a_new_link_and_a_new_time(lead, invitation):
    with clock.at(NOON + timedelta(days=20)):
        expired = text_of(lead.get(reverse("sites:coalition-detail", args=[invitation.site.reference])))
        lead.post(again(invitation))

    invitation.refresh_from_db()
    assert "The link expired on" in expired
    assert (by_token("first"), invitation.expires_at) == (None, NOON + timedelta(days=34))
    assert Message.objects.filter(template="invitation", to="next@lead.example").count() == 2


def test_invitation_that_was_withdrawn_is_not_sent_again(lead, invitation):
    Invitation.objects.update(withdrawn_at=NOON)

    answer = lead.post(again(invitation), follow=True)

    assert "This invitation was answered or withdrawn already." in text_of(answer)


def test_invitation_is_sent_again_by_those_who_manage_the_team(client, invitation, ben_colleague, sam_stranger):
    for person, status in ((ben_colleague, 403), (sam_stranger, 404)):
        client.force_login(person)
        assert client.post(again(invitation)).status_code == status


def test_invitation_says_how_long_its_link_works(lead, invitation):
    text = text_of(lead.get(reverse("sites:coalition-detail", args=[invitation.site.reference])))

    assert ("The link works for" in text, "14 days" in text, "until 19 Oct 2026" in text) == (True, True, True)


def test_link_of_an_invitation_that_is_over_or_unknown_has_a_page(client, invitation):
    link = reverse("sites:invitation-detail", args=["first"])
    with clock.at(NOON + timedelta(days=15)):
        expired = client.get(link)
    unknown = client.get(reverse("sites:invitation-detail", args=["made-up"]))

    assert (expired.status_code, unknown.status_code) == (410, 404)
    assert "Ask Lea Site Lead to send a new one." in text_of(expired)
    assert "We do not know this link" in text_of(unknown)
