"""What leaves the portal as a table, and who took it along: personal data and what teams wrote in confidence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from grants import rules
from portal.access import demand
from portal.activity.domain import record
from portal.exports import csv_bytes
from portal.words import counted

_COLUMNS = ["Number", "Title", "Coalition", "Place", "State", "Round", "Asked for", "Submitted (UTC)", "Stage"]


def export_proposals(proposals: QuerySet, *, narrowed: Mapping[str, str], actor: Any, at: datetime) -> bytes:
    """These proposals as a CSV file, the newest first; the log keeps who took how many, and by which filters.

    One query, however many rows. Raises `Refused` unless somebody of the foundation asks.
    """
    demand(rules.may_read_as_staff(None, actor))
    with transaction.atomic():
        rows = [_row(each) for each in proposals.order_by("-pk").iterator(chunk_size=2000)]
        filters = {name: value for name, value in narrowed.items() if value}
        record(
            actor,
            "export-proposals",
            actor=actor,
            at=at,
            summary=f"Took the table of {counted(len(rows), 'proposal')} along as a file.",
            facts={"rows": len(rows), **filters},
        )
    return csv_bytes(_COLUMNS, rows)


def _row(proposal) -> list[object]:
    submitted = proposal.submitted_at
    return [
        proposal.reference,
        proposal.title,
        proposal.site.name,
        proposal.site.place,
        proposal.site.state,
        proposal.round.name,
        proposal.amount_requested,
        submitted.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") if submitted else "",
        proposal.get_state_display(),
    ]
