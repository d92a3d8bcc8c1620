"""Inviting people to a site's team by e-mail. The link's token leaves the portal in that mail only; its digest stays."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from portal.access import Refused, demand
from portal.accounts.domain import owns_address
from portal.accounts.models import User
from portal.activity.domain import record
from portal.mail.domain import send
from portal.record import lock
from sites.domain.seat import forget, succeed
from sites.enums import SeatRole
from sites.models import Invitation, Seat, Site
from sites.rules import may_hand_over, may_hold_seat, may_manage_seats, may_withdraw

EXPIRES_AFTER = timedelta(days=14)
# Enough for any team; it keeps a stolen account from mailing the world.
MOST_OPEN = 30


def invite(
    site: Site, *, email: str, role: str, actor: User, at: datetime, hand_over_of: Seat | None = None
) -> Invitation:
    """Invite somebody to a seat, or to take over the one in `hand_over_of` (then with that seat's role).

    An older invitation to the address is replaced once it has expired. Raises `Refused`, ValidationError by field.
    """
    address = email.strip().lower()
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        row = lock(site)
        seat = None
        if hand_over_of is not None:
            seat = _current(row, hand_over_of)
            role = seat.role
        demand(may_hand_over(seat, actor) if seat else may_manage_seats(row, actor))
        _check(row, address, role, at, seat)
        row.invitations.filter(email=address, accepted_at=None, withdrawn_at=None).update(withdrawn_at=at)
        invitation = Invitation.objects.create(
            site=row, email=address, role=role, hand_over_of=seat, token_digest=digest(token), invited_by=actor,
            created_at=at, expires_at=at + EXPIRES_AFTER,
        )  # fmt: skip
        send("invitation", address, context={"invitation": invitation, "site": row, "token": token}, secret=True)
        record(
            row, "invite", actor=actor, at=at, summary=f"Invited {address} as {_role(invitation)}.",
            facts={"email": address, "role": role, "instead_of": seat.holder.email if seat else ""},
        )  # fmt: skip
    return invitation


def send_again(invitation: Invitation, *, actor: User, at: datetime) -> Invitation:
    """Mail an invitation that nobody answered once more, with a new link and a new time; the old link is closed.

    Raises `Refused`, also for one that was answered or withdrawn, or whose address has a newer one.
    """
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        site = lock(invitation.site)
        row = _fresh(invitation, site)
        demand(may_withdraw(row, actor))
        if row.accepted_at or row.withdrawn_at:
            raise Refused("This invitation was answered or withdrawn already.")
        row.token_digest, row.expires_at, row.invited_by = digest(token), at + EXPIRES_AFTER, actor
        row.save(update_fields=["token_digest", "expires_at", "invited_by"])
        send("invitation", row.email, context={"invitation": row, "site": site, "token": token}, secret=True)
        record(
            site, "invite-again", actor=actor, at=at, summary=f"Sent the invitation to {row.email} again.",
            facts={"email": row.email, "role": row.role},
        )  # fmt: skip
    return row


def withdraw_invitation(invitation: Invitation, *, actor: User, at: datetime) -> Invitation:
    """Make the link of an open invitation worthless. Raises `Refused`."""
    with transaction.atomic():
        site = lock(invitation.site)
        row = _fresh(invitation, site)
        demand(may_withdraw(row, actor))
        if row.accepted_at or row.withdrawn_at:
            raise Refused("This invitation was answered or withdrawn already.")
        row.withdrawn_at = at
        row.save(update_fields=["withdrawn_at"])
        record(
            site, "withdraw-invitation", actor=actor, at=at, summary=f"Withdrew the invitation to {row.email}.",
            facts={"email": row.email},
        )  # fmt: skip
    return row


def accept_invitation(invitation: Invitation, *, actor: User, at: datetime) -> Seat:
    """Take the seat one was invited to. Raises `Refused` with what stands in the way (see `hindrance`)."""
    with transaction.atomic():
        site = lock(invitation.site)
        row = _fresh(invitation, site)
        reason = hindrance(row, actor, at)
        if reason:
            raise Refused(reason)
        row.accepted_at, row.accepted_by = at, actor
        row.save(update_fields=["accepted_at", "accepted_by"])
        if row.hand_over_of:
            return succeed(row.hand_over_of, to=actor, actor=actor, at=at)
        seat = Seat.objects.create(site=site, holder=actor, role=row.role, started_at=at)
        forget(actor)
        record(
            site, "accept-invitation", actor=actor, at=at, summary=f"{actor} joined the team as {_role(row)}.",
            facts={"email": row.email, "role": row.role, "invited_by": row.invited_by.email},
        )  # fmt: skip
    return seat


def hindrance(invitation: Invitation, person: User, at: datetime) -> str:
    """Why this person cannot accept the invitation now; empty when they can."""
    over = why_over(invitation, at)
    if over:
        return over
    if not owns_address(person, invitation.email):
        return (
            f"This invitation was sent to {invitation.email}, and you are signed in as {person.email}. Sign out and sign in "
            "with that address, or add it to your account and confirm it."
        )
    verdict = may_hold_seat(person)
    if not verdict:
        return verdict.reason
    if not invitation.hand_over_of and invitation.site.seats.current().filter(holder=person).exists():
        return f"You are on the team of {invitation.site} already."
    return ""


def why_over(invitation: Invitation, at: datetime) -> str:
    """Why nobody can accept the invitation any more; empty while somebody can."""
    asker = invitation.invited_by
    if invitation.accepted_at:
        return "This invitation was accepted already."
    if invitation.withdrawn_at:
        return f"This invitation was withdrawn. If that surprises you, ask {asker}."
    if invitation.expires_at <= at:
        return f"This invitation has expired. Ask {asker} to send a new one."
    return ""


def by_token(token: str) -> Invitation | None:
    """The invitation whose link carries this token."""
    return Invitation.objects.select_related("site", "invited_by").filter(token_digest=digest(token)).first()


def digest(token: str) -> str:
    """What is stored of a token: SHA-256 in hex. The token is random and long, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def _check(site: Site, address: str, role: str, at: datetime, seat: Seat | None) -> None:
    errors = {}
    try:
        validate_email(address)
    except ValidationError:
        errors["email"] = "Enter an e-mail address, such as name@district.example."
    if role not in SeatRole.values:
        errors["role"] = "Choose one of the roles."
    if errors:
        raise ValidationError(errors)
    holders = site.seats.current().filter(holder__emailaddress__email=address, holder__emailaddress__verified=True)
    if seat is None and holders.exists():
        raise ValidationError({"email": "This person is on the team already. Change the role of their seat instead."})
    if seat is not None and holders.filter(pk=seat.pk).exists():
        raise ValidationError({"email": "This is the address of the seat's holder."})
    if site.invitations.pending(at).filter(email=address).exists():
        raise ValidationError(
            {"email": "An invitation to this address is waiting for an answer. Withdraw it to send a new one."}
        )
    if site.invitations.pending(at).count() >= MOST_OPEN:
        raise Refused(f"{MOST_OPEN} invitations are waiting for an answer. Withdraw some before you send more.")


def _current(site: Site, seat: Seat) -> Seat:
    row = site.seats.current().select_related("holder").filter(pk=seat.pk).first()
    if row is None:
        raise Refused("This seat has ended already.")
    row.site = site
    return row


def _fresh(invitation: Invitation, site: Site) -> Invitation:
    """The invitation as it stands now, of the locked site."""
    row = Invitation.objects.select_related("invited_by", "hand_over_of__holder").get(pk=invitation.pk)
    row.site = site
    if row.hand_over_of:
        row.hand_over_of.site = site
    return row


def _role(invitation: Invitation) -> str:
    return invitation.get_role_display().lower()
