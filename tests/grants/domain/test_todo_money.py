"""What awards and payments put on people's to-do lists."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from grants.domain.batch import make_batch
from grants.domain.queries.todo_money import MOST, payments_to_handle
from grants.enums import AwardState, PaymentState
from grants.models import Payment
from tests.factories.awards import APPROVED_AT, a_payment, an_award
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db
JUNE = datetime(2027, 6, 2, 16, 0, tzinfo=UTC)


def texts(provider, user, at=JUNE):
    return [todo.text for todo in provider(user, at)]


def test_finance_prepares_what_is_ready_and_due_within_a_month(fay_finance):
    award = an_award(a_site(name="Harbor County Collaboration"))
    first = Payment.objects.filter(award_year__award=award).first()

    assert texts(payments_to_handle, fay_finance, JUNE - timedelta(days=2)) == []
    (todo,) = payments_to_handle(fay_finance, JUNE)

    assert (todo.text, todo.about, todo.due) == (
        "Prepare the payment",
        "$250,000, Harbor County Collaboration, year 1",
        date(2027, 7, 1),
    )
    assert todo.url == reverse("grants:payment-detail", args=[first.reference])


def test_finance_releases_what_somebody_else_prepared(fay_finance, finn_finance):
    a_payment(state=PaymentState.PREPARED, preparer=fay_finance)

    assert texts(payments_to_handle, fay_finance) == []
    assert texts(payments_to_handle, finn_finance) == ["Release the payment"]


def test_finance_sends_what_was_released_to_the_bank_and_records_it(fay_finance):
    payment = a_payment(state=PaymentState.CLEARED)
    (todo,) = payments_to_handle(fay_finance, JUNE)
    assert (todo.text, todo.about, todo.due, todo.url) == (
        "Put cleared payments into a batch for the bank",
        "1 payment, $250,000",
        date(2027, 7, 1),
        reverse("grants:batch-new"),
    )

    batch = make_batch([payment.reference], actor=fay_finance, at=JUNE)

    (todo,) = payments_to_handle(fay_finance, JUNE)
    assert (todo.text, todo.about, todo.url) == (
        "Record what the bank paid",
        f"Batch {batch}, 1 payment, $250,000",
        reverse("grants:batch-detail", args=[batch.reference]),
    )


@pytest.mark.parametrize("state", [PaymentState.HELD, PaymentState.PAID, PaymentState.CANCELLED])
def test_payment_that_is_held_or_over_asks_nothing(state, fay_finance):
    a_payment(state=state)

    assert texts(payments_to_handle, fay_finance) == []


@pytest.mark.parametrize("person", ["dina_director", "otto_auditor", "lea_site_lead", "rita_reviewer"])
def test_nobody_else_is_asked(person, lea_site_lead, request):
    an_award(lead=lea_site_lead, state=AwardState.OFFERED)
    a_payment(state=PaymentState.CLEARED)
    user = request.getfixturevalue(person)

    assert texts(payments_to_handle, user) == []


def test_lists_stay_short_and_cost_the_same(fay_finance, django_assert_num_queries):
    Payment.objects.filter(award_year__award=an_award()).update(due_on=APPROVED_AT.date())
    assert fay_finance.roles
    with django_assert_num_queries(4):
        assert len(texts(payments_to_handle, fay_finance)) == 1
    for _ in range(3):
        an_award()
    with django_assert_num_queries(4):
        assert len(texts(payments_to_handle, fay_finance)) == 4 <= MOST
