"""What payments wait for, in words, and what is clear to pay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Prefetch, Q, QuerySet

from grants import rules
from grants.enums import LIVE_AWARDS, PAYING_AWARDS, STILL_TO_PAY, ConditionKind, PaymentState
from grants.models import Payment, PaymentCondition
from portal.certain import certain
from portal.money import ZERO, dollars, total
from portal.words import day_words, when_words


@dataclass(frozen=True)
class Sum:
    """How many payments wait for one thing, and what they add up to; `key` is the queue's filter for them."""

    key: str
    label: str
    count: int
    amount: Decimal


# What a payment that is still to be made may wait for, in the order it passes through them.
QUEUES = {
    "waiting": "Waiting for a condition",
    "ready": "Ready to prepare",
    "prepared": "Waiting for release",
    "cleared": "Cleared, not in a batch",
    "batched": "In a batch at the bank",
    "held": "On hold",
}


def told(payments: QuerySet) -> QuerySet:
    """The payments with everything `needs` and the pages say of them: two queries, however many rows."""
    people = ("prepared_by", "released_by", "voided_by")
    conditions = Prefetch("conditions", PaymentCondition.objects.select_related("met_by"))
    return payments.select_related("award_year__award__site", "batch", *people).prefetch_related(conditions)


# What a list says of a payment, of its award and of the people who prepared and released it.
_LISTED = (
    "reference", "number", "amount", "due_on", "state", "paid_on", "bank_reference", "hold_reason", "refunded",
    "payee_name", "payee_ein", "void_reason", "award_year__number", "award_year__school_year",
    "award_year__award__reference", "award_year__award__state", "award_year__award__payee_name",
    "award_year__award__payee_ein", "award_year__award__site__name", "prepared_by__name", "prepared_by__email",
    "released_by__name", "released_by__email", "batch__reference",
)  # fmt: skip


def listed(payments: QuerySet) -> QuerySet:
    """As `told`, with nothing that a list does not say."""
    related = ("award_year__award__site", "prepared_by", "released_by", "batch")
    return payments.select_related(*related).prefetch_related("conditions").only(*_LISTED)


def in_queue(payments: QuerySet, key: str) -> QuerySet:
    """The payments that wait for one of `QUEUES`."""
    if key in {"waiting", "ready"}:
        return payments.filter(state=PaymentState.SCHEDULED).filter(_blocked() if key == "waiting" else ~_blocked())
    if key in {"cleared", "batched"}:
        return payments.filter(state=PaymentState.CLEARED, batch__isnull=key == "cleared")
    return payments.filter(state=key)


def standing(payments: QuerySet) -> list[Sum]:
    """Counts and sums of the payments still to be made, by what they wait for. One query."""
    rows = (
        payments.filter(state__in=STILL_TO_PAY)
        .annotate(
            blocked=ExpressionWrapper(_blocked(), output_field=BooleanField()),
            batched=ExpressionWrapper(Q(batch__isnull=False), output_field=BooleanField()),
        )
        .order_by()
        .values_list("state", "blocked", "batched")
        .annotate(count=Count("pk"), sum=total("amount"))
    )
    found = dict.fromkeys(QUEUES, (0, ZERO))
    for state, is_blocked, is_batched, count, amount in rows:
        key = ("waiting" if is_blocked else "ready") if state == PaymentState.SCHEDULED else state
        key = "batched" if is_batched else key
        found[key] = (found[key][0] + count, found[key][1] + amount)
    return [Sum(key, label, *found[key]) for key, label in QUEUES.items()]


def obstacles_to_paying(payment: Payment) -> list[str]:
    """Why a payment cannot be prepared or released yet, a sentence each.

    A payment that was released before its award was ended early, and was put on hold since, may be prepared and
    released once more: its money was given away before the end (`grants.enums.PAYING_AWARDS`).
    """
    award = payment.award_year.award
    reasons = [condition_words(payment, each) for each in payment.conditions.all() if each.met_at is None]
    if award.state not in PAYING_AWARDS:
        reasons.append(f"The award is {award.get_state_display().lower()}, so nothing more is paid from it.")
    if not (payment.payee_ein if payment.payee_name else award.payee_ein):
        reasons.append(
            f"The payee, {payment.payee_name or award.payee_name}, has no EIN. An amendment of the award has to bring it."
        )
    if payee_has_changed(payment):
        reasons.append(f"{_other_payee(payment)} Send it back, so that it is prepared for the payee of today.")
    return reasons


def payee_has_changed(payment: Payment) -> bool:
    """Whether the award names another payee than the one frozen on a payment that is not paid yet."""
    award = payment.award_year.award
    frozen = (payment.payee_name, payment.payee_ein)
    return bool(payment.payee_name and payment.state in STILL_TO_PAY and frozen != (award.payee_name, award.payee_ein))


