"""An annual report from the day of award to its acceptance."""

from datetime import datetime, timedelta

from django.db import transaction
from django.dispatch import receiver

from grants.domain.payment import meet_condition
from grants.enums import ConditionKind
from grants.models import Award, AwardYear
from grants.signals import award_made
from portal.access import Refused, demand
from portal.activity.domain import allocate, record
from portal.jobs.domain import enqueue
from portal.jobs.models import Job
from portal.mail.domain import send
from portal.money import ZERO
from portal.record import lock
from reporting import rules
from reporting.domain.content import build, digest
from reporting.models import (
    AnnualReport,
    ComponentProgress,
    MilestoneOutcome,
    ReportSubmission,
    Spending,
)
from reporting.workflow import REPORT
from sites.models import Component

PDF_JOB = "report-pdf"


@receiver(award_made)
def open_reports(sender, award: Award, actor, at: datetime, **kwargs) -> None:
    """Make the five reports of a new award, each with its due date, budget and promised milestones."""
    components = list(Component.objects.all())
    promised: dict[int, list] = {}
    for milestone in award.proposal.milestones.all():
        promised.setdefault(milestone.year, []).append(milestone)
    days = timedelta(days=award.round.report_due_days)
    for year in award.years.prefetch_related("allocations"):
        report = AnnualReport.objects.create(
            reference=allocate("AR", year.ends_on.year),
            award_year=year,
            site=award.site,
            due_on=year.ends_on + days,
            created_at=at,
        )
        budgets = {each.component_id: each.amount for each in year.allocations.all()}
        ComponentProgress.objects.bulk_create(ComponentProgress(report=report, component=each) for each in components)
        Spending.objects.bulk_create(
            Spending(report=report, component=each, budget=budgets.get(each.pk, ZERO)) for each in components
        )
        MilestoneOutcome.objects.bulk_create(
            MilestoneOutcome(report=report, milestone=each) for each in promised.get(year.number, [])
        )


def submit_report(report: AnnualReport, *, actor, at: datetime, key: str) -> AnnualReport:
    """Submit: freezes the content under the form's idempotency `key`; the same key again changes nothing."""
    own_key = f"{report.reference}:{key}"
    with transaction.atomic():
        row = lock(report)
        if row.submissions.filter(key=own_key).exists():
            return row
        return REPORT.perform(row, "submit", actor=actor, at=at, key=own_key)


def freeze(report: AnnualReport, *, actor, at: datetime, comment: str, key: str) -> None:
    """Effect of submitting: the content as it stands becomes the next submission."""
    content = build(report)
    number = report.submissions.count() + 1
    submission = ReportSubmission.objects.create(
        report=report, number=number, at=at, by=actor, content=content, sha256=digest(content), key=key
    )
    report.submitted_at, report.questions = at, ""
    _tell_team(report, "report_receipt", submission=submission)


def ask_questions(report: AnnualReport, *, actor, at: datetime, comment: str) -> None:
    """Effect of returning: the questions stand on the report and go to the team."""
    report.questions = comment
    _tell_team(report, "report_returned")


def stamp_accepted(report: AnnualReport, *, actor, at: datetime, comment: str) -> None:
    """Effect of accepting: the reply, the next payment's condition, and the job that makes the PDF."""
    report.accepted_at, report.accepted_by, report.reply, report.questions = at, actor, comment, ""
    year: AwardYear = report.award_year
    meet_condition(year.award, year.number + 1, ConditionKind.REPORT_ACCEPTED, at=at)
    _ask_for_pdf(report, actor)
    _tell_team(report, "report_accepted")


def remake_pdf(report: AnnualReport, *, actor, at: datetime) -> Job:
    """Ask again for the PDF of an accepted report whose job failed; returns the job. Raises `Refused`."""
    with transaction.atomic():
        row = lock(report)
        demand(rules.may_ask_for_pdf(row, actor))
        if row.issues.filter(submission=row.submissions.last()).exists():
            raise Refused("The PDF of this report is made already.")
        job = _ask_for_pdf(row, actor)
        record(row, "remake_pdf", actor=actor, at=at, summary=f"Asked again for the PDF of {row.reference}.")
    return job


def _ask_for_pdf(report: AnnualReport, actor) -> Job:
    submission = report.submissions.latest("number")
    title = f"PDF of {report.reference}"
    return enqueue(PDF_JOB, actor=actor, key=str(submission.pk), title=title, submission=submission.pk)


def _tell_team(report: AnnualReport, template: str, **context) -> None:
    for seat in report.site.seats.current().select_related("holder"):
        send(template, seat.holder.email, context={"report": report, "person": seat.holder, **context})
