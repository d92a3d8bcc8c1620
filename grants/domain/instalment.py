"""Instalments of an award year: scheduled, changed, split. Every payment that is not prepared yet is one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from grants import rules
from grants.domain.payment import book
from grants.enums import AwardState, ConditionKind, PaymentState
from grants.models import Award, AwardYear, Payment, PaymentCondition
from portal.access import Refused, demand
from portal.activity.domain import allocate, record
from portal.money import ZERO, dollars
from portal.record import bump, lock
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
        _demand_active(award)
        year = lock(year)
        _check(year, amount, due_on, left=year.amount - year.scheduled)
        earlier = PaymentCondition.objects.filter(payment__award_year=year, met_at__isnull=False)
        met = {ConditionKind.AGREEMENT_SIGNED: award.agreed_at, **dict(earlier.values_list("kind", "met_at"))}
        payment = _schedule(year, amount, due_on, number=_next_number(year), met=met, at=at)
        record(
            payment,
            "schedule",
            actor=actor,
            at=at,
            summary=f"Scheduled {dollars(amount)} for {year.school_year}, due {day_words(due_on)}.",
            facts={"award": award.reference, "amount": amount, "due_on": due_on},
        )
    return payment


def change_instalment(
    payment: Payment, *, amount: Decimal, due_on: date, actor: Any, at: datetime, version: int | None = None
) -> Payment:
    """Change what a scheduled payment pays and when it is due.

    Locks the payment, then the award year. Raises `Refused`, `Stale`, and ValidationError for `amount` and `due_on`.
    """
    with transaction.atomic():
        row, year = _scheduled(payment, actor, version)
        _check(year, amount, due_on, left=year.amount - year.scheduled + row.amount)
        before = {"amount": row.amount, "due_on": row.due_on}
        book(year, amount - row.amount)
        row.amount, row.due_on = amount, due_on
        bump(row, "amount", "due_on")
        summary = (
            f"{dollars(before['amount'])}, due {day_words(before['due_on'])}, "
            f"is now {dollars(amount)}, due {day_words(due_on)}."
        )
        facts = {"amount": amount, "due_on": due_on, "before": [str(each) for each in before.values()]}
        record(row, "change", actor=actor, at=at, summary=summary, facts=facts)
    return row


def split_instalment(
    payment: Payment, *, amount: Decimal, due_on: date, actor: Any, at: datetime, version: int | None = None
) -> Payment:
    """Split `amount` off a scheduled payment, as another one with the same conditions. Returns the new payment.

    Locks the payment, then the award year, whose sum stays. Raises `Refused`, `Stale`, and ValidationError for
    `amount` (nothing, or all of it) and `due_on`.
    """
    with transaction.atomic():
        row, year = _scheduled(payment, actor, version)
        if amount >= row.amount:
            raise ValidationError({"amount": f"The payment is {dollars(row.amount)}. Split off less than that."})
        _check(year, amount, due_on, left=row.amount)
        part = _create(year, amount, due_on, number=_next_number(year), at=at)
        PaymentCondition.objects.bulk_create(
            PaymentCondition(payment=part, kind=each.kind, text=each.text, met_at=each.met_at, met_by_id=each.met_by_id)
            for each in row.conditions.all()
        )
        row.amount -= amount
        bump(row, "amount")
        facts = {"amount": amount, "due_on": due_on, "from": row.reference, "to": part.reference}
        words = f"{dollars(amount)} of {row.reference} is a payment of its own, {part.reference}, "
        for subject in (row, part):
            record(subject, "split", actor=actor, at=at, summary=f"{words}due {day_words(due_on)}.", facts=facts)
    return part


def _scheduled(payment: Payment, actor: Any, version: int | None) -> tuple[Payment, AwardYear]:
    """The payment and its year, locked for a change. The award may end at the same instant: it waits for both."""
    row = lock(payment, version=version)
    demand(rules.may_prepare_payments(row, actor))
    if row.state != PaymentState.SCHEDULED:
        raise Refused(
            f"{row.reference} is {row.get_state_display().lower()}. Only a scheduled payment changes its amount or day."
        )
    year = lock(row.award_year)
    _demand_active(Award.objects.get(pk=year.award_id))
    return row, year


def _demand_active(award: Award) -> None:
    if award.state != AwardState.ACTIVE:
        raise Refused(f"{award} is {award.get_state_display().lower()}. Only an active award gets payments.")


def _next_number(year: AwardYear) -> int:
    return year.payments.aggregate(last=Max("number", default=0))["last"] + 1


def _schedule(
    year: AwardYear, amount: Decimal, due_on: date, *, number: int, met: dict[str, datetime], at: datetime
) -> Payment:
    """Write a payment of a locked year, its conditions and the year's new sum."""
    payment = _create(year, amount, due_on, number=number, at=at)
    kinds = [ConditionKind.AGREEMENT_SIGNED]
    if year.number > FIRST_YEAR:
        kinds.append(ConditionKind.REPORT_ACCEPTED)
    PaymentCondition.objects.bulk_create(
        PaymentCondition(payment=payment, kind=kind, met_at=met.get(kind)) for kind in kinds
    )
    book(year, amount)
    return payment


def _create(year: AwardYear, amount: Decimal, due_on: date, *, number: int, at: datetime) -> Payment:
    return Payment.objects.create(
        reference=allocate("PAY", timezone.localtime(at).year),
        created_at=at,
        award_year=year,
        number=number,
        amount=amount,
        due_on=due_on,
    )


def _check(year: AwardYear, amount: Decimal, due_on: date, *, left: Decimal) -> None:
    errors = {}
    if amount <= ZERO:
        errors["amount"] = "Enter an amount above zero."
    elif amount > left:
        errors["amount"] = (
            f"{year.school_year} has {dollars(left)} left to schedule. This is {dollars(amount - left)} more than that."
        )
    if due_on < year.starts_on:
        errors["due_on"] = f"{year.school_year} starts on {day_words(year.starts_on)}. Choose that day or a later one."
    if errors:
        raise ValidationError(errors)
