"""What awards and payments ask of a person: the officer to record an agreement, finance to prepare, release, record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from grants.domain.queries.payment import in_queue
from grants.enums import AwardState
from grants.models import Award, Payment
from portal.accounts.enums import Role
from portal.money import dollars
from portal.todo import Todo, provides_todos

# A payment that is ready appears this long before its day, so that two people have time for it.
AHEAD = timedelta(days=30)
MOST = 50


@provides_todos
def agreements_to_record(user: Any, at: datetime) -> Iterator[Todo]:
    """The offered awards whose signed agreement is not recorded, for every program officer."""
    if Role.OFFICER not in user.roles:
        return
    for award in (
        Award.objects.filter(state=AwardState.OFFERED).select_related("site").order_by("offered_at", "pk")[:MOST]
    ):
        yield Todo(
            "Record the signed agreement",
            reverse("grants:award-detail", args=[award.reference]),
            f"{award.site}, {dollars(award.amount)}",
        )


@provides_todos
def payments_to_handle(user: Any, at: datetime) -> Iterator[Todo]:
    """What finance prepares, releases (never what this person prepared) and records as paid."""
    if Role.FINANCE not in user.roles:
        return
    payments = Payment.objects.select_related("award_year__award__site").order_by("due_on", "pk")
    yield from _todos(
        "Prepare the payment", in_queue(payments, "ready").filter(due_on__lte=timezone.localdate(at) + AHEAD)
    )
    yield from _todos("Release the payment", in_queue(payments, "prepared").exclude(prepared_by=user))
    yield from _todos("Record the payment once the bank has paid", in_queue(payments, "cleared"))


def _todos(text: str, payments: QuerySet) -> Iterator[Todo]:
    for payment in payments[:MOST]:
        yield Todo(
            text,
            reverse("grants:payment-detail", args=[payment.reference]),
            f"{dollars(payment.amount)}, {payment.award_year.award.site}, year {payment.award_year.number}",
            payment.due_on,
        )
