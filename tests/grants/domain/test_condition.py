"""Conditions in words: a payment waits for them until somebody says they are met."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from grants.domain.condition import add_condition, meet, open_again, remove
from grants.domain.queries.payment import in_queue, obstacles_to_paying
from grants.enums import ConditionKind, PaymentState
from grants.models import Payment, PaymentCondition
from grants.workflow import PAYMENT
from portal.access import Refused
from portal.activity.models import Entry
from portal.record import Stale
from tests.factories.awards import APPROVED_AT, a_payment

pytestmark = pytest.mark.django_db
WORDS = "The board has confirmed the evaluator."


def test_payment_waits_for_a_condition_in_words_until_it_is_met(omar_officer, fay_finance):
    payment = a_payment()
    condition = add_condition(payment, f" {WORDS} ", actor=omar_officer, at=APPROVED_AT, version=payment.version)

    assert obstacles_to_paying(payment) == [f"Not met yet: {WORDS}"]
    assert list(in_queue(Payment.objects.filter(pk=payment.pk), "waiting")) == [payment]
    with pytest.raises(Refused, match="Not met yet"):
        PAYMENT.perform(payment, "prepare", actor=fay_finance, at=APPROVED_AT)

    meet(condition, actor=fay_finance, at=APPROVED_AT)
    condition.refresh_from_db()

    assert (condition.met_by, condition.met_at) == (fay_finance, APPROVED_AT)
    assert obstacles_to_paying(payment) == []
    assert [each.verb for each in Entry.objects.of(payment)][:2] == ["meet_condition", "add_condition"]


def test_condition_is_opened_again_and_taken_away(fay_finance):
    payment = a_payment()
    condition = add_condition(payment, WORDS, actor=fay_finance, at=APPROVED_AT)
    meet(condition, actor=fay_finance, at=APPROVED_AT)
    with pytest.raises(Refused, match="met already"):
        meet(condition, actor=fay_finance, at=APPROVED_AT)

    open_again(condition, actor=fay_finance, at=APPROVED_AT)
    assert obstacles_to_paying(payment) == [f"Not met yet: {WORDS}"]
    with pytest.raises(Refused, match="not met yet"):
        open_again(condition, actor=fay_finance, at=APPROVED_AT)
    remove(condition, actor=fay_finance, at=APPROVED_AT)

    assert obstacles_to_paying(payment) == []
    assert Entry.objects.latest("sequence").summary == f"No longer waits for: {WORDS}"


@pytest.mark.parametrize("act", [meet, open_again, remove])
def test_condition_of_a_prepared_payment_stays(act, fay_finance):
    payment = a_payment()
    condition = add_condition(payment, WORDS, actor=fay_finance, at=APPROVED_AT)
    meet(condition, actor=fay_finance, at=APPROVED_AT)
    a_payment(payment, state=PaymentState.PREPARED)

    with pytest.raises(Refused, match="Conditions change only before a payment is prepared"):
        act(condition, actor=fay_finance, at=APPROVED_AT)
    with pytest.raises(Refused, match="Conditions change only before a payment is prepared"):
        add_condition(payment, "More.", actor=fay_finance, at=APPROVED_AT)


def test_condition_the_portal_sees_itself_is_not_for_people(fay_finance):
    condition = a_payment().conditions.get(kind=ConditionKind.AGREEMENT_SIGNED)

    with pytest.raises(Refused, match="The portal itself sees"):
        open_again(condition, actor=fay_finance, at=APPROVED_AT)


@pytest.mark.parametrize("person", ["dina_director", "otto_auditor", "lea_site_lead", "ada_admin"])
def test_condition_is_for_finance_and_officers(person, request):
    with pytest.raises(Refused, match="Only finance and program officers"):
        add_condition(a_payment(), WORDS, actor=request.getfixturevalue(person), at=APPROVED_AT)


def test_condition_without_words_or_on_an_old_version_is_refused(fay_finance):
    payment = a_payment()
    with pytest.raises(ValidationError):
        add_condition(payment, "  ", actor=fay_finance, at=APPROVED_AT)
    add_condition(payment, WORDS, actor=fay_finance, at=APPROVED_AT)

    with pytest.raises(Stale):
        add_condition(payment, WORDS, actor=fay_finance, at=APPROVED_AT, version=payment.version)


@pytest.mark.parametrize(("kind", "text"), [(ConditionKind.OTHER, ""), (ConditionKind.REPORT_ACCEPTED, "Words.")])
def test_condition_that_says_nothing_or_too_much_cannot_exist(kind, text):
    payment = a_payment()

    with pytest.raises(IntegrityError):
        PaymentCondition.objects.create(payment=payment, kind=kind, text=text)
