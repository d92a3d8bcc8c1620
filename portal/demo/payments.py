"""What finance does in the demo beyond the plain way: a batch for the bank, money that came back, a year in two parts."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from grants.domain.batch import make_batch, record_batch_paid
from grants.domain.condition import add_condition
from grants.domain.instalment import split_instalment
from grants.domain.refund import record_refund
from grants.models import Award, Payment
from grants.workflow import PAYMENT
from portal.demo.story import Company, Line, instant
from portal.money import CENT

EVALUATOR = "The board has confirmed the outside evaluator of years three to five."


def pay_in_batch(company: Company, award: Award, number: int) -> Line:
    """One award year's payments: prepared, released, sent to the bank in a batch, and made."""
    payments = list(Payment.objects.filter(award_year__award=award, award_year__number=number))
    due = payments[0].due_on
    at = yield instant(due + timedelta(days=70))
    for payment in payments:
        PAYMENT.perform(payment, "prepare", actor=company.fay, at=at)
    at = yield instant(due + timedelta(days=71))
    for payment in payments:
        PAYMENT.perform(payment, "release", actor=company.finn, at=at)
    at = yield instant(due + timedelta(days=71), 15)
    batch = make_batch([each.reference for each in payments], actor=company.finn, at=at)
    at = yield instant(due + timedelta(days=74))
    references = {each.reference: f"ACH {award.pk:03d}-{number}" for each in payments}
    record_batch_paid(batch, references, paid_on=at.date(), actor=company.fay, at=at)


def came_back(company: Company, award: Award, number: int) -> Line:
    """Some of an award year's money was not needed."""
    payment = Payment.objects.select_related("award_year").get(award_year__award=award, award_year__number=number)
    at = yield instant(payment.award_year.ends_on + timedelta(days=65))
    record_refund(
        payment, amount=Decimal("4250"), received_on=at.date() - timedelta(days=1), bank_reference="DEP 20418",
        reason="The summer institute was paid by the district in the end.", actor=company.fay, at=at,
    )  # fmt: skip


def in_two_parts(company: Company, award: Award, number: int, *, after: timedelta) -> Line:
    """An award year is paid in two parts, the second once something has happened that only people can see."""
    payment = Payment.objects.select_related("award_year").get(award_year__award=award, award_year__number=number)
    at = yield instant(payment.award_year.starts_on + after)
    half = (payment.amount / 2).quantize(CENT)
    later = payment.due_on + timedelta(days=184)
    part = split_instalment(payment, amount=half, due_on=later, actor=company.fay, at=at)
    add_condition(part, EVALUATOR, actor=company.omar, at=at)
