"""What is done to payments: prepared by one, released by another, paid, held, cancelled, voided.

Locks: payment, then award year, then (once the award has ended) the site. See `grants.domain.award.release_unpaid`.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Value
from django.utils import timezone

from grants.domain.commitment import release
from grants.enums import LIVE_AWARDS, ConditionKind
from grants.models import Award, AwardYear, Payment, PaymentCondition
from grants.workflow import PAYMENT
from portal.activity.domain import record
from portal.money import MoneyField, dollars
from portal.record import lock
from portal.words import day_words


def record_paid(
    payment: Payment, *, actor: Any, at: datetime, paid_on: date, bank_reference: str, version: int | None = None
) -> Payment:
    """Record that the bank paid a cleared payment. Raises `Refused`, `Stale`, or ValidationError for either fact."""
    return PAYMENT.perform(
        payment, "record_paid", actor=actor, at=at, version=version, paid_on=paid_on, bank_reference=bank_reference
    )


def meet_condition(award: Award, number: int, kind: ConditionKind, *, at: datetime) -> int:
    """Mark a condition as met for every payment of award year `number`; returns how many were waiting for it.

    When the report of year n is accepted, the payments of year n + 1 stop waiting:
    `meet_condition(award, n + 1, ConditionKind.REPORT_ACCEPTED, at=at)`. Doing it twice changes nothing.
    """
    waiting = PaymentCondition.objects.filter(
        payment__award_year__award=award, payment__award_year__number=number, kind=kind, met_at=None
    )
    return waiting.update(met_at=at)


def freeze_payee(payment: Payment, *, actor: Any, at: datetime, comment: str) -> None:
    """Effect of `prepare`: the award's payee of the moment is copied, whatever an amendment changes later."""
    award = payment.award_year.award
    payment.payee_name, payment.payee_ein = award.payee_name, award.payee_ein
    payment.payee_tax_status = award.payee_tax_status
    payment.prepared_by, payment.prepared_at = actor, at


def stamp_released(payment: Payment, *, actor: Any, at: datetime, comment: str) -> None:
    """Effect of `release`: the second person and the instant."""
    payment.released_by, payment.released_at = actor, at


def forget_preparation(payment: Payment, *, actor: Any, at: datetime, comment: str) -> None:
    """Effect of `send_back`: it has to be prepared again, with the payee of that moment."""
    _forget(payment)


def stamp_paid(payment: Payment, *, actor: Any, at: datetime, comment: str, paid_on: date, bank_reference: str) -> None:
    """Effect of `record_paid`: the day the money left and the bank's own reference for it."""
    released_on = timezone.localdate(payment.released_at)
    errors = {}
    if paid_on > timezone.localdate(at):
        errors["paid_on"] = "This day is still to come. Enter the day the bank made the payment."
    elif paid_on < released_on:
        errors["paid_on"] = f"The payment was released on {day_words(released_on)}, so it cannot have been paid before."
    if not bank_reference.strip():
        errors["bank_reference"] = "Enter the reference the bank gave this payment."
    if errors:
        raise ValidationError(errors)
    payment.paid_on, payment.bank_reference = paid_on, bank_reference.strip()


def stamp_held(payment: Payment, *, actor: Any, at: datetime, comment: str) -> None:
    """Effect of `hold`: the reason stands on the payment, which leaves its batch and has to be prepared again."""
    if payment.batch is not None:
        summary = f"{payment.reference}, {dollars(payment.amount)}, left the batch: it was put on hold."
        record(payment.batch, "leave", actor=actor, at=at, summary=summary, facts={"payment": payment.reference})
        payment.batch = None
    _forget(payment)
    payment.hold_reason = comment


def clear_hold(payment: Payment, *, actor: Any, at: datetime, comment: str) -> None:
    """Effect of `resume`: nothing of the hold stays but its entry in the activity log."""
    payment.hold_reason = ""


def give_back(payment: Payment, *, actor: Any, at: datetime, comment: str) -> None:
    """Effect of `cancel` and `end_with_award`: the money returns to the award year (see `return_money`)."""
    _forget(payment)
    return_money(payment, payment.amount)


def stamp_voided(payment: Payment, *, actor: Any, at: datetime, comment: str) -> None:
    """Effect of `void`: who, when and why; the money returns to the award year (see `return_money`)."""
    payment.voided_by, payment.voided_at, payment.void_reason = actor, at, comment
    return_money(payment, payment.amount)


def return_money(payment: Payment, amount: Decimal) -> None:
    """Give dollars of a locked payment back: cancelled, voided, or refunded.

    Locks the award year. While the award lives, the year can schedule them again. Once it has ended, they go back to
    the envelope and leave what the site holds. Whether it has ended is read after the year is locked: whoever ends
    an award locks its years, so either they see this change or this sees theirs.
    """
    year = lock(payment.award_year)
    book(year, -amount)
    award = Award.objects.get(pk=year.award_id)
    if award.state not in LIVE_AWARDS:
        release(award, {year.school_year: amount})


def book(year: AwardYear, amount: Decimal) -> None:
    """Change what a locked year has scheduled, in the database's own arithmetic, whose CHECK is the net under it all."""
    change = Value(amount, output_field=MoneyField())
    AwardYear.objects.filter(pk=year.pk).update(scheduled=F("scheduled") + change)


def _forget(payment: Payment) -> None:
    payment.prepared_by = payment.prepared_at = payment.released_by = payment.released_at = None
    payment.payee_name = payment.payee_ein = payment.payee_tax_status = ""
