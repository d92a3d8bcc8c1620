"""The two files of a batch: what the bank imports, and what accounting books. Workers alone write them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from grants.domain.queries.batch import Line
from grants.models import PaymentBatch
from portal.documents.domain import issuing
from portal.exports import csv_bytes
from portal.record import lock

CSV = "text/csv; charset=utf-8"
BANK_COLUMNS = ("Reference", "Payee", "EIN", "Amount", "Pay on", "Memo")
JOURNAL_COLUMNS = (
    "Entry", "Date", "Account", "Debit", "Credit", "Payment", "Payee", "EIN", "Tax status", "Award", "Site",
    "School year", "Component", "Memo",
)  # fmt: skip


def make_batch_files(
    batch: PaymentBatch, lines: Iterable[Line], *, actor: Any, at: datetime, progress: Callable[..., None]
) -> dict[str, str]:
    """Make and keep the files a batch lacks, for good. However often it runs, there is one of each."""
    lines = list(lines)
    files = (
        ("bank_file", "bank", bank_csv(lines)),
        ("journal", "journal", journal_csv(batch.reference, timezone.localdate(batch.created_at), lines)),
    )
    for done, (field, name, content) in enumerate(files):
        progress(done, len(files), f"Writing the {name} file")
        if getattr(PaymentBatch.objects.get(pk=batch.pk), field) is None:
            _keep(batch, field, f"{batch.reference}-{name}.csv", content, actor=actor, at=at)
    progress(len(files), len(files))
    return {"url": reverse("grants:batch-detail", args=[batch.reference]), "label": "See the files"}


def _keep(batch: PaymentBatch, field: str, name: str, content: bytes, *, actor: Any, at: datetime) -> None:
    with issuing(name, content, CSV, at=at, actor=actor) as document:
        row = lock(batch)
        setattr(row, field, document)
        row.version += 1
        row.save(update_fields=[field, "version"])


def bank_csv(lines: Iterable[Line]) -> bytes:
    """One row a payment. No line of sums: a bank's import takes every row after the first for a payment.

    Without the mark spreadsheets look for, which an import would read as part of the first column's name.
    """
    rows = ([each.reference, each.payee, each.ein, each.amount, each.pay_on, each.memo] for each in lines)
    return csv_bytes(BANK_COLUMNS, rows, mark=False)


def journal_csv(entry: str, on: date, lines: Iterable[Line]) -> bytes:
    """Double entry: the grants account is debited for each component, cash credited for each payment. It balances."""
    rows: list[list[object]] = []
    for each in lines:
        about = [each.reference, each.payee, each.ein, each.tax_status, each.award, each.site, each.school_year]
        for component, amount in each.by_component:
            if amount:
                rows.append([entry, on, settings.JOURNAL_GRANTS_ACCOUNT, amount, "", *about, component, each.memo])
        rows.append([entry, on, settings.JOURNAL_CASH_ACCOUNT, "", each.amount, *about, "", each.memo])
    return csv_bytes(JOURNAL_COLUMNS, rows)
