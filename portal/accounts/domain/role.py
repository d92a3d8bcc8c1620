"""Granting and revoking foundation roles. Both lock the rows of the two people, so no two acts undo each other's ground."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from portal.access import Refused, demand
from portal.accounts.enums import STAFF, Role
from portal.accounts.models import RoleGrant, User
from portal.accounts.rules import may_manage
from portal.activity.domain import record
from portal.record import lock_all


def grant_role(person: User, role: str, *, actor: User, at: datetime) -> RoleGrant:
    """Give a person a role, from the next request on.

    Raises `Refused` when the actor may not or the person sits on a site's team, ValidationError for no such role or
    one they hold already.
    """
    with transaction.atomic():
        lock_people(person, actor)
        demand(may_manage(person, actor))
        return _grant(person, role, actor=actor, at=at)


def appoint(person: User, role: str, *, at: datetime) -> RoleGrant:
    """Give a role from the command line: how the first administrator comes to be."""
    with transaction.atomic():
        lock_people(person)
        return _grant(person, role, actor=None, at=at)


def take_role(person: User, role: str, *, offered_by: User, at: datetime) -> RoleGrant:
    """Give a role to somebody who accepts an invitation to it; whether it was theirs to offer, the caller has asked.

    Raises as `grant_role` does.
    """
    with transaction.atomic():
        lock_people(person, offered_by)
        return _grant(person, role, actor=offered_by, at=at)


def revoke_role(person: User, role: str, *, actor: User, at: datetime) -> None:
    """Take a role from a person, from the next request on. Raises `Refused`, or ValidationError if it is not held."""
    with transaction.atomic():
        lock_people(person, actor)
        demand(may_manage(person, actor))
        grant = RoleGrant.objects.filter(user=person, role=role).first()
        if grant is None:
            raise ValidationError({"role": f"{person} does not hold this role."})
        grant.delete()
        person.forget_roles()
        label = Role(role).label.lower()
        record(
            person,
            "revoke-role",
            actor=actor,
            at=at,
            summary=f"Took the role {label} from {person}.",
            facts={"role": role},
        )


def lock_people(*people: User) -> None:
    """Lock their rows in one order, and read state, roles and seats again: somebody may have changed them meanwhile."""
    rows = {row.pk: row for row in lock_all(User.objects.filter(pk__in=[person.pk for person in people]))}
    for person in people:
        person.is_active = rows[person.pk].is_active
        person.forget_roles()
        person.forget_seats()


def _grant(person: User, role: str, *, actor: User | None, at: datetime) -> RoleGrant:
    if role not in Role.values:
        raise ValidationError({"role": "There is no such role."})
    if role in person.roles:
        raise ValidationError({"role": f"{person} holds this role already."})
    if role in STAFF and person.has_seats:
        raise Refused(
            f"{person} sits on a coalition's team. End that seat first, so that nobody decides on their own site."
        )
    grant = RoleGrant.objects.create(user=person, role=role, granted_by=actor, granted_at=at)
    person.forget_roles()
    label = Role(role).label.lower()
    record(person, "grant-role", actor=actor, at=at, summary=f"Made {person} {label}.", facts={"role": role})
    return grant
