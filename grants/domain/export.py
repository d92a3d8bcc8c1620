"""What leaves the portal as a table, and who took it along: personal data and what teams wrote in confidence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from grants import rules
from grants.domain.queries.review_progress import is_overdue, progress_of
from grants.models import FundingRound
from portal.access import demand
from portal.activity.domain import record
from portal.exports import csv_bytes
from portal.words import counted

_COLUMNS = ["Number", "Title", "Coalition", "Place", "State", "Round", "Asked for", "Submitted (UTC)", "Stage"]

_REVIEW_COLUMNS = [
    "Proposal", "Coalition", "Review", "Reviewer", "Address", "State", "Asked", "Due", "Submitted", "Stepped back",
    "Overdue",
]  # fmt: skip


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


def export_review_progress(round_: FundingRound, *, actor: Any, at: datetime) -> bytes:
    """Every review of a round with its reviewer and dates as a CSV file, never a mark; the log keeps who took it.

    Two queries, however many rows. Raises `Refused` unless somebody of the foundation asks.
    """
    demand(rules.may_read_as_staff(round_, actor))
    with transaction.atomic():
        rows = [
            [
                row.proposal.reference, row.proposal.site.name, each.reference, str(each.reviewer), each.reviewer.email,
                each.get_state_display(), *map(_day, (each.created_at, each.due_on, each.submitted_at, each.recused_at)),
                "yes" if is_overdue(each, timezone.localdate(at)) else "",
            ]
            for row in progress_of(round_, at).proposals
            for each in row.reviews
        ]  # fmt: skip
        record(
            round_, "export-review-progress", actor=actor, at=at, facts={"rows": len(rows)},
            summary=f"Took the table of {counted(len(rows), 'review')} along as a file.",
        )  # fmt: skip
    return csv_bytes(_REVIEW_COLUMNS, rows)


def _day(moment: datetime | date | None) -> str:
    if isinstance(moment, datetime):
        moment = timezone.localdate(moment)
    return moment.isoformat() if moment else ""


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
