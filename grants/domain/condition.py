"""Conditions of an award that somebody has to see met before a payment is prepared, besides those the portal sees."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from grants import rules
from grants.enums import ConditionKind, PaymentState
from grants.models import Payment, PaymentCondition
from portal.access import Refused, demand
from portal.activity.domain import record
from portal.record import bump, lock

# A payment that waits for nothing any more has been prepared; a held one returns to the schedule.
STILL_WAITING = frozenset({PaymentState.SCHEDULED, PaymentState.HELD})


def add_condition(
    payment: Payment, text: str, *, actor: Any, at: datetime, version: int | None = None
) -> PaymentCondition:
    """Let a payment wait for something more, said in words. Raises `Refused`, `Stale`, ValidationError for `text`."""
    with transaction.atomic():
        row = _open(payment, actor, version)
        if not text.strip():
            raise ValidationError({"text": "Say what must have happened."})
        condition = PaymentCondition.objects.create(payment=row, kind=ConditionKind.OTHER, text=text.strip())
        _log(row, "add_condition", "Waits for", condition, actor, at)
    return condition


def meet(condition: PaymentCondition, *, actor: Any, at: datetime, version: int | None = None) -> None:
    """Mark a condition in words as met. Doing it twice is refused."""
    with transaction.atomic():
        row, fresh = _own(condition, actor, version)
        if fresh.met_at is not None:
            raise Refused("This condition is met already.")
        fresh.met_at, fresh.met_by = at, actor
        fresh.save(update_fields=["met_at", "met_by"])
        _log(row, "meet_condition", "Met", fresh, actor, at)


def open_again(condition: PaymentCondition, *, actor: Any, at: datetime, version: int | None = None) -> None:
    """Mark a condition in words as not met after all, as long as the payment was not prepared."""
    with transaction.atomic():
        row, fresh = _own(condition, actor, version)
        if fresh.met_at is None:
            raise Refused("This condition is not met yet.")
        fresh.met_at = fresh.met_by = None
        fresh.save(update_fields=["met_at", "met_by"])
        _log(row, "open_condition", "Not met after all", fresh, actor, at)


def remove(condition: PaymentCondition, *, actor: Any, at: datetime, version: int | None = None) -> None:
    """Take a condition in words away; the activity log keeps what it said."""
    with transaction.atomic():
        row, fresh = _own(condition, actor, version)
        _log(row, "remove_condition", "No longer waits for", fresh, actor, at)
        fresh.delete()


def _open(payment: Payment, actor: Any, version: int | None) -> Payment:
    row = lock(payment, version=version)
    demand(rules.may_set_conditions(row, actor))
    if row.state not in STILL_WAITING:
        raise Refused(
            f"{row.reference} is {row.get_state_display().lower()}. Conditions change only before a payment is prepared."
        )
    return row


def _own(condition: PaymentCondition, actor: Any, version: int | None) -> tuple[Payment, PaymentCondition]:
    row = _open(condition.payment, actor, version)
    fresh = PaymentCondition.objects.get(pk=condition.pk, payment=row)
    if fresh.kind != ConditionKind.OTHER:
        raise Refused("The portal itself sees when this condition is met.")
    return row, fresh


def _log(payment: Payment, verb: str, words: str, condition: PaymentCondition, actor: Any, at: datetime) -> None:
    bump(payment)
    facts = {"condition": condition.text}
    record(payment, verb, actor=actor, at=at, summary=f"{words}: {condition.text}", facts=facts)
