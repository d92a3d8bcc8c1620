"""What reviewers say about themselves, and what staff note about them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import DomainNameValidator, validate_email
from django.db import transaction

from grants import rules
from grants.enums import DisclosureKind
from grants.models import Disclosure, ReviewerProfile
from portal.access import Refused, demand
from portal.accounts.models import User
from portal.activity.domain import record
from portal.record import bump, lock
from sites.models import Component, KeyIssue

MOST_REVIEWS = 100


def save_profile(
    person: User,
    *,
    actor: User,
    at: datetime,
    version: int,
    organization: str,
    capacity: int,
    components: Iterable[Component],
    key_issues: Iterable[KeyIssue],
    away_from: date | None,
    away_until: date | None,
) -> ReviewerProfile:
    """Keep what a reviewer knows and takes on: `capacity` is reviews a round, the away days include both ends.

    Raises `Refused`, `Stale` when somebody saved since `version` (0 before the first time), ValidationError by field.
    """
    demand(rules.may_keep_profile(person, actor))
    _check(capacity, away_from, away_until)
    with transaction.atomic():
        lock(person)
        row = _locked_profile(person, version)
        row.organization, row.capacity = organization.strip(), capacity
        row.away_from, row.away_until = away_from, away_until
        bump(row, "organization", "capacity", "away_from", "away_until")
        row.components.set(components)
        row.key_issues.set(key_issues)
        summary = f"Changed what {person} reviews: up to {capacity} in a round."
        if away_from and away_until:
            summary = f"{summary[:-1]}, away {away_from:%Y-%m-%d} to {away_until:%Y-%m-%d}."
        record(person, "save-reviewer-profile", actor=actor, at=at, summary=summary)
    return row


def write_staff_note(person: User, *, actor: User, at: datetime, version: int, staff_note: str) -> ReviewerProfile:
    """Keep a note that only staff read. Raises `Refused`, `Stale`."""
    demand(rules.may_manage_reviewers(person, actor))
    with transaction.atomic():
        lock(person)
        row = _locked_profile(person, version)
        row.staff_note = staff_note.strip()
        bump(row, "staff_note")
        # The text stays out of the log, which more people read.
        record(person, "note-about-reviewer", actor=actor, at=at, summary=f"Changed the staff's note about {person}.")
    return row


def declare_disclosure(
    person: User, *, actor: User, at: datetime, kind: str, name: str, address: str, relationship: str
) -> Disclosure:
    """Note a standing conflict of interest. `address` is an e-mail address, or for an organization also a domain.

    Takes effect at once: the reviewer is not asked for proposals it concerns. Raises `Refused`, ValidationError by
    field.
    """
    demand(rules.may_keep_profile(person, actor))
    name, address = " ".join(name.split()), address.strip().lower().removeprefix("@")
    _check_disclosure(kind, name, address, relationship)
    with transaction.atomic():
        lock(person)
        same = Disclosure.objects.filter(reviewer=person, kind=kind, name__iexact=name, address=address, ended_at=None)
        if same.exists():
            raise ValidationError({"name": f"A disclosure about {name} stands already."})
        row = Disclosure.objects.create(
            reviewer=person, kind=kind, name=name, address=address, relationship=relationship.strip(),
            declared_at=at, declared_by=actor,
        )  # fmt: skip
        record(
            person, "declare-disclosure", actor=actor, at=at,
            summary=f"{person} has a standing conflict of interest with {name}.", facts={"kind": kind, "name": name},
        )  # fmt: skip
    return row


def end_disclosure(disclosure: Disclosure, *, actor: User, at: datetime) -> Disclosure:
    """Say that a conflict no longer stands; the row stays with its dates. Raises `Refused`."""
    demand(rules.may_keep_profile(disclosure.reviewer, actor))
    with transaction.atomic():
        person = lock(disclosure.reviewer)
        row = lock(disclosure)
        if row.ended_at:
            raise Refused("This disclosure has ended already.")
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        record(
            person, "end-disclosure", actor=actor, at=at,
            summary=f"The conflict of interest of {person} with {row.name} has ended.", facts={"name": row.name},
        )  # fmt: skip
    return row


def _locked_profile(person: User, version: int) -> ReviewerProfile:
    """The profile of a person whose row is locked; the first one is made here."""
    known = ReviewerProfile.objects.filter(user=person).first()
    if known is None:
        return ReviewerProfile.objects.create(user=person, version=version)
    return lock(known, version=version)


def _check(capacity: int, away_from: date | None, away_until: date | None) -> None:
    errors = {}
    if not 0 <= capacity <= MOST_REVIEWS:
        errors["capacity"] = f"Enter a number from 0 to {MOST_REVIEWS}."
    if (away_from is None) != (away_until is None):
        missing = "away_until" if away_until is None else "away_from"
        errors[missing] = "Enter both days, or neither."
    elif away_from and away_until and away_until < away_from:
        errors["away_until"] = "This day is before the first one."
    if errors:
        raise ValidationError(errors)


def _check_disclosure(kind: str, name: str, address: str, relationship: str) -> None:
    errors = {}
    if kind not in DisclosureKind.values:
        errors["kind"] = "Choose an organization or a person."
    if not name:
        errors["name"] = "Enter the name."
    if not relationship.strip():
        errors["relationship"] = "Say in a few words what connects you."
    if address and not _is_address(kind, address):
        errors["address"] = (
            "Enter an e-mail address, such as name@organization.example."
            if kind == DisclosureKind.PERSON
            else "Enter an e-mail address or a domain, such as organization.example."
        )
    if errors:
        raise ValidationError(errors)


def _is_address(kind: str, address: str) -> bool:
    domain_will_do = kind == DisclosureKind.ORGANIZATION and "@" not in address
    try:
        if domain_will_do:
            DomainNameValidator()(address)
        else:
            validate_email(address)
    except ValidationError:
        return False
    return True
