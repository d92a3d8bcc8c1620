"""Batches: each payment in one at most, two files that say the same to the cent, and what the bank did with them."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError
from hypothesis import given, settings
from hypothesis import strategies as st

from grants import tasks  # noqa: F401 - registers the handler, as a worker does
from grants.domain.batch import make_batch, make_files_again, record_batch_paid, take_file
from grants.domain.batch_files import bank_csv, journal_csv, make_batch_files
from grants.domain.payment_bulk import take_step
from grants.domain.queries.batch import Line, files_job, left_behind, lines_of, next_words
from grants.domain.queries.payment import needs
from grants.enums import PaymentState
from grants.models import Award, Payment, PaymentBatch
from grants.workflow import PAYMENT
from portal.access import Refused
from portal.activity.models import Entry
from portal.apportion import shares
from portal.jobs.domain import run
from tests.factories.awards import APPROVED_AT, FULL_YEAR, a_payment, an_award

pytestmark = pytest.mark.django_db
S = PaymentState
TODAY = APPROVED_AT.date()


@pytest.fixture
def cleared():
    return [a_payment(state=S.CLEARED) for _ in range(2)]


@pytest.fixture
def batch(cleared, fay_finance):
    return make_batch([each.reference for each in cleared], actor=fay_finance, at=APPROVED_AT)


def read(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def a_line(reference="PAY-1", amount="100.00", parts=(("Collaboration", "40.00"), ("Coherence", "60.00")), **fields):
    facts = {
        "payee": "Harbor Community Fund", "ein": "12-3456789", "tax_status": "Public charity, 501(c)(3)",
        "pay_on": date(2027, 7, 1), "memo": "Grant A-2027-0001 year 1", "award": "A-2027-0001",
        "site": "Harbor County Collaboration", "school_year": "2027-28", **fields,
    }  # fmt: skip
    return Line(reference, amount=Decimal(amount), by_component=tuple((n, Decimal(a)) for n, a in parts), **facts)


def test_batch_holds_the_chosen_payments_and_their_sum(batch, cleared, fay_finance):
    assert (batch.count, batch.amount, batch.made_by) == (2, FULL_YEAR * 2, fay_finance)
    assert set(batch.payments.all()) == set(cleared)
    assert Entry.objects.of(batch).get().summary == "Put 2 payments, $500,000, into a batch."


def test_batch_refuses_what_is_not_cleared_or_in_another_one(batch, cleared, fay_finance):
    other = a_payment(state=S.PREPARED)

    with pytest.raises(Refused) as refusal:
        make_batch([other.reference, cleared[0].reference], actor=fay_finance, at=APPROVED_AT)

    assert sorted(refusal.value.reasons) == sorted([
        f"{cleared[0].reference} is in another batch already.",
        f"{other.reference} is waiting for release, so it cannot go to the bank.",
    ])  # fmt: skip
    assert PaymentBatch.objects.count() == 1


@pytest.mark.parametrize(
    ("references", "words"),
    [([], "Choose at least one payment"), (["PAY-1"], "does not exist"), (map(str, range(501)), "holds 500 payments")],
)
def test_batch_of_nothing_or_too_much_is_refused(references, words, fay_finance):
    with pytest.raises(Refused, match=words):
        make_batch(list(references), actor=fay_finance, at=APPROVED_AT)


@pytest.mark.parametrize("person", ["omar_officer", "dina_director", "otto_auditor", "lea_site_lead"])
def test_batch_is_made_by_finance_only(person, cleared, request):
    with pytest.raises(Refused, match="Only finance officers put payments into a batch"):
        make_batch([cleared[0].reference], actor=request.getfixturevalue(person), at=APPROVED_AT)


def test_files_are_made_once_by_a_job(batch, cleared, fay_finance):
    job = run(str(files_job(batch).pk))
    assert job.outcome["label"] == "See the files"
    batch.refresh_from_db()
    before = (batch.bank_file, batch.journal)

    lines = [Line.of(each) for each in job.facts["lines"]]
    make_batch_files(batch, lines, actor=fay_finance, at=APPROVED_AT, progress=lambda *told: None)

    batch.refresh_from_db()
    assert (batch.bank_file, batch.journal) == before
    assert (batch.bank_file.issued, batch.bank_file.name) == (True, f"{batch}-bank.csv")
    bank, journal = read(batch.bank_file.content()), read(batch.journal.content())
    assert [row["Reference"] for row in bank] == [each.reference for each in cleared]
    assert {row["Amount"] for row in bank} == {"250000.00"}
    assert {row["Pay on"] for row in bank} == {"2027-07-01"}
    assert sum(Decimal(row["Debit"] or 0) for row in journal) == batch.amount
    assert [row["Component"] for row in journal if row["Debit"]][:3] == [
        "District and Local Union Capacity and Collaboration", "Family and Community Partnerships",
        "District and School Capacity and Coherence",
    ]  # fmt: skip
    assert default_storage.exists(batch.bank_file.file.name)


def test_files_say_what_was_decided_whatever_happens_before_they_are_made(batch, cleared, fay_finance):
    PAYMENT.perform(cleared[0], "hold", actor=fay_finance, at=APPROVED_AT, comment="Wrong account.")

    run(str(files_job(batch).pk))

    batch.refresh_from_db()
    assert sum(Decimal(row["Amount"]) for row in read(batch.bank_file.content())) == batch.amount
    assert left_behind(batch) == (1, FULL_YEAR)
    assert "1 payment left this batch after its files were made." in " ".join(next_words(batch, 1, 1))


def test_files_that_are_there_are_not_made_again(batch, fay_finance):
    run(str(files_job(batch).pk))
    batch.refresh_from_db()

    with pytest.raises(Refused, match="Both files of this batch are there"):
        make_files_again(batch, actor=fay_finance)


def test_payment_due_later_is_paid_when_it_is_due(cleared):
    told = Payment.objects.filter(pk=cleared[0].pk).select_related("award_year__award__site")

    assert [each.pay_on for each in lines_of(told, date(2027, 4, 5))] == [date(2027, 7, 1)]
    assert [each.pay_on for each in lines_of(told, date(2027, 9, 1))] == [date(2027, 9, 1)]


@pytest.mark.once
def test_bank_file_has_a_row_a_payment_and_no_live_formula():
    content = bank_csv([a_line(), a_line("PAY-2", "0.05", payee="=HYPERLINK(1)")])

    assert content.decode() == (
        "Reference,Payee,EIN,Amount,Pay on,Memo\r\n"
        "PAY-1,Harbor Community Fund,12-3456789,100.00,2027-07-01,Grant A-2027-0001 year 1\r\n"
        "PAY-2,'=HYPERLINK(1),12-3456789,0.05,2027-07-01,Grant A-2027-0001 year 1\r\n"
    )


@pytest.mark.once
def test_journal_balances_payment_by_payment(settings):
    settings.JOURNAL_GRANTS_ACCOUNT, settings.JOURNAL_CASH_ACCOUNT = "6100", "1010"

    rows = read(journal_csv("B-2027-0001", TODAY, [a_line(), a_line("PAY-2", "0.05", (("Coherence", "0.05"),))]))

    assert [(row["Account"], row["Debit"], row["Credit"], row["Payment"], row["Component"]) for row in rows] == [
        ("6100", "40.00", "", "PAY-1", "Collaboration"),
        ("6100", "60.00", "", "PAY-1", "Coherence"),
        ("1010", "", "100.00", "PAY-1", ""),
        ("6100", "0.05", "", "PAY-2", "Coherence"),
        ("1010", "", "0.05", "PAY-2", ""),
    ]


@pytest.mark.parametrize("cents", [1, 2, 3, 99_999, 12_345_67])
def test_journal_of_odd_amounts_balances_to_the_cent(cents):
    payment = Payment.objects.select_related("award_year__award__site").get(award_year__award=an_award(), number=1,
                                                                            award_year__number=1)  # fmt: skip
    payment.amount = Decimal(cents) / 100

    (line,) = lines_of([payment], TODAY)

    assert sum(amount for _, amount in line.by_component) == payment.amount
    assert Line.of(line.stored()) == line


@pytest.mark.once
@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(st.integers(1, 25_000_000), st.lists(st.integers(0, 900), min_size=3, max_size=3).filter(any)),
        max_size=4,
    )
)
def test_journal_balances_whatever_is_paid(payments):
    lines = []
    for number, (cents, weights) in enumerate(payments):
        amount = Decimal(cents) / 100
        parts = shares(amount, [Decimal(each) for each in weights])
        named = tuple(zip(("One", "Two", "Three"), (str(each) for each in parts), strict=True))
        lines.append(a_line(f"PAY-{number}", str(amount), named))

    rows = read(journal_csv("B-2027-0001", TODAY, lines))

    for line in lines:
        own = [row for row in rows if row["Payment"] == line.reference]
        debits = sum(Decimal(row["Debit"] or 0) for row in own)
        assert debits == line.amount == sum(Decimal(row["Credit"] or 0) for row in own)


def test_payment_held_leaves_its_batch_and_both_say_so(batch, cleared, fay_finance):
    payment = PAYMENT.perform(cleared[0], "hold", actor=fay_finance, at=APPROVED_AT, comment="Wrong account.")

    assert payment.batch is None
    assert batch.payments.count() == 1
    assert Entry.objects.of(batch).first().summary == (
        f"{payment.reference}, $250,000, left the batch: it was put on hold."
    )


def test_batch_is_recorded_as_paid_with_a_result_for_each_payment(batch, cleared, fay_finance):
    first, second = (each.reference for each in cleared)

    outcomes = record_batch_paid(batch, {first: "ACH 1", second: ""}, paid_on=TODAY, actor=fay_finance, at=APPROVED_AT)

    assert [(each.payment.reference, each.done, each.text) for each in outcomes] == [
        (first, True, "Recorded as paid."),
        (second, False, "Enter the reference the bank gave this payment."),
    ]
    assert list(Payment.objects.filter(batch=batch).order_by("pk").values_list("state", "bank_reference")) == [
        (S.PAID, "ACH 1"), (S.CLEARED, ""),
    ]  # fmt: skip


def test_file_taken_along_is_on_the_record(batch, otto_auditor, omar_officer):
    with pytest.raises(Refused, match="still being made"):
        take_file(batch, "bank", actor=otto_auditor, at=APPROVED_AT)
    run(str(files_job(batch).pk))
    batch.refresh_from_db()

    assert take_file(batch, "journal", actor=otto_auditor, at=APPROVED_AT) == batch.journal
    assert (Entry.objects.of(batch).first().verb, Entry.objects.of(batch).first().actor) == (
        "take-journal", otto_auditor,
    )  # fmt: skip
    with pytest.raises(Refused, match="Only finance officers and auditors"):
        take_file(batch, "bank", actor=omar_officer, at=APPROVED_AT)


def test_bulk_release_tells_the_preparer_apart(fay_finance, finn_finance):
    theirs = a_payment(state=S.PREPARED, preparer=finn_finance)
    own = a_payment(state=S.PREPARED, preparer=fay_finance)

    outcomes = take_step([theirs, own], "release", actor=fay_finance, at=APPROVED_AT)

    assert [(each.done, each.text) for each in outcomes] == [
        (True, "Released: cleared to pay."),
        (False, "You prepared this payment, so somebody else has to release it."),
    ]


def test_payment_without_ein_or_with_another_payee_is_not_released(fay_finance, finn_finance):
    payment = a_payment(state=S.PREPARED, preparer=fay_finance)
    Award.objects.update(payee_name="Lakeside Education Fund")
    payment.refresh_from_db()

    assert needs(payment, finn_finance) == [
        f"The award’s payee changed since this was prepared for {payment.payee_name}: it is Lakeside Education Fund now. "
        "Send it back, so that it is prepared for the payee of today."
    ]
    with pytest.raises(Refused, match="payee changed"):
        PAYMENT.perform(payment, "release", actor=finn_finance, at=APPROVED_AT)
    payment = PAYMENT.perform(payment, "send_back", actor=fay_finance, at=APPROVED_AT, comment="Other payee.")
    Award.objects.update(payee_ein="")
    payment = Payment.objects.get(pk=payment.pk)
    with pytest.raises(Refused, match="Lakeside Education Fund, has no EIN"):
        PAYMENT.perform(payment, "prepare", actor=fay_finance, at=APPROVED_AT)


def test_payment_in_a_batch_before_its_release_cannot_exist(batch):
    with pytest.raises(IntegrityError):
        Payment.objects.filter(pk=a_payment().pk).update(batch=batch)


@pytest.mark.parametrize("columns", [{"amount": Decimal(0)}, {"count": 0}])
def test_batch_of_nothing_cannot_exist(columns, batch):
    with pytest.raises(IntegrityError):
        PaymentBatch.objects.filter(pk=batch.pk).update(**columns)
