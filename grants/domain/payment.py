"""What is done to payments: scheduled, prepared by one, released by another, paid, held, cancelled."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max, Value
from django.utils import timezone

from grants import rules
from grants.domain.commitment import release
from grants.enums import LIVE_AWARDS, AwardState, ConditionKind
from grants.models import Award, AwardYear, Payment, PaymentCondition
from grants.workflow import PAYMENT
from portal.access import Refused, demand
from portal.activity.domain import allocate, record
from portal.money import MoneyField, dollars
from portal.record import lock
from portal.words import day_words

FIRST_YEAR = 1


def schedule_first(years: Iterable[AwardYear], *, at: datetime) -> None:
    """Schedule one payment of each locked award year's whole amount, due on the day the year starts."""
    for year in years:
        _schedule(year, year.amount, year.starts_on, number=1, met={ConditionKind.AGREEMENT_SIGNED: at}, at=at)


def schedule_payment(year: AwardYear, *, amount: Decimal, due_on: date, actor: Any, at: datetime) -> Payment:
    """Add an instalment to an award year, out of what the year has left.

    Locks the award, then the award year. Raises `Refused` unless a finance officer asks and the award is active, and
    ValidationError for `amount` (nothing, or more than is left) and `due_on` (before the year starts).
    """
    with transaction.atomic():
        demand(rules.may_prepare_payments(year, actor))
        award = lock(year.award)
        if award.state != AwardState.ACTIVE:
            raise Refused(f"{award} is {award.get_state_display().lower()}. Only an active award gets payments.")
        year = lock(year)
        _check_instalment(year, amount, due_on)
        earlier = PaymentCondition.objects.filter(payment__award_year=year, met_at__isnull=False)
        number = year.payments.aggregate(last=Max("number", default=0))["last"] + 1
        met = {ConditionKind.AGREEMENT_SIGNED: award.agreed_at, **dict(earlier.values_list("kind", "met_at"))}
        payment = _schedule(year, amount, due_on, number=number, met=met, at=at)
        record(
            payment,
            "schedule",
            actor=actor,
            at=at,
            summary=f"Scheduled {dollars(amount)} for {year.school_year}, due {day_words(due_on)}.",
            facts={"award": award.reference, "amount": amount, "due_on": due_on},
        )
    return payment


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
    """Effect of `hold`: the reason stands on the payment, and it will have to be prepared again."""
    _forget(payment)
    payment.hold_reason = comment


def clear_hold(payment: Payment, *, actor: Any, at: datetime, comment: str) -> None:
    """Effect of `resume`: nothing of the hold stays but its entry in the activity log."""
    payment.hold_reason = ""


def give_back(payment: Payment, *, actor: Any, at: datetime, comment: str) -> None:
    """Effect of `cancel` and `end_with_award`: the money returns to the award year.

    Locks the award year. Once the award has ended, the money also leaves what the site holds.
    """
    _forget(payment)
    year = lock(payment.award_year)
    _book(year, -payment.amount)
    if year.award.state not in LIVE_AWARDS:
        release(year.award, {year.school_year: payment.amount})


def _forget(payment: Payment) -> None:
    payment.prepared_by = payment.prepared_at = payment.released_by = payment.released_at = None
    payment.payee_name = payment.payee_ein = payment.payee_tax_status = ""


def _schedule(
    year: AwardYear, amount: Decimal, due_on: date, *, number: int, met: dict[str, datetime], at: datetime
) -> Payment:
    """Write a payment of a locked year, its conditions and the year's new sum."""
    payment = Payment.objects.create(
        reference=allocate("PAY", timezone.localtime(at).year),
        created_at=at,
        award_year=year,
        number=number,
        amount=amount,
        due_on=due_on,
    )
    kinds = [ConditionKind.AGREEMENT_SIGNED]
    if year.number > FIRST_YEAR:
        kinds.append(ConditionKind.REPORT_ACCEPTED)
    PaymentCondition.objects.bulk_create(
        PaymentCondition(payment=payment, kind=kind, met_at=met.get(kind)) for kind in kinds
    )
    _book(year, amount)
    return payment


def _book(year: AwardYear, amount: Decimal) -> None:
    """Change a locked year's sum in the database's own arithmetic, whose CHECK is the net under `_check_instalment`."""
    change = Value(amount, output_field=MoneyField())
    AwardYear.objects.filter(pk=year.pk).update(scheduled=F("scheduled") + change)


def _check_instalment(year: AwardYear, amount: Decimal, due_on: date) -> None:
    left = year.amount - year.scheduled
    errors = {}
    if amount <= 0:
        errors["amount"] = "Enter an amount above zero."
    elif amount > left:
        errors["amount"] = (
            f"{year.school_year} has {dollars(left)} left to schedule. This is {dollars(amount - left)} more than that."
        )
    if due_on < year.starts_on:
        errors["due_on"] = f"{year.school_year} starts on {day_words(year.starts_on)}. Choose that day or a later one."
    if errors:
        raise ValidationError(errors)
