"""Pages that plan instalments and their conditions, and the page of a refund: what was typed, what was refused."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from grants.domain.condition import add_condition
from grants.enums import PaymentState
from grants.models import Payment, PaymentCondition, Refund
from portal import clock
from tests.factories.awards import FULL_YEAR, a_payment
from tests.proof import proved

pytestmark = pytest.mark.django_db
S = PaymentState
AUTUMN = datetime(2027, 10, 4, 16, 0, tzinfo=UTC)
WORDS = "The board has confirmed the evaluator."


@pytest.fixture(autouse=True)
def _autumn():
    with clock.at(AUTUMN):
        yield


def url(name, payment, *rest):
    return reverse(f"grants:{name}", args=[payment.reference, *rest])


def text_of(response):
    return " ".join(response.content.decode().split())


def facts(payment, **more):
    return {"version": payment.version, "amount": "100,000", "due_on": "2028-01-03", **more}


def test_instalment_is_changed_from_its_page(client, fay_finance):
    payment = a_payment()
    client.force_login(fay_finance)
    assert url("instalment-change", payment) in text_of(client.get(url("payment-detail", payment)))

    response = client.post(url("instalment-change", payment), facts(payment))

    assert response.url == url("payment-detail", payment)
    payment.refresh_from_db()
    assert (payment.amount, payment.due_on) == (Decimal("100000.00"), date(2028, 1, 3))


def test_instalment_changed_by_two_shows_both_texts(client, fay_finance):
    payment = a_payment()
    client.force_login(fay_finance)
    client.post(url("instalment-change", payment), facts(payment))

    response = client.post(url("instalment-change", payment), facts(payment, amount="90000"))

    assert response.status_code == 409
    assert [(each.label, each.saved, each.typed) for each in response.context["differences"]] == [
        ("Amount", "100000.00", "90000.00")
    ]
    assert "A colleague saved this while you had it open" in text_of(response)


def test_instalment_is_split_from_its_page(client, fay_finance):
    payment = a_payment()
    client.force_login(fay_finance)

    response = client.post(url("instalment-split", payment), facts(payment))

    part = Payment.objects.latest("pk")
    assert response.url == url("payment-detail", part)
    assert (part.amount, Payment.objects.get(pk=payment.pk).amount) == (Decimal("100000.00"), Decimal("150000.00"))


@pytest.mark.parametrize("name", ["instalment-change", "instalment-split"])
def test_instalment_page_of_a_prepared_payment_says_what_to_do_first(name, client, fay_finance):
    payment = a_payment(state=S.PREPARED)
    client.force_login(fay_finance)

    assert "has to be sent back first" in text_of(client.get(url(name, payment)))
    assert client.post(url(name, payment), facts(payment)).status_code == 409


def test_instalment_over_its_year_is_refused_beside_the_field(client, fay_finance):
    payment = a_payment()
    client.force_login(fay_finance)

    response = client.post(url("instalment-change", payment), facts(payment, amount="250,000.01"))

    assert response.status_code == 409
    assert "2027-28 has $250,000 left to schedule. This is $0.01 more than that." in text_of(response)
    assert "250,000.01" in text_of(response)


def test_condition_in_words_is_added_met_opened_and_removed(client, omar_officer):
    payment = a_payment()
    client.force_login(omar_officer)

    def act(number, what):
        payment.refresh_from_db()
        page = client.get(url("condition-change", payment, number, what))
        assert WORDS in text_of(page)
        return client.post(url("condition-change", payment, number, what), {"version": payment.version})

    added = client.post(url("condition-new", payment), {"version": payment.version, "text": WORDS})
    assert added.url == url("payment-detail", payment)
    assert f"Not met yet: {WORDS}" in text_of(client.get(url("payment-detail", payment)))
    assert act(2, "met").status_code == 302
    assert f"Met: {WORDS}" in text_of(client.get(url("payment-detail", payment)))
    assert "Omar Officer" in text_of(client.get(url("payment-detail", payment)))
    assert act(2, "open").status_code == 302
    assert act(2, "remove").status_code == 302
    assert PaymentCondition.objects.filter(payment=payment).count() == 1


def test_condition_on_an_old_version_or_a_second_time_is_refused(client, omar_officer):
    payment = a_payment()
    old = payment.version
    add_condition(payment, WORDS, actor=omar_officer, at=AUTUMN)
    client.force_login(omar_officer)

    assert client.post(url("condition-new", payment), {"version": old, "text": "More."}).status_code == 409
    assert client.post(url("condition-change", payment, 2, "met"), {"version": old}).status_code == 409
    assert client.post(url("condition-change", payment, 2, "open"), {"version": old + 1}).status_code == 409


@pytest.mark.parametrize(("number", "act"), [(1, "met"), (3, "met"), (0, "met"), (2, "burn")])
def test_condition_that_is_not_there_is_not_found(number, act, client, omar_officer):
    payment = a_payment()
    add_condition(payment, WORDS, actor=omar_officer, at=AUTUMN)
    client.force_login(omar_officer)

    assert client.get(url("condition-change", payment, number, act)).status_code == 404


def test_refund_is_recorded_from_the_payment(client, fay_finance):
    payment = a_payment(state=S.PAID)
    client.force_login(fay_finance)
    data = {
        "version": payment.version, "amount": "$25,000", "received_on": "2027-10-01", "bank_reference": "DEP 9",
        "reason": "The evaluator cost less.",
    }  # fmt: skip
    assert "it can be scheduled again" in text_of(client.get(url("refund-new", payment)))

    response = client.post(url("refund-new", payment), data)
    again = client.post(url("refund-new", payment), data)

    assert response.url == url("payment-detail", payment)
    assert Refund.objects.get().amount == Decimal("25000.00")
    assert again.status_code == 409
    page = text_of(client.get(url("payment-detail", payment)))
    assert "$25,000 of it came back." in page
    assert "The evaluator cost less." in page


def test_refund_of_more_than_was_paid_is_refused_beside_the_field(client, fay_finance):
    payment = a_payment(state=S.PAID)
    client.force_login(fay_finance)
    data = {
        "version": payment.version, "amount": "250,000.01", "received_on": "2027-10-05", "bank_reference": "DEP 9",
        "reason": "Unspent.",
    }  # fmt: skip

    response = client.post(url("refund-new", payment), data)

    assert response.status_code == 409
    assert "Only $250,000 of this payment has not come back yet." in text_of(response)
    assert "This day is still to come." in text_of(response)


def test_refund_page_of_an_unpaid_payment_says_why_there_is_nothing(client, fay_finance):
    client.force_login(fay_finance)

    assert "There is nothing to record." in text_of(client.get(url("refund-new", a_payment())))


def test_payment_is_voided_after_proving_who_one_is(client, fay_finance):
    payment = a_payment(state=S.PAID)
    data = {"version": payment.version, "comment": "The check bounced."}
    client.force_login(fay_finance)
    asked = client.post(url("payment-step", payment, "void"), data)
    assert asked.url.startswith(reverse("account_reauthenticate"))
    proved(client, fay_finance)

    client.post(url("payment-step", payment, "void"), data)

    payment.refresh_from_db()
    assert (payment.state, payment.voided_by) == (S.VOIDED, fay_finance)
    payment.award_year.refresh_from_db()
    assert (payment.award_year.scheduled, payment.amount) == (0, FULL_YEAR)
    assert "Voided: The check bounced." in text_of(client.get(url("payment-detail", payment)))
