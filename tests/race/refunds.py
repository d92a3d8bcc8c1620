"""Scenario: a payment of $250,000 comes back in parts of $50,000, is voided, and its award ended, all at once."""

from decimal import Decimal

from django.core.exceptions import ValidationError

from grants.domain.queries.reconciliation import balance_of
from grants.domain.refund import record_refund
from grants.enums import PaymentState
from grants.models import Award, AwardYear, Payment, Refund, SiteCommitment
from grants.workflow import AWARD, PAYMENT
from portal.access import Refused
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.money import dollars, total
from tests.factories.accounts import UserFactory
from tests.factories.awards import APPROVED_AT, a_payment

PART = Decimal("50000")


def prepare():
    payment = a_payment(state=PaymentState.PAID)
    return {
        "payment": payment.pk,
        "award": payment.award_year.award_id,
        "finance": UserFactory(roles=[Role.FINANCE]).pk,
        "director": UserFactory(roles=[Role.DIRECTOR]).pk,
    }


def act(facts, number):
    finance = User.objects.get(pk=facts["finance"])
    payment = Payment.objects.get(pk=facts["payment"])
    try:
        if number == 0:
            director = User.objects.get(pk=facts["director"])
            award = Award.objects.get(pk=facts["award"])
            AWARD.perform(award, "terminate", actor=director, at=APPROVED_AT, comment="The district left.")
            return "ended"
        if number < 4:
            PAYMENT.perform(payment, "void", actor=finance, at=APPROVED_AT, comment="The check bounced.")
            return "voided"
        record_refund(
            payment, amount=PART, received_on=APPROVED_AT.date(), bank_reference="DEP 1", reason="Unspent.",
            actor=finance, at=APPROVED_AT,
        )  # fmt: skip
    except (Refused, ValidationError):
        return "refused"
    return "refunded"


def outcome(facts):
    payment = Payment.objects.get(pk=facts["payment"])
    balance = balance_of(Award.objects.get(pk=facts["award"]))
    return {
        "state": payment.state,
        "refunded": dollars(payment.refunded),
        "refunds": dollars(Refund.objects.aggregate(sum=total("amount"))["sum"]),
        "scheduled": dollars(AwardYear.objects.aggregate(sum=total("scheduled"))["sum"]),
        "held": dollars(SiteCommitment.objects.aggregate(sum=total("amount"))["sum"]),
        "kept": dollars(balance.kept),
        "returned": dollars(balance.returned),
        "remaining": dollars(balance.remaining),
    }
