"""Scenario: finance officers release one prepared payment, all at once."""

from grants.enums import PaymentState
from grants.models import Payment
from grants.workflow import PAYMENT
from portal.access import Refused
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.activity.models import Entry
from tests.factories.accounts import UserFactory
from tests.factories.awards import APPROVED_AT, a_payment
from tests.race.conftest import PROCESSES


def prepare():
    payment = a_payment(state=PaymentState.PREPARED)
    return {"payment": payment.pk, "officers": [UserFactory(roles=[Role.FINANCE]).pk for _ in range(PROCESSES)]}


def act(facts, number):
    payment = Payment.objects.get(pk=facts["payment"])
    officer = User.objects.get(pk=facts["officers"][number])
    try:
        PAYMENT.perform(payment, "release", actor=officer, at=APPROVED_AT)
    except Refused as refusal:
        return str(refusal)
    return "released"


def outcome(facts):
    payment = Payment.objects.get(pk=facts["payment"])
    return {
        "state": payment.state,
        "releases_on_record": Entry.objects.of(payment).filter(verb="release").count(),
    }
