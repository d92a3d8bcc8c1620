"""Batches of payments for the bank: made once, paid together, their files taken along by name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from grants import rules
from grants.domain.payment_bulk import Outcome, one_by_one
from grants.domain.queries.batch import FILES_JOB, MOST, files_job, lines_of
from grants.enums import PaymentState
from grants.models import Payment, PaymentBatch
from grants.workflow import PAYMENT
from portal.access import Refused, demand
from portal.activity.domain import allocate, record
from portal.documents.models import Document
from portal.jobs.domain import enqueue
from portal.money import ZERO, dollars
from portal.record import lock_all
from portal.words import counted


def make_batch(references: Collection[str], *, actor: Any, at: datetime) -> PaymentBatch:
    """Put cleared payments into a batch, all of them or none, and ask for its files.

    Locks the payments in primary-key order, so that each is in one batch at most however many people press the
    button. What the files will say is frozen with the job. Raises `Refused`: not finance, nothing chosen, too many,
    or one of them is not cleared any more or in a batch already (each named).
    """
    demand(rules.may_batch_payments(None, actor))
    if not references:
        raise Refused("Choose at least one payment.")
    if len(references) > MOST:
        raise Refused(f"A batch holds {MOST} payments at most. Choose fewer, and put the rest into the next one.")
    with transaction.atomic():
        payments = lock_all(Payment.objects.filter(reference__in=references))
        reasons = [reason for each in payments if (reason := _why_not(each))]
        if len(payments) != len(set(references)):
            reasons.append("One of these payments does not exist.")
        if reasons:
            raise Refused(*reasons)
        amount = sum((each.amount for each in payments), ZERO)
        batch = PaymentBatch.objects.create(
            reference=allocate("B", timezone.localtime(at).year),
            created_at=at,
            made_by=actor,
            amount=amount,
            count=len(payments),
        )
        chosen = Payment.objects.filter(pk__in=[each.pk for each in payments])
        chosen.update(batch=batch, version=F("version") + 1)
        lines = lines_of(chosen.select_related("award_year__award__site").order_by("pk"), timezone.localdate(at))
        _ask(batch, [each.stored() for each in lines], actor)
        record(
            batch,
            "make",
            actor=actor,
            at=at,
            summary=f"Put {counted(len(payments), 'payment')}, {dollars(amount)}, into a batch.",
            facts={"payments": [each.reference for each in payments], "amount": amount},
        )
    return batch


def make_files_again(batch: PaymentBatch, *, actor: Any) -> None:
    """Ask once more for files whose job failed, with what was decided then. Raises `Refused` when none is missing."""
    demand(rules.may_batch_payments(batch, actor))
    job = files_job(batch)
    if job is None or (batch.bank_file_id and batch.journal_id):
        raise Refused("Both files of this batch are there.")
    _ask(batch, job.facts["lines"], actor)


def record_batch_paid(
    batch: PaymentBatch, bank_references: Mapping[str, str], *, paid_on: date, actor: Any, at: datetime
) -> list[Outcome]:
    """Record that the bank made payments of a batch on one day. Each by itself: one that is refused stops no other.

    `bank_references` are the bank's references by the payment's. Raises `Refused` unless a finance officer asks.
    """
    demand(rules.may_prepare_payments(batch, actor))
    payments = batch.payments.filter(reference__in=bank_references).select_related("award_year__award__site")

    def pay(payment: Payment) -> None:
        PAYMENT.perform(
            payment, "record_paid", actor=actor, at=at, paid_on=paid_on,
            bank_reference=bank_references[payment.reference],
        )  # fmt: skip

    return one_by_one(payments.order_by("due_on", "pk"), pay, "Recorded as paid.")


def take_file(batch: PaymentBatch, kind: str, *, actor: Any, at: datetime) -> Document:
    """The bank file or the journal of a batch; the log keeps who took it. Raises `Refused`, also when it is not there."""
    demand(rules.may_export_payments(batch, actor))
    document = {"bank": batch.bank_file, "journal": batch.journal}[kind]
    if document is None:
        raise Refused("This file is still being made. Try again in a moment.")
    with transaction.atomic():
        record(
            batch,
            f"take-{kind}",
            actor=actor,
            at=at,
            summary=f"Took {document.name} along.",
            facts={"sha256": document.sha256},
        )
    return document


def _why_not(payment: Payment) -> str:
    if payment.state != PaymentState.CLEARED:
        return f"{payment.reference} is {payment.get_state_display().lower()}, so it cannot go to the bank."
    return f"{payment.reference} is in another batch already." if payment.batch_id else ""


def _ask(batch: PaymentBatch, lines: list[dict[str, Any]], actor: Any) -> None:
    enqueue(FILES_JOB, actor=actor, key=batch.reference, title=f"Files of batch {batch}", batch=batch.pk, lines=lines)
