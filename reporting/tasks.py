"""What workers do for reports."""

from datetime import timedelta

from portal.jobs.domain import handles
from reporting.domain.issue import issue_report
from reporting.domain.report import PDF_JOB
from reporting.models import ReportSubmission


# The worker gives a sign of life every five seconds, so a dead one is noticed soon.
@handles(PDF_JOB, lease=timedelta(seconds=20))
def make_report_pdf(job, progress):
    """Issue the PDF of the submission the job names."""
    submission = ReportSubmission.objects.select_related("report__award_year__award__round").get(
        pk=job.facts["submission"]
    )
    return issue_report(submission, actor=job.created_by, progress=progress, finish=progress.finish)
