"""Instalments: changed, split, and never more than the award year has."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from grants.domain.condition import add_condition, meet
from grants.domain.instalment import change_instalment, split_instalment
from grants.domain.payment import book
from grants.enums import PaymentState
from grants.models import Payment
from grants.workflow import AWARD
from portal.access import Refused
from portal.activity.models import Entry
from portal.record import Stale
from tests.factories.awards import APPROVED_AT, FULL_YEAR, a_payment, an_award

pytestmark = pytest.mark.django_db
S = PaymentState
WINTER = date(2028, 1, 3)


def year_of(payment):
    payment.award_year.refresh_from_db()
    return payment.award_year


def test_instalment_changed_frees_the_rest_of_its_year(fay_finance):
    payment = a_payment()

    changed = change_instalment(
        payment, amount=Decimal("100000.01"), due_on=WINTER, actor=fay_finance, at=APPROVED_AT, version=payment.version
    )

    assert (changed.amount, changed.due_on, changed.version) == (Decimal("100000.01"), WINTER, payment.version + 1)
    assert year_of(payment).scheduled == Decimal("100000.01")
    assert Entry.objects.latest("sequence").summary == ("$250,000, due 1 Jul 2027, is now $100,000.01, due 3 Jan 2028.")


def test_instalment_split_keeps_the_sum_and_every_condition(fay_finance, omar_officer):
    payment = a_payment()
    condition = add_condition(payment, "The board has met.", actor=omar_officer, at=APPROVED_AT)
    meet(condition, actor=omar_officer, at=APPROVED_AT)

    part = split_instalment(payment, amount=Decimal("0.01"), due_on=WINTER, actor=fay_finance, at=APPROVED_AT)

    payment.refresh_from_db()
    assert (payment.amount, part.amount, part.number) == (FULL_YEAR - Decimal("0.01"), Decimal("0.01"), 2)
    assert year_of(payment).scheduled == FULL_YEAR
    told = [(each.kind, each.text, each.met_at, each.met_by_id) for each in payment.conditions.all()]
    assert told == [(each.kind, each.text, each.met_at, each.met_by_id) for each in part.conditions.all()]
    assert Entry.objects.filter(verb="split").count() == 2


@pytest.mark.parametrize(
    ("act", "amount", "due_on", "words"),
    [
        (
            change_instalment,
            "250000.01",
            WINTER,
            "2027-28 has $250,000 left to schedule. This is $0.01 more than that.",
        ),
        (change_instalment, "0", WINTER, "Enter an amount above zero."),
        (change_instalment, "1", date(2027, 6, 30), "2027-28 starts on 1 Jul 2027. Choose that day or a later one."),
        (split_instalment, "250000", WINTER, "The payment is $250,000. Split off less than that."),
        (split_instalment, "0", WINTER, "Enter an amount above zero."),
    ],
)
def test_instalment_with_impossible_facts_is_refused(act, amount, due_on, words, fay_finance):
    payment = a_payment()

    with pytest.raises(ValidationError) as error:
        act(payment, amount=Decimal(amount), due_on=due_on, actor=fay_finance, at=APPROVED_AT)

    assert words in error.value.messages
    assert year_of(payment).scheduled == FULL_YEAR


@pytest.mark.parametrize("act", [change_instalment, split_instalment])
@pytest.mark.parametrize("state", [each for each in PaymentState if each != S.SCHEDULED])
def test_instalment_that_is_not_scheduled_stays(act, state, fay_finance):
    with pytest.raises(Refused, match="Only a scheduled payment changes its amount or day"):
        act(a_payment(state=state), amount=Decimal(1), due_on=WINTER, actor=fay_finance, at=APPROVED_AT)


@pytest.mark.parametrize("act", [change_instalment, split_instalment])
@pytest.mark.parametrize("person", ["omar_officer", "dina_director", "otto_auditor", "lea_site_lead"])
def test_instalment_is_changed_by_finance_only(act, person, request):
    with pytest.raises(Refused, match="Only finance officers"):
        act(a_payment(), amount=Decimal(1), due_on=WINTER, actor=request.getfixturevalue(person), at=APPROVED_AT)


def test_instalment_changed_meanwhile_is_stale(fay_finance):
    payment = a_payment()
    change_instalment(payment, amount=Decimal(1), due_on=WINTER, actor=fay_finance, at=APPROVED_AT)

    with pytest.raises(Stale):
        change_instalment(
            payment, amount=Decimal(2), due_on=WINTER, actor=fay_finance, at=APPROVED_AT, version=payment.version
        )


def test_instalment_of_an_award_that_ended_stays(fay_finance, finn_finance, dina_director):
    """It was released before the end and stopped since: it is paid as it is, or cancelled."""
    payment = a_payment(state=S.CLEARED, preparer=fay_finance, releaser=finn_finance)
    AWARD.perform(payment.award_year.award, "terminate", actor=dina_director, at=APPROVED_AT, comment="It left.")
    Payment.objects.filter(pk=payment.pk).update(
        state=S.SCHEDULED, prepared_by=None, prepared_at=None, released_by=None, released_at=None
    )

    with pytest.raises(Refused, match="Only an active award gets payments"):
        change_instalment(payment, amount=Decimal(1), due_on=WINTER, actor=fay_finance, at=APPROVED_AT)


def test_year_refuses_more_than_it_has_even_without_the_domain():
    year = an_award().years.first()

    with pytest.raises(IntegrityError), transaction.atomic():
        book(year, Decimal("0.01"))
