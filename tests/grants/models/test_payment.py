"""What the database itself refuses of payments and their conditions, whatever the code above it does."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from grants.enums import ConditionKind, PaymentState
from grants.models import Payment, PaymentCondition
from tests.factories.accounts import UserFactory
from tests.factories.awards import APPROVED_AT, a_payment, an_award

pytestmark = pytest.mark.django_db
S = PaymentState


def refusal(rows, **change) -> str:
    """What the database says to a change of these rows."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        rows.update(**change)
    return str(error.value)


@pytest.mark.parametrize(
    ("state", "constraint", "change"),
    [
        (S.SCHEDULED, "payment_state_is_known", {"state": "lost"}),
        (S.SCHEDULED, "payment_of_something", {"amount": Decimal(0)}),
        (S.SCHEDULED, "payment_prepared_follows_state", {"prepared_at": APPROVED_AT}),
        (S.SCHEDULED, "payment_prepared_follows_state", {"state": S.PREPARED}),
        (S.PREPARED, "payment_prepared_follows_state", {"prepared_by": None}),
        (S.PREPARED, "payment_prepared_follows_state", {"state": S.HELD, "hold_reason": "Why."}),
        (S.PREPARED, "payment_released_follows_state", {"state": S.CLEARED}),
        (S.CLEARED, "payment_released_follows_state", {"released_at": None}),
        (S.CLEARED, "payment_paid_on_follows_state", {"state": S.PAID}),
        (S.CLEARED, "payment_paid_on_follows_state", {"paid_on": date(2027, 4, 5)}),
        (S.HELD, "payment_held_says_why", {"hold_reason": ""}),
    ],
)
def test_payment_against_a_constraint_is_refused(state, constraint, change):
    payment = a_payment(state=state)

    assert constraint in refusal(Payment.objects.filter(pk=payment.pk), **change)


def test_payment_released_by_its_preparer_is_refused():
    payment = a_payment(state=S.CLEARED)

    change = {"released_by": payment.prepared_by}

    assert "payment_released_by_somebody_else" in refusal(Payment.objects.filter(pk=payment.pk), **change)


def test_payment_stamped_as_released_before_its_release_is_refused():
    payment = a_payment(state=S.PREPARED)

    change = {"released_by": UserFactory(), "released_at": APPROVED_AT}

    assert "payment_released_follows_state" in refusal(Payment.objects.filter(pk=payment.pk), **change)


def test_instalment_numbered_twice_is_refused():
    first, second, *_ = Payment.objects.filter(award_year__award=an_award())

    assert "unique" in refusal(Payment.objects.filter(pk=second.pk), award_year=first.award_year).lower()


def test_condition_of_no_known_kind_is_refused():
    a_payment()

    assert "condition_kind_is_known" in refusal(PaymentCondition.objects.all(), kind="luck")


def test_condition_set_twice_is_refused():
    second = Payment.objects.get(award_year__award=an_award(), award_year__number=2)

    conditions = second.conditions.filter(kind=ConditionKind.REPORT_ACCEPTED)

    assert "unique" in refusal(conditions, kind=ConditionKind.AGREEMENT_SIGNED).lower()
