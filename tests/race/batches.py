"""Scenario: finance officers put five cleared payments into a batch, three of them each and never the same three."""

from grants.domain.batch import make_batch
from grants.enums import PaymentState
from grants.models import Payment, PaymentBatch, PaymentCondition
from portal.access import Refused
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.money import dollars, total
from tests.factories.accounts import UserFactory
from tests.factories.awards import APPROVED_AT, a_payment, an_award


def prepare():
    payments = Payment.objects.filter(award_year__award=an_award())
    PaymentCondition.objects.update(met_at=APPROVED_AT)
    made = [a_payment(each, state=PaymentState.CLEARED).reference for each in payments.order_by("pk")]
    return {"payments": made, "officer": UserFactory(roles=[Role.FINANCE]).pk}


def act(facts, number):
    officer = User.objects.get(pk=facts["officer"])
    chosen = [facts["payments"][(number * step) % 5] for step in (1, 2, 3)] if number % 5 else facts["payments"][:3]
    try:
        make_batch(chosen, actor=officer, at=APPROVED_AT)
    except Refused as refusal:
        return refusal.reasons[0].partition(" ")[2]
    return "made"


def outcome(facts):
    batches = PaymentBatch.objects.all()
    return {
        "batches": batches.count(),
        "payments": sorted(Payment.objects.filter(batch__isnull=False).values_list("amount", flat=True)),
        "sums_agree": all(each.amount == each.payments.aggregate(sum=total("amount"))["sum"] for each in batches),
        "together": dollars(batches.aggregate(sum=total("amount"))["sum"]),
    }
