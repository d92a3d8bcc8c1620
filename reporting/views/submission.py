"""Checking the answers, submitting once, and the confirmation."""

from __future__ import annotations

import uuid

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from portal.access import Refused
from reporting import rules
from reporting.domain.content import build
from reporting.domain.queries.reading import read_content
from reporting.domain.queries.report import section_statuses
from reporting.domain.report import submit_report
from reporting.forms.submit import SubmitForm
from reporting.views.charts import charted
from reporting.views.report import one_report
from reporting.views.steps import tasks


@require_http_methods(["GET", "HEAD", "POST"])
def report_submit(request, reference):
    """Everything on one page as staff will read it; the lead submits from here."""
    report = one_report(request, reference)
    form = SubmitForm(request.POST or None, initial={"key": uuid.uuid4().hex})
    status = 200
    if form.is_valid():
        try:
            submit_report(report, actor=request.user, at=request.arrived_at, key=form.cleaned_data["key"])
        except Refused as refusal:
            form.add_refusal(refusal)
            status = 409
        else:
            return redirect("reporting:report-submitted", reference)
    statuses = section_statuses(report)
    content = read_content(build(report))
    context = {
        "report": report,
        "content": content,
        "results": charted(content["indicators"]),
        "form": form,
        "with_team": report.is_open,
        "missing": [sentence for each in statuses for sentence in each.missing],
        "may_submit": rules.may_submit(report, request.user),
        "tasks": tasks(report, statuses, request.user),
        "crumbs": [
            ("Reports", reverse("reporting:report-list")),
            (report.reference, reverse("reporting:report-detail", args=[report.reference])),
        ],
    }
    return render(request, "reporting/report/check.html", context, status=status)


@require_safe
def report_submitted(request, reference):
    """The receipt of the last submission."""
    report = one_report(request, reference)
    submission = report.submissions.select_related("by").last()
    if submission is None:
        raise Http404
    return render(request, "reporting/report/submitted.html", {"report": report, "submission": submission})
