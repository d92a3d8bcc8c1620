"""Pages of batches and of steps with many payments: results row by row, files behind a second look at who asks."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from grants import tasks  # noqa: F401 - registers the handler, as a worker does
from grants.domain.batch import make_batch
from grants.domain.queries.batch import files_job
from grants.enums import PaymentState
from grants.models import Payment, PaymentBatch
from portal import clock
from portal.activity.models import Entry
from portal.jobs.domain import run
from portal.jobs.models import Job
from tests.factories.awards import a_payment, an_award
from tests.proof import proved

pytestmark = pytest.mark.django_db
S = PaymentState
AUTUMN = datetime(2027, 10, 4, 16, 0, tzinfo=UTC)
NEW, LIST = "grants:batch-new", "grants:batch-list"


@pytest.fixture(autouse=True)
def _autumn():
    with clock.at(AUTUMN):
        yield


def url(name, *rest):
    return reverse(f"grants:{name}", args=rest)


def text_of(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def cleared():
    return [a_payment(state=S.CLEARED) for _ in range(2)]


@pytest.fixture
def batch(cleared, fay_finance):
    return make_batch([each.reference for each in cleared], actor=fay_finance, at=AUTUMN)


def test_batch_is_made_of_what_was_ticked(client, cleared, fay_finance):
    client.force_login(fay_finance)
    page = client.get(reverse(NEW))
    assert [(row[0], row[1]) for row in page.context["rows"]] == [(each, True) for each in cleared]

    response = client.post(reverse(NEW), {"payments": [cleared[1].reference]})

    batch = PaymentBatch.objects.get()
    assert response.url == url("batch-detail", batch.reference)
    assert list(batch.payments.all()) == [cleared[1]]
    assert "Its files are being made." in text_of(client.get(response.url))


@pytest.mark.parametrize(("chosen", "status", "words"), [
    ([], 422, "Choose at least one payment."), (["PAY-0"], 422, "PAY-0 is not one of the available choices"),
])  # fmt: skip
def test_batch_of_nothing_or_of_what_is_not_there_is_refused(chosen, status, words, client, cleared, fay_finance):
    client.force_login(fay_finance)

    response = client.post(reverse(NEW), {"payments": chosen})

    assert response.status_code == status
    assert words in text_of(response)
    assert not PaymentBatch.objects.exists()


def test_batch_page_without_cleared_payments_says_how_they_come(client, fay_finance):
    client.force_login(fay_finance)

    assert "No payment is cleared" in text_of(client.get(reverse(NEW)))
    assert "No batches yet" in text_of(client.get(reverse(LIST)))


def test_files_are_handed_out_after_proving_who_one_is(client, batch, otto_auditor):
    run(str(files_job(batch).pk))
    client.force_login(otto_auditor)
    where = url("batch-file", batch.reference, "bank")
    assert client.get(where).url.startswith(reverse("account_reauthenticate"))
    proved(client, otto_auditor)

    page, answer = client.get(where), client.post(where)

    assert f"{batch}-bank.csv" in text_of(page)
    assert answer["Content-Disposition"] == f'attachment; filename="{batch}-bank.csv"'
    assert b"".join(answer.streaming_content).startswith(b"Reference,Payee,EIN,Amount,Pay on,Memo\r\n")
    assert (Entry.objects.of(batch).first().verb, Entry.objects.of(batch).first().actor) == ("take-bank", otto_auditor)
    assert client.get(url("batch-file", batch.reference, "secrets")).status_code == 404


def test_files_that_failed_are_asked_for_again(client, batch, fay_finance):
    job = files_job(batch)
    type(job).objects.filter(pk=job.pk).update(state="failed", failure="The disk was full.", finished_at=AUTUMN)
    client.force_login(fay_finance)
    again = url("batch-files-again", batch.reference)
    assert again in text_of(client.get(url("batch-detail", batch.reference)))

    client.post(again)
    run(str(Job.objects.live().get(key=batch.reference).pk))

    batch.refresh_from_db()
    assert batch.bank_file.name == f"{batch}-bank.csv"
    assert client.post(again).status_code == 403


def test_batch_is_recorded_as_paid_with_one_reference_for_all_or_one_each(client, batch, cleared, fay_finance):
    first, second = (each.reference for each in cleared)
    client.force_login(fay_finance)
    data = {"paid_on": "2027-10-04", "bank_reference": "B 77", f"made_{first}": "on", f"made_{second}": "on",
            f"ref_{second}": "ACH 2"}  # fmt: skip
    assert client.get(url("batch-paid", batch.reference)).status_code == 200

    response = client.post(url("batch-paid", batch.reference), data)

    assert [(each.payment.reference, each.done) for each in response.context["outcomes"]] == [
        (first, True), (second, True),
    ]  # fmt: skip
    assert list(Payment.objects.filter(batch=batch).order_by("pk").values_list("state", "bank_reference")) == [
        (S.PAID, "B 77"), (S.PAID, "ACH 2"),
    ]  # fmt: skip
    assert "There is nothing to record." in text_of(client.get(url("batch-paid", batch.reference)))
    assert "All of it is settled" in text_of(client.get(url("batch-detail", batch.reference)))


def test_batch_recorded_without_reference_keeps_what_was_typed(client, batch, cleared, fay_finance):
    client.force_login(fay_finance)
    first, second = (each.reference for each in cleared)
    data = {"paid_on": "2027-10-04", f"made_{first}": "on", f"made_{second}": "on"}

    neither = client.post(url("batch-paid", batch.reference), data)
    one = client.post(url("batch-paid", batch.reference), {**data, f"ref_{second}": "ACH 2"})

    assert (neither.status_code, one.status_code) == (422, 422)
    assert "Enter the bank’s reference here, or one beside each payment." in text_of(neither)
    assert f"Enter the reference the bank gave {first}, or one for all of them." in text_of(one)
    assert "ACH 2" in text_of(one)
    nothing = client.post(url("batch-paid", batch.reference), {"paid_on": "2027-10-04"})
    assert "Tick at least one payment that the bank made." in text_of(nothing)


def test_batch_of_a_payment_that_was_held_says_so(client, batch, cleared, fay_finance):
    client.force_login(fay_finance)
    client.post(
        url("payment-step", cleared[0].reference, "hold"),
        {"version": Payment.objects.get(pk=cleared[0].pk).version, "comment": "Wrong account."},
    )

    page = text_of(client.get(url("batch-detail", batch.reference)))

    assert "1 payment left this batch after its files were made." in page


@pytest.mark.parametrize("person", ["sam_stranger", "rita_reviewer", "lea_site_lead"])
def test_batch_is_for_the_foundation_alone(person, client, batch, request):
    client.force_login(request.getfixturevalue(person))

    assert client.get(url("batch-detail", batch.reference)).status_code == 404
    assert client.get(reverse(LIST)).status_code == 403


def test_batches_cost_the_same_for_thirty(client, fay_finance, django_assert_max_num_queries):
    payments = [a_payment(each, state=S.CLEARED) for _ in range(7)
                for each in Payment.objects.filter(award_year__award=an_award())[:1]]  # fmt: skip
    make_batch([payments[0].reference], actor=fay_finance, at=AUTUMN)
    client.force_login(fay_finance)
    with django_assert_max_num_queries(12) as one:
        client.get(reverse(LIST))
    for each in payments[1:]:
        make_batch([each.reference], actor=fay_finance, at=AUTUMN)
    with django_assert_max_num_queries(12) as many:
        client.get(reverse(LIST))

    assert len(many) == len(one)


def test_batch_page_costs_the_same_for_many_payments(client, fay_finance, django_assert_max_num_queries):
    payments = [a_payment(state=S.CLEARED) for _ in range(7)]
    client.force_login(fay_finance)
    counts = []
    for chosen in (payments[:1], payments[1:]):
        batch = make_batch([each.reference for each in chosen], actor=fay_finance, at=AUTUMN)
        with django_assert_max_num_queries(20) as found:
            client.get(url("batch-detail", batch.reference))
        counts.append(len(found))

    assert counts[0] == counts[1]


def test_many_payments_are_prepared_at_once_as_the_list_is_narrowed(client, fay_finance):
    here = Payment.objects.get(award_year__award=an_award(), award_year__number=1)
    there = Payment.objects.get(award_year__award=an_award(), award_year__number=1)
    client.force_login(fay_finance)
    site = here.award_year.award.site.name
    where = f"{url('payment-bulk', 'prepare')}?q={site}"
    assert list(client.get(where).context["rows"]) == [here]

    response = client.post(where, {"payments": [here.reference]})

    assert [(each.payment, each.done) for each in response.context["outcomes"]] == [(here, True)]
    assert Payment.objects.get(pk=there.pk).state == S.SCHEDULED


def test_many_payments_are_released_by_somebody_else_who_proved_who_they_are(client, fay_finance, finn_finance):
    own = a_payment(state=S.PREPARED, preparer=fay_finance)
    theirs = a_payment(state=S.PREPARED, preparer=finn_finance)
    client.force_login(fay_finance)
    where = url("payment-bulk", "release")
    assert client.get(where).url.startswith(reverse("account_reauthenticate"))
    proved(client, fay_finance)

    page = client.get(where)
    assert list(page.context["rows"]) == [theirs]
    assert "1 more payment waits for somebody else: you prepared it." in text_of(page)
    assert client.post(where, {"payments": [own.reference]}).status_code == 422
    response = client.post(where, {"payments": [theirs.reference]})

    assert "1 of 1 done" in text_of(response)
    assert Payment.objects.get(pk=own.pk).state == S.PREPARED
    assert Payment.objects.get(pk=theirs.pk).state == S.CLEARED


def test_many_payments_take_no_other_step_together(client, fay_finance):
    client.force_login(fay_finance)

    assert client.get(url("payment-bulk", "cancel")).status_code == 404
