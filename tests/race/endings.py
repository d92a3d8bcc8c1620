"""Scenario: a director ends an award while others release, hold, send back and lift its payments and schedule new ones.

What was released before the end is committed and may still be paid, everything else is cancelled. Afterwards finance
lifts the holds that came after the end, pays one half of what is left and cancels the other.
"""

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError

from grants.domain.instalment import schedule_payment
from grants.domain.payment import record_paid
from grants.enums import STILL_TO_PAY, PaymentState
from grants.models import Award, AwardYear, Payment, PaymentCondition, SiteCommitment
from grants.workflow import AWARD, PAYMENT
from portal.access import Refused
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.activity.models import Entry
from portal.money import ZERO, dollars, total
from tests.factories.accounts import UserFactory
from tests.factories.awards import APPROVED_AT, a_payment, an_award

STEPS = ("release", "hold", "send_back")
# Of the five payments, the first two wait for their release and the others are released when the race begins.
PREPARED = 2


def prepare():
    award = an_award()
    PaymentCondition.objects.update(met_at=APPROVED_AT)
    payments = list(Payment.objects.filter(award_year__award=award).order_by("pk"))
    for position, payment in enumerate(payments):
        a_payment(payment, state=PaymentState.PREPARED if position < PREPARED else PaymentState.CLEARED)
    return {
        "award": award.pk,
        "payments": [payment.pk for payment in payments],
        "finance": [UserFactory(roles=[Role.FINANCE]).pk for _ in range(2)],
        "director": UserFactory(roles=[Role.DIRECTOR]).pk,
    }


def act(facts, number):
    """One ends the award; three times five take a step with one payment each, and lift the hold they put."""
    try:
        if number == 0:
            director = User.objects.get(pk=facts["director"])
            award = Award.objects.get(pk=facts["award"])
            AWARD.perform(award, "terminate", actor=director, at=APPROVED_AT, comment="The district left.")
            return "ended"
        finance = User.objects.get(pk=facts["finance"][0])
        payment = Payment.objects.get(pk=facts["payments"][number % 5])
        step = STEPS[number % 3]
        if number == 15:
            schedule_payment(
                payment.award_year, amount=Decimal("1"), due_on=date(2032, 7, 1), actor=finance, at=APPROVED_AT
            )
        else:
            payment = PAYMENT.perform(payment, step, actor=finance, at=APPROVED_AT, comment="Now.")
        if step == "hold" and number % 2:
            PAYMENT.perform(payment, "resume", actor=finance, at=APPROVED_AT)
    except (Refused, ValidationError):
        return "refused"
    return "done"


def outcome(facts):
    award = Award.objects.get(pk=facts["award"])
    left = list(Payment.objects.filter(state__in=STILL_TO_PAY).order_by("pk"))
    kept = {
        "state": award.state,
        "left": dollars(sum((payment.amount for payment in left), ZERO)),
        "never_released": [payment.reference for payment in left if not _was_released(payment)],
        **_books(),
    }
    for position, payment in enumerate(left):
        _finish(payment, position % 2 == 0, *User.objects.filter(pk__in=facts["finance"]))
    paid = _sum(Payment.objects.filter(state=PaymentState.PAID), "amount")
    open_ = Payment.objects.filter(state__in=STILL_TO_PAY).count()
    return {"kept": kept, "finished": {"paid": paid, "still_open": open_, **_books()}}


def _was_released(payment):
    return Entry.objects.filter(noun="grants.payment", subject_pk=str(payment.pk), verb="release").exists()


def _finish(payment, pay, one, another):
    """Whatever stopped it, finance can finish it: pay it, with two people, or cancel it."""
    if payment.state == PaymentState.CLEARED and not pay:
        payment = PAYMENT.perform(payment, "hold", actor=one, at=APPROVED_AT, comment="It ended.")
    if not pay:
        PAYMENT.perform(payment, "cancel", actor=one, at=APPROVED_AT, comment="It ended.")
        return
    if payment.state == PaymentState.HELD:
        payment = PAYMENT.perform(payment, "resume", actor=one, at=APPROVED_AT)
    if payment.state == PaymentState.SCHEDULED:
        payment = PAYMENT.perform(payment, "prepare", actor=one, at=APPROVED_AT)
        payment = PAYMENT.perform(payment, "release", actor=another, at=APPROVED_AT)
    record_paid(payment, actor=one, at=APPROVED_AT, paid_on=APPROVED_AT.date(), bank_reference="ACH 1")


def _books():
    """What the award years and the site's ledger say is committed."""
    return {
        "scheduled": _sum(AwardYear.objects.all(), "scheduled"),
        "held": _sum(SiteCommitment.objects.all(), "amount"),
    }


def _sum(rows, field):
    return dollars(rows.aggregate(sum=total(field))["sum"])
