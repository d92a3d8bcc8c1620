"""The chapter of a hand-over that reports contribute: those to write, and those that came back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from portal.handover import Chapter, Line, provides_hand_over
from reporting.domain.queries.todo import AHEAD
from reporting.enums import ReportState
from reporting.models import AnnualReport
from sites.models import Site

MOST = 10


@provides_hand_over
def reports(site: Site, at: datetime) -> Iterator[Chapter]:
    """Reports that are due soon or overdue, that came back with questions, or that the foundation reads now."""
    soon = timezone.localdate(at) + AHEAD
    rows = AnnualReport.objects.filter(site=site).select_related("site", "award_year").order_by("due_on", "pk")
    told = [
        *((row, "answer the questions on it") for row in rows.filter(state=ReportState.RETURNED)[:MOST]),
        *((row, "write it") for row in rows.filter(state=ReportState.DRAFT, due_on__lte=soon)[:MOST]),
        *((row, "submitted, the foundation reads it") for row in rows.filter(state=ReportState.SUBMITTED)[:MOST]),
    ]
    yield Chapter(
        "Annual reports",
        tuple(
            Line(
                f"Report for {row.award_year.school_year}: {words}",
                reverse("reporting:report-detail", args=[row.reference]),
                row.due_on,
            )
            for row, words in told
        ),
    )
