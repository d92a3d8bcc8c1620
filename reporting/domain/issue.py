"""Issuing the PDF of an accepted report: rendered outside of any transaction, then kept once and for ever."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError
from django.urls import reverse

from portal.activity.domain import record
from portal.documents.domain import issuing
from portal.jobs.domain import JobFailed
from portal.pdf.bounded import produce
from portal.pdf.render import RenderFailed
from reporting.domain.facts import facts_of
from reporting.models import IssuedReport, ReportSubmission
from reporting.pdf.annual_report import annual_report

STEPS = 3
PDF = "application/pdf"


def issue_report(
    submission: ReportSubmission, *, actor: Any, progress: Callable[..., None], finish: Callable[[dict], None]
) -> dict[str, str]:
    """Make and keep the one PDF of a submission; returns what the job says came of it.

    However often it runs, also twice at once, there is one: whoever comes second finds the first one's. `progress`
    takes done, total and a sentence; `finish` ends the job in the transaction that keeps the document.
    Raises JobFailed with a sentence when the document cannot be made.
    """
    made = IssuedReport.objects.filter(submission=submission).select_related("report").first()
    if made is not None:
        return outcome(made)
    report = submission.report
    accepted_at = report.accepted_at
    if accepted_at is None:
        raise JobFailed("This report is not accepted, so there is nothing to print.")
    progress(0, STEPS, "Putting the facts together")
    version = report.issues.count() + 1
    # The day of acceptance dates the document, so that the same report gives the same bytes whenever it is made.
    facts = facts_of(
        submission,
        version=version,
        issued_at=accepted_at,
        time_zone=report.award_year.award.round.time_zone,
        reply=report.reply,
    )
    progress(1, STEPS, "Setting the pages")
    try:
        content = produce(annual_report, facts, beat=lambda: progress(1, STEPS, "Setting the pages"))
    except RenderFailed as failure:
        raise JobFailed(str(failure)) from failure
    progress(2, STEPS, "Keeping the document")
    name = f"{report.reference}-v{version}.pdf"
    try:
        with issuing(name, content, PDF, at=accepted_at, actor=actor) as document:
            issue = IssuedReport.objects.create(
                report=report,
                submission=submission,
                version=version,
                document=document,
                sha256=document.sha256,
                issued_at=accepted_at,
            )
            finish(outcome(issue))
            summary = f"PDF of {report.reference} issued, version {version}."
            facts_logged = {"version": version, "sha256": document.sha256}
            record(report, "issue", actor=None, at=accepted_at, summary=summary, facts=facts_logged)
    except IntegrityError:
        # Another worker kept its copy first; ours was taken back with the transaction.
        issue = IssuedReport.objects.select_related("report").get(submission=submission)
    return outcome(issue)


def outcome(issue: IssuedReport) -> dict[str, str]:
    """Where the PDF is, for the job's page."""
    url = reverse("reporting:report-pdf", args=[issue.report.reference, issue.version])
    return {"url": url, "label": "Download the PDF"}
