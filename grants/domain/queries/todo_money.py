"""What payments ask of a person: finance to prepare, release, send to the bank and record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils import timezone

from grants.domain.queries.batch import ready_for_batch
from grants.domain.queries.payment import in_queue
from grants.enums import PaymentState
from grants.models import Payment, PaymentBatch
from portal.accounts.enums import Role
from portal.money import dollars, total
from portal.todo import Todo, provides_todos
from portal.words import counted

# A payment that is ready appears this long before its day, so that two people have time for it.
AHEAD = timedelta(days=30)
MOST = 50


@provides_todos
def payments_to_handle(user: Any, at: datetime) -> Iterator[Todo]:
    """What finance prepares, releases (never what this person prepared), sends to the bank and records as paid."""
    if Role.FINANCE not in user.roles:
        return
    payments = Payment.objects.select_related("award_year__award__site").order_by("due_on", "pk")
    yield from _todos(
        "Prepare the payment", in_queue(payments, "ready").filter(due_on__lte=timezone.localdate(at) + AHEAD)
    )
    yield from _todos("Release the payment", in_queue(payments, "prepared").exclude(prepared_by=user))
    yield from _next_batch()
    yield from _batches_at_the_bank()


def _next_batch() -> Iterator[Todo]:
    ready = ready_for_batch(Payment.objects.all()).order_by()
    sums = ready.aggregate(count=Count("pk"), amount=total("amount"), due=Min("due_on"))
    if sums["count"]:
        yield Todo(
            "Put cleared payments into a batch for the bank",
            reverse("grants:batch-new"),
            f"{counted(sums['count'], 'payment')}, {dollars(sums['amount'])}",
            sums["due"],
        )


def _batches_at_the_bank() -> Iterator[Todo]:
    batches = PaymentBatch.objects.filter(payments__state=PaymentState.CLEARED).order_by("pk")
    found = batches.annotate(open=Count("payments"), waiting=total("payments__amount"))
    for batch in found[:MOST]:
        yield Todo(
            "Record what the bank paid",
            reverse("grants:batch-detail", args=[batch.reference]),
            f"Batch {batch}, {counted(batch.open, 'payment')}, {dollars(batch.waiting)}",
        )


def _todos(text: str, payments: QuerySet) -> Iterator[Todo]:
    for payment in payments[:MOST]:
        yield Todo(
            text,
            reverse("grants:payment-detail", args=[payment.reference]),
            f"{dollars(payment.amount)}, {payment.award_year.award.site}, year {payment.award_year.number}",
            payment.due_on,
        )
