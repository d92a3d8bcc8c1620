"""What is done to a person's account: profile, closing and opening it, ending sessions."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import available_timezones

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.db import transaction

from portal.access import Refused, demand
from portal.accounts.domain.role import lock_people
from portal.accounts.models import User
from portal.accounts.rules import may_change_profile, may_manage
from portal.activity.domain import record


def change_profile(person: User, *, name: str, time_zone: str, actor: User, at: datetime) -> User:
    """Change one's own name and time zone (an IANA name, or empty for the foundation's).

    Raises `Refused` for anybody else, ValidationError for no name or no such zone.
    """
    errors = {}
    if not name.strip():
        errors["name"] = "Enter your full name, as colleagues know you."
    if time_zone and time_zone not in available_timezones():
        errors["time_zone"] = "There is no such time zone."
    if errors:
        raise ValidationError(errors)
    demand(may_change_profile(person, actor))
    with transaction.atomic():
        row = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
        before = {"name": row.name, "time_zone": row.time_zone}
        row.name, row.time_zone = name.strip(), time_zone
        row.save(update_fields=["name", "time_zone"])
        facts = {"before": before, "after": {"name": row.name, "time_zone": row.time_zone}}
        record(row, "change-profile", actor=row, at=at, summary="Changed name or time zone.", facts=facts)
    return row


def deactivate(person: User, *, reason: str, actor: User, at: datetime) -> User:
    """Close an account at once: nobody can sign in with it, and open sessions end. Seats and work stay as they are.

    Raises `Refused` when the actor may not or the account is closed, ValidationError without a reason.
    """
    if not reason.strip():
        raise ValidationError({"reason": "Write a reason; it is kept with the record."})
    with transaction.atomic():
        lock_people(person, actor)
        demand(may_manage(person, actor))
        _set_active(person, False)
        _end_sessions_of(person)
        record(
            person, "deactivate", actor=actor, at=at,
            summary=f"Closed the account of {person}.", facts={"reason": reason.strip()},
        )  # fmt: skip
    return person


def reactivate(person: User, *, actor: User, at: datetime) -> User:
    """Open a closed account again, with the roles and seats it had. Raises `Refused`."""
    with transaction.atomic():
        lock_people(person, actor)
        demand(may_manage(person, actor))
        _set_active(person, True)
        record(person, "reactivate", actor=actor, at=at, summary=f"Opened the account of {person} again.")
    return person


def end_sessions(person: User, *, actor: User, at: datetime) -> int:
    """Sign a person out everywhere. Returns how many sessions ended; raises `Refused`."""
    with transaction.atomic():
        lock_people(person, actor)
        demand(may_manage(person, actor))
        ended = _end_sessions_of(person)
        record(
            person,
            "end-sessions",
            actor=actor,
            at=at,
            summary=f"Signed {person} out everywhere.",
            facts={"sessions": ended},
        )
    return ended


def owns_address(person: User, address: str) -> bool:
    """Whether this person has shown that the e-mail address is theirs."""
    return EmailAddress.objects.filter(user=person, email=address.lower(), verified=True).exists()


def _set_active(person: User, active: bool) -> None:
    if not User.objects.filter(pk=person.pk, is_active=not active).update(is_active=active):
        raise Refused(f"The account of {person} is {'open' if active else 'closed'} already.")
    person.is_active = active


def _end_sessions_of(person: User) -> int:
    sessions = list(UserSession.objects.filter(user=person))
    for session in sessions:
        session.end()
    return len(sessions)
