"""The list of reports, and one report: a workspace for its team, a record for staff."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal import keyset
from portal.activity.domain import timeline
from portal.jobs.models import Job
from reporting import rules
from reporting.domain.queries.reading import read_content
from reporting.domain.queries.report import section_statuses
from reporting.domain.report import PDF_JOB
from reporting.enums import ReportState
from reporting.forms.filter import ReportFilter
from reporting.models import AnnualReport
from reporting.views.charts import charted
from reporting.views.steps import next_step, staff_next, tasks
from reporting.workflow import REPORT


def told(reports):
    """The reports with everything that a list or page says of them."""
    return reports.select_related("site", "award_year__award__round", "accepted_by")


def one_report(request, reference) -> AnnualReport:
    """The report, for those who may see it; else a 404."""
    return get_object_or_404(told(AnnualReport.objects.visible_to(request.user)), reference=reference)


@require_safe
def report_list(request):
    """Every report a person may see, the earliest due first."""
    found = ReportFilter(request.GET, AnnualReport.objects.visible_to(request.user), request=request)
    page = keyset.page(told(found.qs), request, moment="due_on", oldest_first=True)
    context = {
        "form": found.form,
        "page": page,
        "today": timezone.localdate(request.arrived_at),
        "is_staff": request.user.is_foundation_staff,
    }
    return render(request, "reporting/report/list.html", context)


@require_safe
def report_detail(request, reference):
    """The team's workspace, or what staff read and answer."""
    report = one_report(request, reference)
    page = _record if request.user.is_foundation_staff else _workspace
    context = {
        "report": report,
        "year": report.award_year,
        "today": timezone.localdate(request.arrived_at),
        "history": timeline(report, 12),
        **_pdf(report, request.user),
    }
    return page(request, report, context)


def _workspace(request, report, context):
    statuses = section_statuses(report)
    context |= {
        "with_team": report.is_open,
        "next": next_step(report, statuses, request.user),
        "tasks": tasks(report, statuses, request.user),
        "complete": sum(each.complete for each in statuses),
    }
    return render(request, "reporting/report/workspace.html", context)


def _record(request, report, context):
    submissions = list(report.submissions.select_related("by"))
    content = read_content(submissions[-1].content) if submissions else None
    before = _year_before(report)
    context |= {
        "next": staff_next(report),
        "submissions": submissions,
        "content": content,
        "results": charted(content["indicators"]) if content else [],
        "before": read_content(before.content) if before else None,
        "offers": REPORT.offered(report, request.user),
    }
    return render(request, "reporting/report/record.html", context)


def _year_before(report: AnnualReport):
    """What the site submitted last for the year before, or None."""
    year = report.award_year
    before = AnnualReport.objects.filter(award_year__award=year.award_id, award_year__number=year.number - 1).first()
    return before.submissions.last() if before else None


def _pdf(report: AnnualReport, user) -> dict:
    """The issued PDF, or the job that makes it; a team that may not see the job is told that it is being made."""
    issue = report.issues.first()
    job = None
    if issue is None and report.state == ReportState.ACCEPTED:
        submission = report.submissions.latest("number")
        jobs = Job.objects.visible_to(user).filter(kind=PDF_JOB, key=str(submission.pk))
        job = jobs.order_by("-created_at").first()
    again = job is not None and not job.is_live and bool(rules.may_ask_for_pdf(report, user))
    return {"issue": issue, "job": job, "pdf_awaited": report.state == ReportState.ACCEPTED, "pdf_again": again}
