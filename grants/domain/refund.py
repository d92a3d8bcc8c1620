"""Money that came back from a payee: recorded with day and reference, and given back to the award year or envelope."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from grants import rules
from grants.domain.payment import return_money
from grants.enums import PaymentState
from grants.models import Payment, Refund
from portal.access import Refused, demand
from portal.activity.domain import allocate, record
from portal.certain import certain
from portal.money import ZERO, dollars
from portal.record import bump, lock
from portal.words import day_words


def record_refund(
    payment: Payment,
    *,
    amount: Decimal,
    received_on: date,
    bank_reference: str,
    reason: str,
    actor: Any,
    at: datetime,
    version: int | None = None,
) -> Refund:
    """Record that dollars of a paid payment came back.

    Locks the payment, then the award year. While the award lives, the year can schedule the money again; once it has
    ended, the money is back in the envelope (`grants.domain.payment.return_money`). Raises `Refused` (not finance, not
    paid), `Stale`, and ValidationError: `amount` more than is still out, a `received_on` before it was paid or still to
    come, no `bank_reference`, no `reason`.
    """
    with transaction.atomic():
        row = lock(payment, version=version)
        demand(rules.may_record_refunds(row, actor))
        if row.state != PaymentState.PAID:
            raise Refused(
                f"{row.reference} is {row.get_state_display().lower()}. Only money that was paid can come back."
            )
        _check(row, amount, received_on, bank_reference, reason, today=timezone.localdate(at))
        refund = Refund.objects.create(
            reference=allocate("RF", timezone.localtime(at).year),
            created_at=at,
            payment=row,
            amount=amount,
            received_on=received_on,
            bank_reference=bank_reference.strip(),
            reason=reason.strip(),
            recorded_by=actor,
        )
        row.refunded += amount
        bump(row, "refunded")
        return_money(row, amount)
        record(
            row,
            "refund",
            actor=actor,
            at=at,
            summary=f"{dollars(amount)} came back on {day_words(received_on)}, {refund.reference}.",
            facts={"refund": refund.reference, "amount": amount, "received_on": received_on, "reason": reason.strip()},
        )
    return refund


def _check(
    payment: Payment, amount: Decimal, received_on: date, bank_reference: str, reason: str, *, today: date
) -> None:
    out = payment.amount - payment.refunded
    paid_on = certain(payment.paid_on)
    errors = {}
    if amount <= ZERO:
        errors["amount"] = "Enter an amount above zero."
    elif amount > out:
        errors["amount"] = f"Only {dollars(out)} of this payment has not come back yet."
    if received_on > today:
        errors["received_on"] = "This day is still to come. Enter the day the money arrived."
    elif received_on < paid_on:
        errors["received_on"] = f"The payment was made on {day_words(paid_on)}, so it cannot have come back before."
    if not bank_reference.strip():
        errors["bank_reference"] = "Enter the reference the bank gave this money."
    if not reason.strip():
        errors["reason"] = "Say why the money came back."
    if errors:
        raise ValidationError(errors)
