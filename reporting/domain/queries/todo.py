"""What reports ask of a person: the team to write or answer, the officer to read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from portal.accounts.enums import Role
from portal.todo import Todo, provides_todos
from reporting.enums import ReportState
from reporting.models import AnnualReport
from sites.enums import SeatRole

# A report whose school year is not over yet is not asked for; this long before the due date it is.
AHEAD = timedelta(days=90)
MOST = 50


@provides_todos
def reports_to_write(user: Any, at: datetime) -> Iterator[Todo]:
    """The reports of a lead's sites that are due soon or overdue, and those that came back with questions."""
    sites = [site for site, role in user.seat_roles.items() if role == SeatRole.LEAD]
    if not sites:
        return
    soon = timezone.localdate(at) + AHEAD
    mine = AnnualReport.objects.visible_to(user).filter(site__in=sites).select_related("site", "award_year")
    for report in mine.filter(state=ReportState.RETURNED)[:MOST]:
        yield _todo("Answer the questions on the report", report)
    for report in mine.filter(state=ReportState.DRAFT, due_on__lte=soon)[:MOST]:
        yield _todo("Write the annual report", report)


@provides_todos
def reports_to_read(user: Any, at: datetime) -> Iterator[Todo]:
    """The submitted reports, for every program officer."""
    if Role.OFFICER not in user.roles:
        return
    submitted = AnnualReport.objects.filter(state=ReportState.SUBMITTED).select_related("site", "award_year")
    for report in submitted.order_by("submitted_at", "pk")[:MOST]:
        yield _todo("Read the annual report", report)


def _todo(verb: str, report: AnnualReport) -> Todo:
    text = f"{verb} for {report.award_year.school_year}"
    return Todo(text, reverse("reporting:report-detail", args=[report.reference]), str(report.site), report.due_on)
