"""Batches of payments for the bank: what may go into one, what its files say, and how it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from grants.enums import PaymentState
from grants.models import AwardAllocation, Payment, PaymentBatch
from portal.apportion import shares
from portal.jobs.models import Job
from portal.money import total
from sites.identifiers import show_ein

FILES_JOB = "payment-batch-files"
# Payments in one batch: more than a bank's page takes at once, and few enough for one page of ours.
MOST = 500


@dataclass(frozen=True)
class Line:
    """A payment as the files of its batch say it, with its dollars by component."""

    reference: str
    payee: str
    ein: str
    tax_status: str
    amount: Decimal
    pay_on: date
    memo: str
    award: str
    site: str
    school_year: str
    by_component: tuple[tuple[str, Decimal], ...]

    def stored(self) -> dict[str, Any]:
        """The line as JSON can hold it, so that a job says what was decided and not what stands there later."""
        components = [[name, str(amount)] for name, amount in self.by_component]
        return {**vars(self), "amount": str(self.amount), "pay_on": str(self.pay_on), "by_component": components}

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Line:
        """The line that `stored` wrote down."""
        components = tuple((name, Decimal(amount)) for name, amount in stored["by_component"])
        day, amount = date.fromisoformat(stored["pay_on"]), Decimal(stored["amount"])
        return cls(**{**stored, "amount": amount, "pay_on": day, "by_component": components})


def ready_for_batch(payments: QuerySet) -> QuerySet:
    """The payments that may go into the next batch: released, and in none yet; the earliest due first."""
    return payments.filter(state=PaymentState.CLEARED, batch=None).order_by("due_on", "pk")


def lines_of(payments: Iterable[Payment], on: date) -> list[Line]:
    """What the files say of payments (with award year, award and site at hand) that go to the bank on a day.

    Each amount is divided by what the award year gives to each component, to the cent. One query.
    """
    payments = list(payments)
    allocations: dict[int, list[tuple[str, Decimal]]] = {}
    found = AwardAllocation.objects.filter(award_year__in={each.award_year_id for each in payments})
    for year, name, amount in found.order_by("component__position").values_list(
        "award_year", "component__name", "amount"
    ):
        allocations.setdefault(year, []).append((name, amount))
    return [_line(each, allocations.get(each.award_year_id, []), on) for each in payments]


def _line(payment: Payment, allocations: list[tuple[str, Decimal]], on: date) -> Line:
    year = payment.award_year
    parts = shares(payment.amount, [amount for _, amount in allocations])
    return Line(
        reference=payment.reference,
        payee=payment.payee_name,
        ein=show_ein(payment.payee_ein),
        tax_status=payment.get_payee_tax_status_display(),
        amount=payment.amount,
        pay_on=max(payment.due_on, on),
        memo=f"Grant {year.award.reference} year {year.number}",
        award=year.award.reference,
        site=year.award.site.name,
        school_year=year.school_year,
        by_component=tuple(zip((name for name, _ in allocations), parts, strict=True)),
    )


def listed(batches: QuerySet) -> QuerySet:
    """The batches with how many of their payments the bank has still to make (`open`) and has made (`paid`)."""
    return batches.select_related("made_by").annotate(
        open=Count("payments", filter=Q(payments__state=PaymentState.CLEARED)),
        paid=Count("payments", filter=Q(payments__state=PaymentState.PAID)),
    )


def files_job(batch: PaymentBatch) -> Job | None:
    """The latest job that makes the files of a batch."""
    return Job.objects.filter(kind=FILES_JOB, key=batch.reference).first()


def left_behind(batch: PaymentBatch) -> tuple[int, Decimal]:
    """How many payments left the batch since it was made, and their dollars: they stand in its files all the same."""
    stays = batch.payments.aggregate(count=Count("pk"), amount=total("amount"))
    return batch.count - stays["count"], batch.amount - stays["amount"]


def next_words(batch: PaymentBatch, open_count: int, left: int) -> list[str]:
    """What happens next with a batch, in sentences."""
    words = []
    if batch.bank_file is None or batch.journal is None:
        words.append("Its files are being made. They are here in a moment.")
    elif open_count:
        words.append("Send the bank file, book the journal, and record the payments once the bank has made them.")
    else:
        words.append("Nothing of this batch is waiting at the bank.")
    if left:
        words.append(
            f"{left} payment{'s' if left > 1 else ''} left this batch after its files were made. "
            "Take it out at the bank, and reverse it in accounting if the journal is booked."
        )
    return words
