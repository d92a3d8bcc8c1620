"""The payments of a side of the world: one in every state a route is about, and a batch with a file that is not there yet."""

from datetime import date
from decimal import Decimal

from grants.domain.batch import make_batch
from grants.domain.condition import add_condition
from grants.domain.instalment import split_instalment
from grants.enums import PaymentState
from grants.models import Payment, PaymentBatch
from portal.accounts.enums import Role
from portal.documents.domain import store_issued
from tests.factories.accounts import UserFactory
from tests.factories.awards import a_payment

PART = Decimal("10000.00")


def payments_of(made, now) -> None:
    """Payments of the side's award, whose first three years can be paid."""
    finance = UserFactory(roles=[Role.FINANCE])
    first, second, made.payment, made.waiting, *_ = Payment.objects.filter(award_year__award=made.award).order_by(
        "due_on"
    )
    parts = [split_instalment(first, amount=PART, due_on=date(2031, 7, 1), actor=finance, at=now) for _ in range(3)]
    made.cleared = a_payment(Payment.objects.get(pk=first.pk), state=PaymentState.CLEARED)
    made.prepared = a_payment(second, state=PaymentState.PREPARED)
    made.paid = a_payment(parts[0], state=PaymentState.PAID)
    made.at_the_bank = a_payment(parts[1], state=PaymentState.CLEARED)
    made.unbatched = a_payment(parts[2], state=PaymentState.CLEARED)
    made.condition = add_condition(made.waiting, "The board has met.", actor=finance, at=now)
    made.waiting.refresh_from_db()
    made.batch = make_batch([made.at_the_bank.reference], actor=finance, at=now)
    # Its journal is still being made.
    file = store_issued("bank.csv", b"Reference\r\n", "text/csv; charset=utf-8", at=now, actor=None)
    PaymentBatch.objects.filter(pk=made.batch.pk).update(bank_file=file)
