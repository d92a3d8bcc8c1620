"""The reports in an award's five years."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from grants.domain.queries.timeline import TimelineItem, provides_timeline
from grants.models import Award
from portal.states import look_of
from reporting.enums import ReportState
from reporting.models import AnnualReport


@provides_timeline
def reports_of(award: Award, at: datetime) -> Iterator[TimelineItem]:
    """Every year's report: on its due date until it was submitted, then on that day."""
    for report in AnnualReport.objects.filter(award_year__award=award).select_related("award_year"):
        year = report.award_year
        accepted = report.state == ReportState.ACCEPTED
        yield TimelineItem(
            year=year.number,
            on=timezone.localdate(report.submitted_at) if report.submitted_at else report.due_on,
            text=f"Annual report {report.reference}",
            url=reverse("reporting:report-detail", args=[report.reference]),
            state_words=report.get_state_display(),
            look=look_of(report.state),
            unfinished="" if accepted else f"The annual report for {year.school_year} is not accepted yet.",
            due_on=report.due_on,
            is_late=report.submitted_at is None and report.due_on < timezone.localdate(at),
        )
