"""Inviting people to the pool of reviewers."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from grants.domain.queries.reviewer import invitations_to
from grants.domain.reviewer_invitation import (
    EXPIRES_AFTER,
    accept_invitation,
    by_token,
    decline_invitation,
    invite_reviewer,
    send_again,
    withdraw_invitation,
)
from grants.models import ReviewerInvitation, ReviewerProfile
from portal.access import Refused
from portal.accounts.domain.role import revoke_role
from portal.accounts.enums import Role
from portal.activity.models import Entry
from portal.mail.models import Message
from tests.factories.reviews import REVIEWED_AT
from tests.refusals import refuses

pytestmark = pytest.mark.django_db
LATER = REVIEWED_AT + timedelta(hours=1)


@pytest.fixture
def invitation(omar_officer, sam_stranger):
    return invite_reviewer(email=sam_stranger.email.upper(), name="Sam  Stranger", actor=omar_officer, at=REVIEWED_AT)


def test_invitation_keeps_no_token_and_the_mail_is_secret(invitation, sam_stranger):
    message = Message.objects.get()

    assert (invitation.email, invitation.name) == (sam_stranger.email, "Sam Stranger")
    assert (message.to, message.secret) == (sam_stranger.email, True)
    assert message.subject == "Omar Officer asks you to review for " + message.subject.rpartition(" for ")[2]
    assert len(invitation.token_digest) == 64
    assert Entry.objects.of(invitation).get().summary == f"Invited {sam_stranger.email} to review."


@pytest.mark.parametrize("who", ["dina_director", "rita_reviewer", "ana_applicant"])
def test_inviting_by_anybody_but_an_officer_is_refused(who, request):
    with refuses("Only program officers look after the pool of reviewers."):
        invite_reviewer(email="x@y.example", name="X", actor=request.getfixturevalue(who), at=REVIEWED_AT)


@pytest.mark.parametrize(
    ("email", "name", "field"),
    [("nobody", "Nia", "email"), ("nia@y.example", " ", "name"), ("rita@reviewer.example", "Rita", "email")],
)
def test_inviting_with_wrong_facts_is_refused_beside_the_field(email, name, field, omar_officer, rita_reviewer):
    with pytest.raises(ValidationError) as caught:
        invite_reviewer(email=email, name=name, actor=omar_officer, at=REVIEWED_AT)
    assert list(caught.value.message_dict) == [field]


def test_second_invitation_to_an_address_waits_for_the_first(invitation, omar_officer):
    with pytest.raises(ValidationError, match="is waiting for an answer"):
        invite_reviewer(email=invitation.email, name="Sam", actor=omar_officer, at=LATER)

    later = invite_reviewer(email=invitation.email, name="Sam", actor=omar_officer, at=REVIEWED_AT + EXPIRES_AFTER)

    invitation.refresh_from_db()
    assert (invitation.withdrawn_at, later.withdrawn_at) == (REVIEWED_AT + EXPIRES_AFTER, None)


def test_two_open_invitations_to_an_address_are_refused_by_the_database(invitation):
    invitation.pk, invitation.token_digest = None, "other"
    invitation.public_id = "00000000-0000-4000-8000-000000000001"
    with pytest.raises(IntegrityError):
        invitation.save(force_insert=True)


def test_accepting_gives_the_role_and_an_empty_profile(invitation, sam_stranger, omar_officer):
    accept_invitation(invitation, actor=sam_stranger, at=LATER)

    assert Role.REVIEWER in sam_stranger.roles
    assert sam_stranger.role_grants.get().granted_by == omar_officer
    assert ReviewerProfile.objects.get(user=sam_stranger).version == 0
    with refuses("This invitation was accepted already."):
        accept_invitation(invitation, actor=sam_stranger, at=LATER)


def test_accepting_with_another_address_is_refused(invitation, ana_applicant):
    with pytest.raises(Refused, match="and you are signed in as ana@"):
        accept_invitation(invitation, actor=ana_applicant, at=LATER)
    assert Role.REVIEWER not in ana_applicant.roles


def test_accepting_after_the_end_is_refused(invitation, sam_stranger):
    with refuses("This invitation has expired. Ask Omar Officer to send a new one."):
        accept_invitation(invitation, actor=sam_stranger, at=REVIEWED_AT + EXPIRES_AFTER)


def test_accepting_what_was_withdrawn_is_refused(invitation, sam_stranger, omar_officer):
    withdraw_invitation(invitation, actor=omar_officer, at=LATER)

    with refuses("This invitation was withdrawn. If that surprises you, ask Omar Officer."):
        accept_invitation(invitation, actor=sam_stranger, at=LATER)
    with refuses("This invitation was answered or withdrawn already."):
        send_again(invitation, actor=omar_officer, at=LATER)


def test_accepting_what_a_former_officer_sent_is_refused(invitation, sam_stranger, omar_officer, ada_admin):
    revoke_role(omar_officer, Role.OFFICER, actor=ada_admin, at=LATER)

    with refuses("Omar Officer no longer looks after the pool of reviewers. Ask the foundation for a new invitation."):
        accept_invitation(invitation, actor=sam_stranger, at=LATER)


def test_declining_needs_no_account_and_is_told(invitation, omar_officer):
    decline_invitation(invitation, at=LATER)

    assert Message.objects.get(to=omar_officer.email).subject == "Sam Stranger does not want to review"
    assert Entry.objects.of(invitation).first().actor_label == f"Sam Stranger ({invitation.email})"
    with refuses("This invitation was declined. If you changed your mind, ask Omar Officer for a new one."):
        decline_invitation(invitation, at=LATER)


def test_sending_again_closes_the_old_link(invitation, omar_officer):
    old = invitation.token_digest

    again = send_again(invitation, actor=omar_officer, at=LATER)

    assert again.token_digest != old
    assert again.expires_at == LATER + EXPIRES_AFTER
    assert Message.objects.count() == 2
    assert by_token("unknown") is None


def test_invitations_to_a_person_are_the_open_ones_to_their_addresses(invitation, sam_stranger, ana_applicant):
    assert list(invitations_to(sam_stranger, LATER)) == [invitation]
    assert list(invitations_to(ana_applicant, LATER)) == []
    assert list(invitations_to(sam_stranger, REVIEWED_AT + EXPIRES_AFTER)) == []
    assert ReviewerInvitation.objects.count() == 1
