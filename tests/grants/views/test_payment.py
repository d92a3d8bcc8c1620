"""Pages of payments: the queue in words, two persons, what the bank did, another instalment."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from grants.enums import AwardState, PaymentState
from grants.models import Payment
from portal import clock
from tests.factories.awards import a_payment, an_award
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db
S = PaymentState
AUTUMN = datetime(2027, 10, 4, 16, 0, tzinfo=UTC)
QUEUE = "grants:payment-list"


@pytest.fixture(autouse=True)
def _autumn():
    with clock.at(AUTUMN):
        yield


def page_of(payment):
    return reverse("grants:payment-detail", args=[payment.reference])


def step_of(payment, step):
    return reverse("grants:payment-step", args=[payment.reference, step])


def paid_of(payment):
    return reverse("grants:payment-record-paid", args=[payment.reference])


def schedule_of(award, number=1):
    return reverse("grants:payment-schedule", args=[award.reference, number])


def text_of(response):
    return " ".join(response.content.decode().split())


def shown(client, **query):
    return [(row[0].award_year.number, row[1]) for row in client.get(reverse(QUEUE), query).context["rows"]]


def test_queue_says_what_is_clear_and_what_blocks_the_rest(client, fay_finance):
    an_award()
    client.force_login(fay_finance)

    assert shown(client) == [
        (1, ["Ready to prepare."]),
        (2, ["The report for year 1 is not accepted yet."]),
        (3, ["The report for year 2 is not accepted yet."]),
        (4, ["The report for year 3 is not accepted yet."]),
        (5, ["The report for year 4 is not accepted yet."]),
    ]


@pytest.mark.parametrize(
    ("query", "years"),
    [
        ({}, [1, 2, 4, 5]),
        ({"show": "ready"}, []),
        ({"show": "waiting"}, [4, 5]),
        ({"show": "prepared"}, [1]),
        ({"show": "held"}, [2]),
        ({"show": "cancelled"}, [3]),
        ({"show": "paid"}, []),
        ({"show": "all"}, [1, 2, 3, 4, 5]),
        ({"show": "nonsense"}, [1, 2, 4, 5]),
        ({"due": "now"}, [1]),
        ({"due": "soon", "show": "all"}, [1]),
        ({"q": "HARBOR"}, [1, 2, 4, 5]),
        ({"q": "somewhere else"}, []),
    ],
)
def test_queue_is_filtered(query, years, client, otto_auditor):
    award = an_award(a_site(name="Harbor County Collaboration"))
    first, second, third, *_ = Payment.objects.filter(award_year__award=award)
    a_payment(first, state=S.PREPARED)
    a_payment(second, state=S.HELD)
    a_payment(third, state=S.CANCELLED)
    client.force_login(otto_auditor)

    assert [number for number, _ in shown(client, **query)] == years


def test_queue_adds_up_what_waits_for_what(client, fay_finance):
    first, second, *_ = Payment.objects.filter(award_year__award=an_award())
    a_payment(first, state=S.CLEARED)
    a_payment(second, state=S.HELD)
    client.force_login(fay_finance)

    everything = client.get(reverse(QUEUE), {"show": "held"}).context["sums"]
    due = client.get(reverse(QUEUE), {"due": "now"}).context["sums"]

    assert {each.key: each.count for each in everything} == {
        "waiting": 3, "ready": 0, "prepared": 0, "cleared": 1, "batched": 0, "held": 1,
    }  # fmt: skip
    assert {each.key: each.amount for each in due if each.count} == {"cleared": Decimal("250000.00")}


def test_queue_pages_forth_and_back_by_due_day(client, fay_finance):
    for _ in range(11):
        an_award()
    client.force_login(fay_finance)

    first = client.get(reverse(QUEUE)).context["page"]
    second = client.get(reverse(QUEUE) + first.next_url).context["page"]
    back = client.get(reverse(QUEUE) + second.previous_url).context["page"]

    in_order = list(Payment.objects.order_by("due_on", "pk"))
    assert (list(first), list(second), list(back)) == (in_order[:50], in_order[50:], in_order[:50])
    assert (first.previous_url, second.next_url) == ("", "")


def test_queue_shows_a_team_its_own_payments(client, lea_site_lead, sam_stranger):
    an_award(lead=lea_site_lead)
    an_award()

    client.force_login(lea_site_lead)
    assert len(shown(client)) == 5
    client.force_login(sam_stranger)
    assert shown(client) == []


def test_queue_costs_the_same_for_thirty_rows(client, fay_finance, django_assert_max_num_queries):
    client.force_login(fay_finance)
    a_payment(state=S.PREPARED)
    with django_assert_max_num_queries(12) as one:
        client.get(reverse(QUEUE), {"show": "prepared"})
    for _ in range(29):
        a_payment(state=S.PREPARED)
    with django_assert_max_num_queries(12) as thirty:
        client.get(reverse(QUEUE), {"show": "prepared"})

    assert len(thirty) == len(one)


@pytest.mark.parametrize("state", PaymentState)
def test_payment_page_opens_in_every_state(state, client, omar_officer):
    client.force_login(omar_officer)

    assert client.get(page_of(a_payment(state=state))).status_code == 200


def test_payment_page_lists_its_conditions(client, fay_finance):
    payment = Payment.objects.get(award_year__award=an_award(), award_year__number=2)
    client.force_login(fay_finance)

    response = client.get(page_of(payment))

    assert [words for _, words in response.context["conditions"]] == [
        "The grant agreement is signed.",
        "The report for year 1 is not accepted yet.",
    ]
    assert "disabled" in text_of(response)


@pytest.mark.parametrize("person", ["sam_stranger", "rita_reviewer", "ada_admin"])
def test_payment_of_somebody_else_is_not_found(person, client, request):
    client.force_login(request.getfixturevalue(person))

    assert client.get(page_of(a_payment())).status_code == 404


def test_payment_is_prepared_with_a_button(client, fay_finance):
    payment = a_payment()
    client.force_login(fay_finance)

    page = client.get(step_of(payment, "prepare"))
    response = client.post(step_of(payment, "prepare"), {"version": payment.version})

    assert "$250,000" in text_of(page)
    assert response.status_code == 302
    assert Payment.objects.get(pk=payment.pk).state == S.PREPARED


def test_payment_page_tells_its_preparer_why_there_is_no_release(client, fay_finance):
    payment = a_payment(state=S.PREPARED, preparer=fay_finance)
    client.force_login(fay_finance)

    response = client.get(page_of(payment))

    assert "You prepared this payment, so somebody else has to release it." in text_of(response)
    assert step_of(payment, "release") not in text_of(response)


def test_payment_released_by_its_preparer_is_refused(client, fay_finance):
    payment = a_payment(state=S.PREPARED, preparer=fay_finance)
    client.force_login(fay_finance)

    response = client.post(step_of(payment, "release"), {"version": payment.version})

    assert response.status_code == 403
    assert "somebody else has to release it" in text_of(response)
    assert Payment.objects.get(pk=payment.pk).state == S.PREPARED


def test_payment_release_asks_a_second_person_who_they_are(client, finn_finance):
    payment = a_payment(state=S.PREPARED)
    client.force_login(finn_finance)

    response = client.post(step_of(payment, "release"), {"version": payment.version})

    assert response.status_code == 302
    assert response.url.startswith(reverse("account_reauthenticate"))
    assert Payment.objects.get(pk=payment.pk).state == S.PREPARED


def test_payment_release_goes_on_after_the_password_was_given_again(client, finn_finance):
    payment = a_payment(state=S.PREPARED)
    finn_finance.set_password("correct horse battery")
    finn_finance.save()
    client.force_login(finn_finance)
    asked = client.post(step_of(payment, "release"), {"version": payment.version})

    response = client.post(asked.url, {"password": "correct horse battery"})

    assert response.url == page_of(payment)
    payment = Payment.objects.get(pk=payment.pk)
    assert (payment.state, payment.released_by) == (S.CLEARED, finn_finance)


def test_payment_changed_by_somebody_else_meanwhile_is_not_stepped(client, fay_finance):
    payment = a_payment()
    client.force_login(fay_finance)

    response = client.post(step_of(payment, "prepare"), {"version": payment.version - 1})

    assert response.status_code == 409
    assert Payment.objects.get(pk=payment.pk).state == S.SCHEDULED


@pytest.mark.parametrize("person", ["omar_officer", "fay_finance"])
def test_payment_is_put_on_hold_with_a_reason(person, client, request):
    payment = a_payment(state=S.CLEARED)
    client.force_login(request.getfixturevalue(person))

    response = client.post(step_of(payment, "hold"), {"version": payment.version, "comment": "The EIN changed."})

    assert response.status_code == 302
    payment = Payment.objects.get(pk=payment.pk)
    assert (payment.state, payment.hold_reason) == (S.HELD, "The EIN changed.")


def test_payment_is_recorded_as_paid_with_day_and_bank_reference(client, fay_finance):
    payment = a_payment(state=S.CLEARED)
    client.force_login(fay_finance)
    assert paid_of(payment) in text_of(client.get(page_of(payment)))

    response = client.post(
        paid_of(payment), {"version": payment.version, "paid_on": "2027-10-01", "bank_reference": "ACH 77"}
    )

    assert response.url == page_of(payment)
    payment = Payment.objects.get(pk=payment.pk)
    assert (payment.state, payment.paid_on, payment.bank_reference) == (S.PAID, date(2027, 10, 1), "ACH 77")


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        ({"paid_on": "", "bank_reference": ""}, 200, "Enter the day the bank made the payment."),
        ({"paid_on": "2027-10-05", "bank_reference": "ACH 77"}, 409, "This day is still to come."),
        ({"paid_on": "2027-10-01", "bank_reference": "ACH 77", "version": "1"}, 409, "Somebody else changed this"),
    ],
)
def test_payment_recorded_with_wrong_facts_keeps_what_was_typed(data, status, words, client, fay_finance):
    payment = a_payment(state=S.CLEARED)
    client.force_login(fay_finance)

    response = client.post(paid_of(payment), {"version": payment.version, **data})

    assert response.status_code == status
    assert words in text_of(response)
    assert data["bank_reference"] in text_of(response)
    assert Payment.objects.get(pk=payment.pk).state == S.CLEARED


def test_payment_that_is_not_cleared_cannot_be_recorded_as_paid(client, fay_finance):
    payment = a_payment()
    client.force_login(fay_finance)

    page = client.get(paid_of(payment))
    posted = client.post(
        paid_of(payment), {"version": payment.version, "paid_on": "2027-10-01", "bank_reference": "ACH 77"}
    )

    assert "is not possible now" in text_of(page)
    assert posted.status_code == 409
    assert Payment.objects.get(pk=payment.pk).state == S.SCHEDULED


def test_payment_is_recorded_as_paid_by_finance_only(client, omar_officer):
    payment = a_payment(state=S.CLEARED)
    client.force_login(omar_officer)

    assert client.get(paid_of(payment)).status_code == 403


def test_instalment_is_scheduled_out_of_what_the_year_has_left(client, fay_finance):
    payment = a_payment(state=S.CANCELLED)
    award = payment.award_year.award
    client.force_login(fay_finance)

    response = client.post(schedule_of(award), {"amount": "$100,000", "due_on": "2028-01-03"})

    assert response.url == reverse("grants:award-detail", args=[award.reference])
    again = Payment.objects.get(award_year=payment.award_year, number=2)
    assert (again.amount, again.due_on, again.state) == (Decimal("100000.00"), date(2028, 1, 3), S.SCHEDULED)


def test_instalment_over_what_is_left_is_refused_in_words(client, fay_finance):
    award = a_payment(state=S.CANCELLED).award_year.award
    client.force_login(fay_finance)

    response = client.post(schedule_of(award), {"amount": "250,000.01", "due_on": "2028-01-03"})

    assert response.status_code == 409
    assert "2027-28 has $250,000 left to schedule. This is $0.01 more than that." in text_of(response)


def test_instalment_page_says_when_there_is_nothing_left(client, fay_finance):
    award = an_award()
    client.force_login(fay_finance)

    assert "There is nothing to schedule." in text_of(client.get(schedule_of(award)))


def test_instalment_is_scheduled_by_finance_only(client, omar_officer, lea_site_lead, sam_stranger):
    award = an_award(lead=lea_site_lead)
    asked = {}
    for person in (omar_officer, lea_site_lead, sam_stranger):
        client.force_login(person)
        asked[person] = client.get(schedule_of(award)).status_code

    assert asked == {omar_officer: 403, lea_site_lead: 403, sam_stranger: 404}


def test_payments_of_an_award_that_is_not_announced_are_hidden_from_its_team(client, lea_site_lead):
    an_award(lead=lea_site_lead, state=AwardState.APPROVED)
    client.force_login(lea_site_lead)

    assert "Nothing is waiting to be paid" in text_of(client.get(reverse(QUEUE)))
