"""Invitations: sent, withdrawn, accepted by the right person only."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from portal.access import Refused
from portal.activity.domain import timeline
from portal.mail.models import Message
from sites.domain.invitation import (
    MOST_OPEN,
    accept_invitation,
    by_token,
    digest,
    hindrance,
    invite,
    withdraw_invitation,
)
from sites.domain.queries.invitation import addressed_to
from sites.enums import SeatRole
from sites.models import Invitation
from tests.conftest import NOON
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _outbox(settings):
    settings.EMAIL_URL = "smtp://mail.example"


@pytest.fixture
def invitation(site, lea_site_lead, sam_stranger):
    return invite(site, email=sam_stranger.email, role=SeatRole.FINANCE, actor=lea_site_lead, at=NOON)


def token_in(message):
    return re.search(r"/invitations/([\w-]+)/", message.text).group(1)


def test_invite_mails_a_link_whose_token_is_not_stored(site, invitation, sam_stranger):
    message = Message.objects.get()

    token = token_in(message)

    assert (message.to, message.secret) == (sam_stranger.email, True)
    assert message.subject == f"Lea Site Lead invites you to the team of {site}"
    assert invitation.token_digest == digest(token) != token
    assert by_token(token) == invitation
    assert by_token(token[:-1]) is None


def test_invite_expires_after_two_weeks(invitation):
    assert invitation.expires_at == NOON + timedelta(days=14)


def test_invite_writes_the_address_in_lower_case(site, lea_site_lead):
    assert (
        invite(site, email=" Kim@Example.ORG ", role="viewer", actor=lea_site_lead, at=NOON).email == "kim@example.org"
    )


def test_invite_with_bad_facts_names_every_field(site, lea_site_lead):
    with pytest.raises(ValidationError) as caught:
        invite(site, email="kim", role="king", actor=lea_site_lead, at=NOON)

    assert sorted(caught.value.message_dict) == ["email", "role"]


def test_invite_of_a_colleague_is_refused(site, lea_site_lead, ben_colleague):
    with pytest.raises(ValidationError, match="on the team already"):
        invite(site, email=ben_colleague.email, role="viewer", actor=lea_site_lead, at=NOON)


def test_invite_twice_while_the_first_waits_is_refused(site, invitation, lea_site_lead):
    with pytest.raises(ValidationError, match="waiting for an answer"):
        invite(site, email=invitation.email, role="viewer", actor=lea_site_lead, at=NOON + timedelta(days=1))


def test_invite_again_after_the_first_expired_replaces_it(site, invitation, lea_site_lead):
    again = invite(site, email=invitation.email, role="viewer", actor=lea_site_lead, at=invitation.expires_at)

    invitation.refresh_from_db()
    assert invitation.withdrawn_at is not None
    assert list(site.invitations.pending(again.created_at)) == [again]


def test_invite_beyond_the_most_open_ones_is_refused(site, lea_site_lead):
    for number in range(MOST_OPEN):
        Invitation.objects.create(
            site=site, email=f"p{number}@people.example", role="viewer", token_digest=digest(str(number)),
            invited_by=lea_site_lead, created_at=NOON, expires_at=NOON + timedelta(days=14),
        )  # fmt: skip

    with pytest.raises(Refused, match="Withdraw some"):
        invite(site, email="one@more.example", role="viewer", actor=lea_site_lead, at=NOON)


def test_invite_by_a_contributor_is_refused(site, ben_colleague):
    with pytest.raises(Refused):
        invite(site, email="kim@example.org", role="viewer", actor=ben_colleague, at=NOON)


def test_invite_by_an_officer_is_allowed_only_while_no_lead_can_sign_in(site, omar_officer, lea_site_lead):
    with pytest.raises(Refused):
        invite(site, email="kim@example.org", role="lead", actor=omar_officer, at=NOON)
    lea_site_lead.is_active = False
    lea_site_lead.save()

    assert invite(site, email="kim@example.org", role="lead", actor=omar_officer, at=NOON)


def test_accept_invitation_gives_the_seat(site, invitation, sam_stranger):
    seat = accept_invitation(invitation, actor=sam_stranger, at=NOON)

    assert (seat.holder, seat.role, seat.site) == (sam_stranger, SeatRole.FINANCE, site)
    assert sam_stranger.seat_roles == {site.pk: SeatRole.FINANCE}
    invitation.refresh_from_db()
    assert (invitation.accepted_by, invitation.accepted_at) == (sam_stranger, NOON)
    assert timeline(site)[0].summary == "Sam Stranger joined the team as site finance."


def test_accept_invitation_through_a_second_verified_address_is_allowed(site, lea_site_lead, sam_stranger):
    EmailAddress.objects.create(user=sam_stranger, email="sam@work.example", verified=True)
    invitation = invite(site, email="sam@work.example", role="viewer", actor=lea_site_lead, at=NOON)

    assert accept_invitation(invitation, actor=sam_stranger, at=NOON)


@pytest.mark.parametrize("verified", [True, False])
def test_accept_invitation_with_another_or_unverified_address_is_refused(
    invitation, ana_applicant, sam_stranger, verified
):
    person = ana_applicant if verified else sam_stranger
    if not verified:
        EmailAddress.objects.filter(user=sam_stranger).update(verified=False)

    with pytest.raises(Refused, match=r"was sent to sam@stranger\.example, and you are signed in as"):
        accept_invitation(invitation, actor=person, at=NOON)


def test_accept_invitation_twice_is_refused(invitation, sam_stranger):
    accept_invitation(invitation, actor=sam_stranger, at=NOON)

    with pytest.raises(Refused, match="accepted already"):
        accept_invitation(invitation, actor=sam_stranger, at=NOON)


def test_accept_invitation_at_its_end_is_refused(invitation, sam_stranger):
    with pytest.raises(Refused, match=r"has expired\. Ask Lea Site Lead"):
        accept_invitation(invitation, actor=sam_stranger, at=invitation.expires_at)


def test_accept_invitation_that_was_withdrawn_is_refused(invitation, lea_site_lead, sam_stranger):
    withdraw_invitation(invitation, actor=lea_site_lead, at=NOON)

    with pytest.raises(Refused, match="was withdrawn"):
        accept_invitation(invitation, actor=sam_stranger, at=NOON)


def test_accept_invitation_by_foundation_staff_is_refused(site, lea_site_lead, omar_officer):
    invitation = invite(site, email=omar_officer.email, role="viewer", actor=lea_site_lead, at=NOON)

    with pytest.raises(Refused, match="work for the foundation"):
        accept_invitation(invitation, actor=omar_officer, at=NOON)


def test_accept_invitation_while_on_the_team_is_refused(site, invitation, lea_site_lead, sam_stranger):
    EmailAddress.objects.create(user=sam_stranger, email="sam@work.example", verified=True)
    other = invite(site, email="sam@work.example", role="viewer", actor=lea_site_lead, at=NOON)
    accept_invitation(invitation, actor=sam_stranger, at=NOON)

    with pytest.raises(Refused, match="on the team"):
        accept_invitation(other, actor=sam_stranger, at=NOON)


def test_accept_invitation_to_a_hand_over_moves_the_seat(site, lea_site_lead, sam_stranger):
    seat = site.seats.current().get(holder=lea_site_lead)
    invitation = invite(site, email=sam_stranger.email, role="", hand_over_of=seat, actor=lea_site_lead, at=NOON)
    assert invitation.role == SeatRole.LEAD

    successor = accept_invitation(invitation, actor=sam_stranger, at=NOON)

    assert (successor.predecessor, successor.role) == (seat, SeatRole.LEAD)
    assert not site.seats.current().filter(holder=lea_site_lead).exists()
    assert Message.objects.filter(template="seat_ended", to=lea_site_lead.email).exists()


def test_invite_to_take_over_ones_own_seat_is_allowed_to_every_holder(site, ben_colleague):
    seat = site.seats.current().get(holder=ben_colleague)

    invitation = invite(site, email="kim@example.org", role="lead", hand_over_of=seat, actor=ben_colleague, at=NOON)

    assert invitation.role == SeatRole.CONTRIBUTOR


def test_invite_to_take_over_a_seat_by_its_holders_own_address_is_refused(site, lea_site_lead, ben_colleague):
    seat = site.seats.current().get(holder=ben_colleague)

    with pytest.raises(ValidationError, match="address of the seat's holder"):
        invite(site, email=ben_colleague.email, role="", hand_over_of=seat, actor=lea_site_lead, at=NOON)


def test_invite_to_take_over_a_seat_of_another_site_is_refused(site, lea_site_lead):
    seat = a_site().seats.get()

    with pytest.raises(Refused, match="ended already"):
        invite(site, email="kim@example.org", role="", hand_over_of=seat, actor=lea_site_lead, at=NOON)


def test_withdraw_invitation_twice_is_refused(invitation, lea_site_lead):
    withdraw_invitation(invitation, actor=lea_site_lead, at=NOON)

    with pytest.raises(Refused, match="already"):
        withdraw_invitation(invitation, actor=lea_site_lead, at=NOON)


def test_withdraw_invitation_by_a_contributor_is_refused(invitation, ben_colleague):
    with pytest.raises(Refused):
        withdraw_invitation(invitation, actor=ben_colleague, at=NOON)


def test_hindrance_of_the_right_person_is_none(invitation, sam_stranger):
    assert hindrance(invitation, sam_stranger, NOON) == ""


def test_invitations_addressed_to_a_person_are_the_open_ones_to_verified_addresses(
    invitation, sam_stranger, ana_applicant
):
    assert list(addressed_to(sam_stranger, NOON)) == [invitation]
    assert list(addressed_to(sam_stranger, invitation.expires_at)) == []
    assert list(addressed_to(ana_applicant, NOON)) == []


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        ("invitation_role_is_known", {"role": "king"}),
        ("invitation_expires_after_it_is_made", {"expires_at": NOON}),
        ("invitation_accepted_by_somebody_or_not_at_all", {"accepted_at": NOON}),
        ("invitation_email_is_lower_case", {"email": "Kim@example.org"}),
    ],
)
def test_invitation_with_a_broken_fact_is_refused_by_the_database(site, lea_site_lead, constraint, facts):
    sound = {"site": site, "email": "kim@example.org", "role": "viewer", "token_digest": "x", "invited_by": lea_site_lead,
             "created_at": NOON, "expires_at": NOON + timedelta(days=1)}  # fmt: skip

    with pytest.raises(IntegrityError, match=constraint):
        Invitation.objects.create(**sound | facts)


def test_invitation_open_twice_for_an_address_is_refused_by_the_database(invitation):
    invitation.pk, invitation.public_id, invitation.token_digest = None, digest("x")[:32], "another"

    with pytest.raises(IntegrityError):
        invitation.save(force_insert=True)
