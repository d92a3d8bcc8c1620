"""The years of a funded site in the demo: payments, reports and what became of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypedDict
from uuid import UUID

from grants.domain.agreement_document import FIELDS, issue_document
from grants.domain.close_out import save_close_out
from grants.domain.payment import record_paid
from grants.enums import AgreementState
from grants.models import Agreement, Award, Payment
from grants.workflow import AWARD, PAYMENT
from portal.accounts.models import User
from portal.demo import prose, results
from portal.demo.story import Company, Line, instant
from portal.money import CENT
from reporting.domain import report as reports
from reporting.domain import writing
from reporting.domain.indicator import save_indicator
from reporting.enums import Audience, MilestoneStatus
from reporting.models import AnnualReport
from reporting.workflow import REPORT
from sites.enums import GradeBand, StudentGroup, Subject


class Said(TypedDict):
    """Who saves a section of a report, when, and on top of which version."""

    actor: User
    at: datetime
    version: int


def prepare(company: Company, award: Award, number: int) -> Line:
    """Prepare what falls due in one award year, and leave it for somebody else to release."""
    for payment in Payment.objects.filter(award_year__award=award, award_year__number=number):
        at = yield instant(payment.due_on + timedelta(days=70))
        PAYMENT.perform(payment, "prepare", actor=company.fay, at=at)


def pay(company: Company, award: Award, number: int) -> Line:
    """Prepare, release and pay everything that falls due in one award year, in its first weeks."""
    for payment in Payment.objects.filter(award_year__award=award, award_year__number=number):
        due = payment.due_on
        at = yield instant(due + timedelta(days=70))
        payment = PAYMENT.perform(payment, "prepare", actor=company.fay, at=at)
        at = yield instant(due + timedelta(days=71))
        payment = PAYMENT.perform(payment, "release", actor=company.finn, at=at)
        at = yield instant(due + timedelta(days=74))
        record_paid(payment, actor=company.fay, at=at, paid_on=at.date(), bank_reference=f"ACH {award.pk:03d}-{number}")


def fill(
    company: Company, award: Award, number: int, *, lead: User, days_after_end: int = 30, whole: bool = True
) -> Line:
    """Write one year's report; with `whole` off only its first pages."""
    report = AnnualReport.objects.get(award_year__award=award, award_year__number=number)
    at = yield instant(report.award_year.ends_on + timedelta(days=days_after_end), 14)
    said: Said = {"actor": lead, "at": at, "version": 0}
    writing.save_summary(report, summary=prose.SUMMARY, **said)
    for progress in report.progress.select_related("component"):
        component = progress.component
        if not whole and component.code == "coherence":
            continue
        writing.save_progress(
            report, component, text=prose.PROGRESS[component.code], rating=min(4, 1 + (number + 1) // 2),
            milestones={
                each.pk: (MilestoneStatus.MET, "") for each in report.milestones.filter(milestone__component=component)
            }, **said,
        )  # fmt: skip
    if whole:
        _fill_rest(company, report, said)
    return report


def _fill_rest(company: Company, report: AnnualReport, said: Said) -> None:
    year = report.award_year
    writing.save_engagement(
        report,
        rows={
            Audience.SUPERINTENDENT: (6, 11, "Monthly meetings of the partners"),
            Audience.UNION: (9, 22, "Planning with the district, and visits to classrooms"),
            Audience.PRINCIPALS: (12, 18, "School teams"),
            Audience.TEACHERS: (140 + 10 * year.number, 20, "School teams and home visits"),
            Audience.FAMILIES: (380 + 45 * year.number, 9, "Family rooms and reading evenings"),
            Audience.BUSINESSES: (14, 3, "Reading evenings"),
        },
        **said,
    )
    save_indicator(
        report, subject=Subject.MATHEMATICS, grade_band=GradeBand.GRADES_3_8, test_name=results.TEST,
        level_names=results.LEVELS, proficient_from=results.PROFICIENT_FROM,
        reference_group=StudentGroup.WHITE, focal_group=StudentGroup.BLACK,
        counts=results.counts(year.number, company.random), **said,
    )  # fmt: skip
    spent = (Decimal("0.97"), Decimal("0.86"), Decimal("1.02"))
    writing.save_finances(
        report,
        rows={
            each.component_id: (
                (each.budget * share).quantize(CENT),
                "Training took longer than planned, so home visits started late." if share < Decimal("0.9") else "",
            )
            for each, share in zip(report.spending.all(), spent, strict=True)
        },
        **said,
    )
    writing.save_reflection(
        report, challenges=prose.CHALLENGES, lessons=prose.LESSONS, next_year=prose.NEXT_YEAR, **said
    )
    writing.save_certification(
        report,
        rows={each.pk: (each.signatory_name, each.signatory_title) for each in report.site.partners.all()},
        **said,
    )


def submit(company: Company, report: AnnualReport, *, lead: User, days_after_end: int = 40) -> Line:
    """Submit a complete report."""
    at = yield instant(report.award_year.ends_on + timedelta(days=days_after_end))
    key = UUID(int=company.random.getrandbits(128), version=4)
    return reports.submit_report(AnnualReport.objects.get(pk=report.pk), actor=lead, at=at, key=str(key))


def accept(company: Company, report: AnnualReport, *, days_after_end: int = 60) -> Line:
    """Accept with a written reply, which lets the next payment go and has the PDF made."""
    at = yield instant(report.award_year.ends_on + timedelta(days=days_after_end))
    REPORT.perform(report, "accept", actor=company.omar, at=at, comment=prose.REPLY)


def send_back(company: Company, report: AnnualReport, *, days_after_end: int = 60) -> Line:
    """Return with questions."""
    at = yield instant(report.award_year.ends_on + timedelta(days=days_after_end))
    REPORT.perform(report, "return", actor=company.omar, at=at, comment=prose.QUESTIONS)


def live_through(company: Company, award: Award, years: int, *, lead: User) -> Line:
    """Whole award years, from the first: paid, reported, accepted."""
    for number in range(1, years + 1):
        yield from pay(company, award, number)
        yield from accept(company, (yield from report_on(company, award, number, lead=lead)))


def report_on(company: Company, award: Award, number: int, *, lead: User) -> Line:
    """Write one year's report and submit it."""
    report = yield from fill(company, award, number, lead=lead)
    return (yield from submit(company, report, lead=lead))


def _unseen(*args, **facts) -> None:
    """Nobody watches how far it is."""


def close(company: Company, award: Award) -> Line:
    """Close an award whose years are over."""
    at = yield instant(award.ends_on + timedelta(days=80))
    # Whoever loads the demo has no worker yet, and an award is not closed before its papers are stored.
    for agreement in Agreement.objects.filter(award=award, state=AgreementState.IN_FORCE):
        for which in FIELDS:
            issue_document(agreement, which, actor=company.omar, progress=_unseen, finish=_unseen)
    remarks = {
        "property": "The tablets stay with the schools. The list is in the district’s letter.",
        "publications": "The reading guide is on the community partner’s website.",
        "contact": "The fiscal agent’s bookkeeper, until the end of the retention.",
    }
    note = "A strong team. The district goes on with the family rooms out of its own budget."
    save_close_out(award, confirmed=remarks, unspent=Decimal("0"), note=note, actor=company.omar, at=at)
    at = yield instant(award.ends_on + timedelta(days=90))
    AWARD.perform(award, "close", actor=company.omar, at=at)
