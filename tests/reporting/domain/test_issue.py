"""The issued PDF: one a submission, the same bytes each time, and nothing in it about small groups."""

import pypdfium2
import pytest
from django.db import IntegrityError, transaction

from portal.documents.models import Document
from portal.jobs.domain import JobFailed, run
from portal.jobs.models import Job
from portal.pdf.bounded import produce
from reporting import tasks  # noqa: F401 - registers the handler, as a worker does
from reporting.domain.facts import facts_of
from reporting.domain.issue import issue_report, outcome
from reporting.models import IssuedReport
from reporting.pdf.annual_report import annual_report
from tests.factories.reports import REPORTED_AT, an_accepted_report

pytestmark = pytest.mark.django_db


def issue_once(report, during=lambda: None):
    """Issue the report's PDF with a stand-in for its job; `during` happens while the pages are set."""
    said = []

    def progress(done, total, message=""):
        said.append(done)
        if done == 2:
            during()

    issue_report(
        report.submissions.last(),
        actor=report.accepted_by,
        progress=progress,
        finish=lambda result: said.append(result),
    )
    return said


def test_issue_job_ends_with_one_immutable_document():
    report = an_accepted_report()

    job = run(str(Job.objects.get().pk))

    issue = report.issues.get()
    assert job.outcome == outcome(issue) == {"url": f"/reports/{report.reference}/pdf/1/", "label": "Download the PDF"}
    assert (issue.version, issue.sha256, issue.issued_at) == (1, issue.document.sha256, REPORTED_AT)
    assert issue.document.issued
    with pytest.raises(IntegrityError), transaction.atomic():
        IssuedReport.objects.update(version=2)


def test_issue_pdf_says_the_figures_of_the_counts():
    report = an_accepted_report()
    issue_once(report)

    with report.issues.get().document.file.open("rb") as file:
        pages = pypdfium2.PdfDocument(file.read())
    text = " ".join(page.get_textpage().get_text_range() for page in pages)

    for words in ("42.0 %", "9.7 %", "32.3 points", "$250,000", "District and Local Union Capacity and Collaboration",
                  "Family and Community Partnerships", "District and School Capacity and Coherence"):  # fmt: skip
        assert words in " ".join(text.split()), words


def test_issue_run_again_finds_the_first_one():
    report = an_accepted_report()

    issue_once(report)
    issue_once(report)

    assert report.issues.count() == Document.objects.count() == 1


def test_issue_two_workers_at_once_keep_one():
    report = an_accepted_report()

    issue_once(report, during=lambda: issue_once(report))

    assert report.issues.count() == Document.objects.count() == 1


def test_issue_same_submission_gives_the_same_bytes():
    report = an_accepted_report()
    facts = [
        facts_of(report.submissions.last(), version=1, issued_at=REPORTED_AT, time_zone="UTC", reply=report.reply)
        for _ in range(2)
    ]

    assert produce(annual_report, facts[0]) == produce(annual_report, facts[1])


def test_issue_document_that_cannot_be_made_fails_the_job_in_words(monkeypatch):
    report = an_accepted_report()
    monkeypatch.setattr("reporting.pdf.annual_report.TEMPLATE", "pdf/no_such_template.html")

    with pytest.raises(JobFailed, match="A fault in the portal"):
        issue_once(report)
    assert report.issues.count() == 0