def obstacles_to_voiding(payment: Payment) -> list[str]:
    """Why a payment cannot be voided: money that came back has been out."""
    if payment.refunded == ZERO:
        return []
    return [f"{dollars(payment.refunded)} of it came back from the payee, so it was paid. Record the rest as a refund."]


def condition_words(payment: Payment, condition: PaymentCondition) -> str:
    """A condition as it stands: `The report for year 1 is not accepted yet.`"""
    if condition.kind == ConditionKind.OTHER:
        return f"{'Not met yet' if condition.met_at is None else 'Met'}: {condition.text}"
    what = {
        ConditionKind.AGREEMENT_SIGNED: ("The grant agreement", "signed"),
        ConditionKind.REPORT_ACCEPTED: (f"The report for year {payment.award_year.number - 1}", "accepted"),
    }
    subject, done = what[ConditionKind(condition.kind)]
    return f"{subject} is not {done} yet." if condition.met_at is None else f"{subject} is {done}."


def needs(payment: Payment, user) -> list[str]:
    """What a payment waits for, as this person is told; one sentence for most states."""
    match payment.state:
        case PaymentState.SCHEDULED:
            return obstacles_to_paying(payment) or [_ready_words(payment)]
        case PaymentState.PREPARED:
            return obstacles_to_paying(payment) or [_release_words(payment, user)]
        case PaymentState.CLEARED:
            return _cleared_words(payment)
        case PaymentState.HELD:
            return [f"On hold: {payment.hold_reason}"]
        case PaymentState.PAID:
            return _paid_words(payment)
        case PaymentState.VOIDED:
            return [f"Voided: {payment.void_reason} The money went back to the {_back(payment)}."]
        case _:
            return [f"Cancelled. The money went back to the {_back(payment)}."]


def is_late(payment: Payment, today: date) -> bool:
    """Whether the day has passed on which a payment should have been made."""
    return payment.state in STILL_TO_PAY and payment.due_on < today


def facts(payment: Payment) -> list[tuple[str, str]]:
    """What somebody who is about to take a step with a payment should see once more."""
    award = payment.award_year.award
    pairs = [
        ("Amount", dollars(payment.amount)),
        ("Paid to", payment.payee_name or award.payee_name),
        ("EIN", payment.shown_ein or award.shown_ein or "not known"),
        ("Tax status", (payment if payment.payee_name else award).get_payee_tax_status_display() or "not known"),
        ("For", f"{award.site}, year {payment.award_year.number} ({payment.award_year.school_year})"),
        ("Due", day_words(payment.due_on)),
    ]
    if payment.prepared_by:
        pairs.append(("Prepared by", f"{payment.prepared_by}, {when_words(certain(payment.prepared_at))}"))
    if payment.paid_on:
        pairs.append(("Paid", f"{day_words(payment.paid_on)}, bank reference {payment.bank_reference}"))
    return pairs


def _blocked() -> Q:
    """SQL condition of `obstacles_to_paying` for a scheduled payment: a condition, the award, or the payee's EIN."""
    unmet = PaymentCondition.objects.filter(payment=OuterRef("pk"), met_at=None)
    return (
        Q(Exists(unmet))
        | ~Q(award_year__award__state__in=PAYING_AWARDS)
        | Q(state=PaymentState.SCHEDULED, award_year__award__payee_ein="")
    )


def _ready_words(payment: Payment) -> str:
    if payment.award_year.award.state in LIVE_AWARDS:
        return "Ready to prepare."
    return "Ready to prepare again: it had been released before the award ended. It can be cancelled instead."


def _other_payee(payment: Payment) -> str:
    payee = payment.award_year.award.payee_name
    return f"The award’s payee changed since this was prepared for {payment.payee_name}: it is {payee} now."


def _cleared_words(payment: Payment) -> list[str]:
    where = f"In batch {payment.batch}." if payment.batch else f"Released by {payment.released_by}."
    words = [f"{where} Record it once the bank has paid."]
    if payee_has_changed(payment):
        words.append(f"{_other_payee(payment)} Put it on hold to prepare it again.")
    return words


def _paid_words(payment: Payment) -> list[str]:
    words = [f"Paid on {day_words(certain(payment.paid_on))}, bank reference {payment.bank_reference}."]
    if payment.refunded:
        words.append(f"{dollars(payment.refunded)} of it came back.")
    return words


def _back(payment: Payment) -> str:
    return "award year" if payment.award_year.award.state in LIVE_AWARDS else "envelope"


def _release_words(payment: Payment, user) -> str:
    if payment.prepared_by_id == user.pk:
        return rules.may_release_payment(payment, user).reason
    return f"Prepared by {payment.prepared_by}. A second finance officer has to release it."
