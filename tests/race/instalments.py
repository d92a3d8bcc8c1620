"""Scenario: finance officers schedule instalments of $50,000 in one award year of $250,000, all at once."""

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError

from grants.domain.instalment import schedule_payment
from grants.enums import PaymentState
from grants.models import AwardYear, Payment
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.money import total
from tests.factories.accounts import UserFactory
from tests.factories.awards import APPROVED_AT, a_payment


def prepare():
    payment = a_payment(state=PaymentState.CANCELLED)
    return {"year": payment.award_year_id, "officer": UserFactory(roles=[Role.FINANCE]).pk}


def act(facts, number):
    year = AwardYear.objects.get(pk=facts["year"])
    officer = User.objects.get(pk=facts["officer"])
    try:
        schedule_payment(year, amount=Decimal("50000"), due_on=date(2027, 7, 1), actor=officer, at=APPROVED_AT)
    except ValidationError as error:
        return error.messages[0]
    return "scheduled"


def outcome(facts):
    open_payments = Payment.objects.filter(award_year=facts["year"]).exclude(state=PaymentState.CANCELLED)
    return {
        "scheduled": AwardYear.objects.get(pk=facts["year"]).scheduled,
        "payments": open_payments.aggregate(sum=total("amount"))["sum"],
        "numbers": sorted(open_payments.values_list("number", flat=True)),
    }
