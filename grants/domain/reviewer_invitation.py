"""Inviting people to the pool of reviewers by e-mail. The link's token leaves in that mail only; its digest stays."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from grants import rules
from grants.models import ReviewerInvitation, ReviewerProfile
from portal.access import Refused, demand
from portal.accounts.domain import owns_address
from portal.accounts.domain.role import take_role
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.activity.domain import record
from portal.mail.domain import send
from portal.record import lock
from sites.domain.invitation import digest

EXPIRES_AFTER = timedelta(days=21)
# Enough for any round; it keeps a stolen account from mailing the world.
MOST_OPEN = 60


def invite_reviewer(*, email: str, name: str, note: str = "", actor: User, at: datetime) -> ReviewerInvitation:
    """Write to somebody who is to join the pool; an invitation to the address that has expired is replaced.

    Raises `Refused`, ValidationError by field.
    """
    demand(rules.may_manage_reviewers(None, actor))
    address, name, token = email.strip().lower(), " ".join(name.split()), secrets.token_urlsafe(32)
    with transaction.atomic():
        _check(address, name, at)
        ReviewerInvitation.objects.filter(email=address, accepted_at=None, declined_at=None, withdrawn_at=None).update(
            withdrawn_at=at
        )
        try:
            with transaction.atomic():
                row = ReviewerInvitation.objects.create(
                    email=address, name=name, note=note.strip(), token_digest=digest(token), invited_by=actor,
                    invited_at=at, expires_at=at + EXPIRES_AFTER,
                )  # fmt: skip
        except IntegrityError as error:
            # A colleague invited the same person in this very moment.
            raise ValidationError({"email": "An invitation to this address is waiting for an answer."}) from error
        _mail(row, token)
        record(
            row, "invite-reviewer", actor=actor, at=at, summary=f"Invited {address} to review.", facts={"name": name}
        )
    return row


def send_again(invitation: ReviewerInvitation, *, actor: User, at: datetime) -> ReviewerInvitation:
    """Mail an invitation once more, with a new link and a new time; the old link is closed. Raises `Refused`."""
    demand(rules.may_manage_reviewers(None, actor))
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        row = _open(invitation)
        row.token_digest, row.invited_by, row.expires_at = digest(token), actor, at + EXPIRES_AFTER
        row.save(update_fields=["token_digest", "invited_by", "expires_at"])
        _mail(row, token)
        record(row, "invite-again", actor=actor, at=at, summary=f"Sent the invitation to {row.email} again.")
    return row


def withdraw_invitation(invitation: ReviewerInvitation, *, actor: User, at: datetime) -> ReviewerInvitation:
    """Make the link of an invitation nobody answered worthless. Raises `Refused`."""
    demand(rules.may_manage_reviewers(None, actor))
    with transaction.atomic():
        row = _open(invitation)
        row.withdrawn_at = at
        row.save(update_fields=["withdrawn_at"])
        record(row, "withdraw-invitation", actor=actor, at=at, summary=f"Withdrew the invitation to {row.email}.")
    return row


def accept_invitation(invitation: ReviewerInvitation, *, actor: User, at: datetime) -> ReviewerProfile:
    """Join the pool: the role of a reviewer, and a profile to fill in. Raises `Refused` (see `hindrance`)."""
    with transaction.atomic():
        row = lock(invitation)
        reason = hindrance(row, actor, at)
        if reason:
            raise Refused(reason)
        row.accepted_at, row.accepted_by = at, actor
        row.save(update_fields=["accepted_at", "accepted_by"])
        if Role.REVIEWER not in actor.roles:
            take_role(actor, Role.REVIEWER, offered_by=row.invited_by, at=at)
        profile, _ = ReviewerProfile.objects.get_or_create(user=actor, defaults={"version": 0})
        record(
            row, "accept-invitation", actor=actor, at=at, summary=f"{actor} joined the pool of reviewers.",
            facts={"email": row.email},
        )  # fmt: skip
    return profile


def decline_invitation(invitation: ReviewerInvitation, *, at: datetime, actor: User | None = None) -> None:
    """Say no, by the link alone or signed in: whoever asked is told. Raises `Refused` when it was answered already."""
    with transaction.atomic():
        row = lock(invitation)
        reason = why_over(row, at)
        if reason:
            raise Refused(reason)
        row.declined_at = at
        row.save(update_fields=["declined_at"])
        key = f"reviewer-declined:{row.public_id}"
        send("reviewer_declined", row.invited_by.email, context={"invitation": row}, key=key)
        record(
            row, "decline-invitation", actor=actor, at=at, actor_label="" if actor else f"{row.name} ({row.email})",
            summary=f"{row.name} does not want to join the pool of reviewers.",
        )  # fmt: skip


def hindrance(invitation: ReviewerInvitation, person: User, at: datetime) -> str:
    """Why this person cannot accept the invitation now; empty when they can."""
    over = why_over(invitation, at)
    if over:
        return over
    if not owns_address(person, invitation.email):
        return (
            f"This invitation was sent to {invitation.email}, and you are signed in as {person.email}. Sign out and "
            "sign in with that address, or add it to your account and confirm it."
        )
    return ""


def why_over(invitation: ReviewerInvitation, at: datetime) -> str:
    """Why nobody can answer the invitation any more; empty while somebody can."""
    asker = invitation.invited_by
    if invitation.accepted_at:
        return "This invitation was accepted already."
    if invitation.declined_at:
        return f"This invitation was declined. If you changed your mind, ask {asker} for a new one."
    if invitation.withdrawn_at:
        return f"This invitation was withdrawn. If that surprises you, ask {asker}."
    if invitation.expires_at <= at:
        return f"This invitation has expired. Ask {asker} to send a new one."
    if not rules.may_manage_reviewers(None, asker):
        return f"{asker} no longer looks after the pool of reviewers. Ask the foundation for a new invitation."
    return ""


def by_token(token: str) -> ReviewerInvitation | None:
    """The invitation whose link carries this token."""
    return ReviewerInvitation.objects.select_related("invited_by").filter(token_digest=digest(token)).first()


def _check(address: str, name: str, at: datetime) -> None:
    errors = {}
    try:
        validate_email(address)
    except ValidationError:
        errors["email"] = "Enter an e-mail address, such as name@university.example."
    if not name:
        errors["name"] = "Enter the person's name."
    if errors:
        raise ValidationError(errors)
    members = User.objects.filter(role_grants__role=Role.REVIEWER, is_active=True)
    if members.filter(emailaddress__email=address, emailaddress__verified=True).exists():
        raise ValidationError({"email": "This person is in the pool already."})
    pending = ReviewerInvitation.objects.pending(at)
    if pending.filter(email=address).exists():
        raise ValidationError({"email": "An invitation to this address is waiting for an answer."})
    if pending.count() >= MOST_OPEN:
        raise Refused(f"{MOST_OPEN} invitations are waiting for an answer. Withdraw some before you send more.")


def _open(invitation: ReviewerInvitation) -> ReviewerInvitation:
    row = lock(invitation)
    if row.accepted_at or row.declined_at or row.withdrawn_at:
        raise Refused("This invitation was answered or withdrawn already.")
    return row


def _mail(row: ReviewerInvitation, token: str) -> None:
    send("reviewer_invitation", row.email, context={"invitation": row, "token": token}, secret=True)
