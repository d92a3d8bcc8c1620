"""Money that came back, and payments that were never made: where it goes, and what cannot be."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from grants.domain.instalment import schedule_payment
from grants.domain.queries.reconciliation import Balance, balance_of
from grants.domain.refund import record_refund
from grants.enums import PaymentState
from grants.models import Payment, Refund, SiteCommitment
from grants.workflow import AWARD, PAYMENT
from portal.access import Refused
from portal.activity.models import Entry
from portal.record import Stale
from tests.factories.awards import APPROVED_AT, FULL_YEAR, a_payment

pytestmark = pytest.mark.django_db
S = PaymentState
TODAY = APPROVED_AT.date()
TENTH = Decimal("25000.00")


def refund(payment, actor, **facts):
    facts = {"amount": TENTH, "received_on": TODAY, "bank_reference": "DEP 9", "reason": "Unspent.", **facts}
    return record_refund(payment, actor=actor, at=APPROVED_AT, **facts)


@pytest.fixture
def paid():
    return a_payment(state=S.PAID)


def ledger(payment):
    held = SiteCommitment.objects.filter(site=payment.award_year.award.site, school_year="2027-28")
    return held.values_list("amount", flat=True).first()


def test_refund_while_the_award_lives_can_be_scheduled_again(paid, fay_finance):
    made = refund(paid, fay_finance)

    paid.refresh_from_db()
    assert (paid.refunded, made.recorded_by, made.reference[:3]) == (TENTH, fay_finance, "RF-")
    assert balance_of(paid.award_year.award) == Balance(
        awarded=FULL_YEAR * 5, scheduled=FULL_YEAR * 4, paid=FULL_YEAR, refunded=TENTH, remaining=TENTH
    )
    assert ledger(paid) == FULL_YEAR
    again = schedule_payment(paid.award_year, amount=TENTH, due_on=date(2028, 1, 3), actor=fay_finance, at=APPROVED_AT)
    assert again.amount == TENTH
    assert Entry.objects.of(paid).first().summary == f"$25,000 came back on 5 Apr 2027, {made.reference}."


def test_refund_after_the_end_goes_back_to_the_envelope(paid, fay_finance, dina_director):
    AWARD.perform(paid.award_year.award, "terminate", actor=dina_director, at=APPROVED_AT, comment="It left.")
    assert ledger(paid) == FULL_YEAR

    refund(paid, fay_finance)

    assert ledger(paid) == FULL_YEAR - TENTH
    assert balance_of(paid.award_year.award) == Balance(
        awarded=FULL_YEAR * 5, paid=FULL_YEAR, refunded=TENTH, returned=FULL_YEAR * 4 + TENTH
    )


def test_refunds_end_at_what_was_paid(paid, fay_finance):
    refund(paid, fay_finance)

    with pytest.raises(ValidationError, match=r"Only \$225,000 of this payment has not come back yet"):
        refund(paid, fay_finance, amount=FULL_YEAR)
    refund(paid, fay_finance, amount=FULL_YEAR - TENTH)

    paid.refresh_from_db()
    assert paid.refunded == FULL_YEAR
    assert sum(each.amount for each in Refund.objects.all()) == FULL_YEAR


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"amount": Decimal(0)}, "amount"),
        ({"amount": FULL_YEAR + Decimal("0.01")}, "amount"),
        ({"received_on": TODAY + timedelta(days=1)}, "received_on"),
        ({"received_on": TODAY - timedelta(days=1)}, "received_on"),
        ({"bank_reference": " "}, "bank_reference"),
        ({"reason": " "}, "reason"),
    ],
)
def test_refund_with_impossible_facts_is_refused_beside_the_field(facts, field, paid, fay_finance):
    with pytest.raises(ValidationError) as error:
        refund(paid, fay_finance, **facts)

    assert list(error.value.error_dict) == [field]
    assert not Refund.objects.exists()


@pytest.mark.parametrize("state", [each for each in PaymentState if each != S.PAID])
def test_refund_of_what_was_not_paid_is_refused(state, fay_finance):
    with pytest.raises(Refused, match="Only money that was paid can come back"):
        refund(a_payment(state=state), fay_finance)


@pytest.mark.parametrize("person", ["omar_officer", "dina_director", "otto_auditor", "lea_site_lead"])
def test_refund_is_recorded_by_finance_only(person, paid, request):
    with pytest.raises(Refused, match="Only finance officers record money that came back"):
        refund(paid, request.getfixturevalue(person))


def test_refund_on_an_old_version_is_stale(paid, fay_finance):
    refund(paid, fay_finance, version=paid.version)

    with pytest.raises(Stale):
        refund(paid, fay_finance, version=paid.version)


def test_payment_voided_returns_to_its_year(paid, fay_finance):
    payment = PAYMENT.perform(paid, "void", actor=fay_finance, at=APPROVED_AT, comment="The check bounced.")

    assert (payment.voided_by, payment.voided_at, payment.void_reason) == (
        fay_finance, APPROVED_AT, "The check bounced.",
    )  # fmt: skip
    assert balance_of(paid.award_year.award) == Balance(
        awarded=FULL_YEAR * 5, scheduled=FULL_YEAR * 4, remaining=FULL_YEAR
    )


def test_payment_voided_after_the_end_leaves_what_the_site_holds(paid, fay_finance, dina_director):
    AWARD.perform(paid.award_year.award, "terminate", actor=dina_director, at=APPROVED_AT, comment="It left.")

    PAYMENT.perform(paid, "void", actor=fay_finance, at=APPROVED_AT, comment="The check bounced.")

    assert ledger(paid) is None
    assert balance_of(paid.award_year.award) == Balance(awarded=FULL_YEAR * 5, returned=FULL_YEAR * 5)


def test_payment_of_which_some_came_back_cannot_be_voided(paid, fay_finance):
    refund(paid, fay_finance)

    with pytest.raises(Refused, match=r"\$25,000 of it came back from the payee, so it was paid"):
        PAYMENT.perform(paid, "void", actor=fay_finance, at=APPROVED_AT, comment="The check bounced.")


@pytest.mark.parametrize(
    "columns",
    [
        {"refunded": FULL_YEAR + Decimal("0.01")},
        {"refunded": Decimal("-0.01")},
        {"state": S.VOIDED},
        {"void_reason": "Because."},
    ],
)
def test_payment_that_contradicts_itself_cannot_exist(columns, paid):
    with pytest.raises(IntegrityError):
        Payment.objects.filter(pk=paid.pk).update(**columns)


def test_refund_of_a_payment_that_is_not_paid_cannot_exist():
    with pytest.raises(IntegrityError):
        Payment.objects.filter(pk=a_payment(state=S.CLEARED).pk).update(refunded=TENTH)


@pytest.mark.parametrize("columns", [{"amount": Decimal(0)}, {"reason": ""}])
def test_refund_of_nothing_or_for_no_reason_cannot_exist(columns, paid, fay_finance):
    made = refund(paid, fay_finance)

    with pytest.raises(IntegrityError):
        Refund.objects.filter(pk=made.pk).update(**columns)
