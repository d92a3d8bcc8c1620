"""Taking the reconciliation along as a file: it may name awards nobody was told of yet, so the log keeps who did."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from grants import rules
from grants.domain.queries.reconciliation_table import Table, rows_for_export
from portal.access import demand
from portal.activity.domain import record
from portal.exports import Sheet, csv_bytes, workbook_bytes
from portal.words import counted

FORMS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def export_reconciliation(table: Table, form: str, *, narrowed: Mapping[str, str], actor: Any, at: datetime) -> bytes:
    """The table as one of `FORMS`, its sum in the last row. Raises `Refused` unless somebody of the foundation asks."""
    demand(rules.may_read_as_staff(None, actor))
    columns, rows = rows_for_export(table)
    with transaction.atomic():
        record(
            actor,
            "export-reconciliation",
            actor=actor,
            at=at,
            summary=f"Took the reconciliation of {counted(len(table.lines), 'line')} along as a file.",
            facts={
                "form": form,
                "by": table.grouping.key,
                **{name: value for name, value in narrowed.items() if value},
            },
        )
    if form == "csv":
        return csv_bytes(columns, rows)
    return workbook_bytes([Sheet("Reconciliation", columns, rows, widths=[44, 14, *[18] * (len(columns) - 2)])])
