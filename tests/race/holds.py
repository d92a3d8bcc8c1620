"""Scenario: finance officers release one prepared payment while program officers put it on hold."""

from grants.enums import PaymentState
from grants.models import Payment
from grants.workflow import PAYMENT
from portal.access import Refused
from portal.accounts.enums import Role
from portal.accounts.models import User
from tests.factories.accounts import UserFactory
from tests.factories.awards import APPROVED_AT, a_payment


def prepare():
    payment = a_payment(state=PaymentState.PREPARED)
    return {"payment": payment.pk, "people": [UserFactory(roles=[role]).pk for role in (Role.FINANCE, Role.OFFICER)]}


def act(facts, number):
    payment = Payment.objects.get(pk=facts["payment"])
    step = ("release", "hold")[number % 2]
    actor = User.objects.get(pk=facts["people"][number % 2])
    try:
        PAYMENT.perform(payment, step, actor=actor, at=APPROVED_AT, comment="Wait.")
    except Refused:
        return "refused"
    return step


def outcome(facts):
    payment = Payment.objects.get(pk=facts["payment"])
    return {"state": payment.state, "released_by": payment.released_by_id, "payee": payment.payee_name}
