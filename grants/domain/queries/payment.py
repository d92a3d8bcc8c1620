"""What payments wait for, in words, and what is clear to pay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

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
    "cleared": "Cleared to pay",
    "held": "On hold",
}


def told(payments: QuerySet) -> QuerySet:
    """The payments with everything `needs` and the pages say of them: two queries, however many rows."""
    return payments.select_related("award_year__award__site", "prepared_by", "released_by").prefetch_related(
        "conditions"
    )


# What a list says of a payment, of its award and of the people who prepared and released it.
_LISTED = (
    "reference", "number", "amount", "due_on", "state", "paid_on", "bank_reference", "hold_reason",
    "award_year__number", "award_year__school_year", "award_year__award__reference", "award_year__award__state",
    "award_year__award__site__name", "prepared_by__name", "prepared_by__email", "released_by__name",
    "released_by__email",
)  # fmt: skip


def listed(payments: QuerySet) -> QuerySet:
    """As `told`, with nothing that a list does not say."""
    return told(payments).only(*_LISTED)


def in_queue(payments: QuerySet, key: str) -> QuerySet:
    """The payments that wait for one of `QUEUES`."""
    if key in {"waiting", "ready"}:
        return payments.filter(state=PaymentState.SCHEDULED).filter(_blocked() if key == "waiting" else ~_blocked())
    return payments.filter(state=key)


def standing(payments: QuerySet) -> list[Sum]:
    """Counts and sums of the payments still to be made, by what they wait for. One query."""
    rows = (
        payments.filter(state__in=STILL_TO_PAY)
        .annotate(blocked=ExpressionWrapper(_blocked(), output_field=BooleanField()))
        .order_by()
        .values_list("state", "blocked")
        .annotate(count=Count("pk"), sum=total("amount"))
    )
    found = dict.fromkeys(QUEUES, (0, ZERO))
    for state, is_blocked, count, amount in rows:
        key = ("waiting" if is_blocked else "ready") if state == PaymentState.SCHEDULED else state
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
    return reasons


def condition_words(payment: Payment, condition: PaymentCondition) -> str:
    """A condition as it stands: `The report for year 1 is not accepted yet.`"""
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
            return [f"Released by {payment.released_by}. Record it once the bank has paid."]
        case PaymentState.HELD:
            return [f"On hold: {payment.hold_reason}"]
        case PaymentState.PAID:
            return [f"Paid on {day_words(certain(payment.paid_on))}, bank reference {payment.bank_reference}."]
        case _:
            back = "award year" if payment.award_year.award.state in LIVE_AWARDS else "envelope"
            return [f"Cancelled. The money went back to the {back}."]


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
        ("For", f"{award.site}, year {payment.award_year.number} ({payment.award_year.school_year})"),
        ("Due", day_words(payment.due_on)),
    ]
    if payment.prepared_by:
        pairs.append(("Prepared by", f"{payment.prepared_by}, {when_words(certain(payment.prepared_at))}"))
    return pairs


def _blocked() -> Q:
    """SQL condition: a condition of the payment is not met yet, or its award does not pay (`obstacles_to_paying`)."""
    unmet = PaymentCondition.objects.filter(payment=OuterRef("pk"), met_at=None)
    return Q(Exists(unmet)) | ~Q(award_year__award__state__in=PAYING_AWARDS)


def _ready_words(payment: Payment) -> str:
    if payment.award_year.award.state in LIVE_AWARDS:
        return "Ready to prepare."
    return "Ready to prepare again: it had been released before the award ended. It can be cancelled instead."


def _release_words(payment: Payment, user) -> str:
    if payment.prepared_by_id == user.pk:
        return rules.may_release_payment(payment, user).reason
    return f"Prepared by {payment.prepared_by}. A second finance officer has to release it."
