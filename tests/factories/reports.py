"""Makes annual reports as they come about in life: opened by an award, written, submitted, returned, accepted."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from grants.models import Award
from portal.accounts.enums import Role
from reporting.domain.indicator import save_indicator
from reporting.domain.report import submit_report
from reporting.domain.section import EXPLICIT
from reporting.domain.writing import (
    save_certification,
    save_engagement,
    save_finances,
    save_progress,
    save_reflection,
    save_summary,
)
from reporting.enums import Audience, MilestoneStatus, Rating, ReportState
from reporting.models import AnnualReport
from reporting.workflow import REPORT
from sites.enums import GradeBand, SeatRole, StudentGroup, Subject
from tests.factories.accounts import UserFactory
from tests.factories.awards import an_award

# A Thursday in the summer after the first award year.
REPORTED_AT = datetime(2028, 7, 20, 15, 0, tzinfo=UTC)
LEVELS = ("Novice", "Nearing proficiency", "Proficient", "Advanced")
# State mathematics results of 2022-23, lowest level first: 42.0 % and 9.7 % proficient, 32.3 points apart.
WHITE_COUNTS = (14066, 15850, 12680, 8974)
AMERICAN_INDIAN_COUNTS = (4531, 1312, 477, 151)


def a_report(award: Award | None = None, *, site=None, lead=None, year: int = 1, **rest) -> AnnualReport:
    """A report nobody has written in, of award year `year`; without `award`, of a new one to `site` or to `lead`'s."""
    award = award or an_award(site, lead=lead, **rest)
    reports = AnnualReport.objects.select_related("site", "award_year__award__round")
    return reports.get(award_year__award=award, award_year__number=year)


def lead_of(report: AnnualReport):
    """The person who leads the report's site."""
    return report.site.seats.current().get(role=SeatRole.LEAD).holder


def enter_results(report: AnnualReport, actor, *, at=REPORTED_AT, version=0, counts=None, **facts):
    """Enter the state's mathematics results through the domain; `facts` replace what is passed to `save_indicator`."""
    return save_indicator(
        report,
        actor=actor,
        at=at,
        version=version,
        counts=counts or {StudentGroup.WHITE: WHITE_COUNTS, StudentGroup.AMERICAN_INDIAN: AMERICAN_INDIAN_COUNTS},
        **{
            "subject": Subject.MATHEMATICS,
            "grade_band": GradeBand.GRADES_3_8,
            "test_name": "State mathematics test",
            "level_names": LEVELS,
            "proficient_from": 3,
            "reference_group": StudentGroup.WHITE,
            "focal_group": StudentGroup.AMERICAN_INDIAN,
            **facts,
        },
    )


def write_report(report: AnnualReport, actor=None, *, at=REPORTED_AT, counts=None) -> AnnualReport:
    """Write every section through the domain, so that nothing is missing. By the site's lead when nobody is named."""
    who = {"actor": actor or lead_of(report), "at": at, "version": 0, "page": EXPLICIT}
    save_summary(report, **who, summary="Joint teams now meet in every school.")
    for each in report.progress.select_related("component"):
        outcomes = report.milestones.filter(milestone__component=each.component)
        save_progress(
            report, each.component, **who,
            text=f"What we did for {each.component.name}.",
            rating=Rating.BUILDING,
            milestones={outcome.pk: (MilestoneStatus.MET, "") for outcome in outcomes},
        )  # fmt: skip
    save_engagement(
        report, **who, rows={Audience.TEACHERS: (412, 12, "Coaching"), Audience.FAMILIES: (230, 4, "Home visits")}
    )
    enter_results(report, who["actor"], at=at, counts=counts)
    save_finances(report, **who, rows={each.component_id: (each.budget, "") for each in report.spending.all()})
    save_reflection(
        report, **who,
        challenges="Three schools changed principals.",
        lessons="Ask for the board's date first.",
        next_year="Common unit tests in every grade.",
    )  # fmt: skip
    save_certification(
        report, **who,
        rows={each.pk: (each.signatory_name, each.signatory_title) for each in report.site.partners.all()},
    )  # fmt: skip
    return report


def a_written_report(report: AnnualReport | None = None, *, at=REPORTED_AT, counts=None, **rest) -> AnnualReport:
    """A draft that lacks nothing; `rest` goes to `a_report`."""
    return write_report(report or a_report(**rest), at=at, counts=counts)


def a_submitted_report(report: AnnualReport | None = None, *, at=REPORTED_AT, **rest) -> AnnualReport:
    """A report its lead submitted; `rest` goes to `a_written_report`."""
    report = a_written_report(report, at=at, **rest)
    return submit_report(report, actor=lead_of(report), at=at, key=uuid4().hex)


def a_returned_report(*, officer=None, at=REPORTED_AT, **rest) -> AnnualReport:
    """A report an officer returned with questions."""
    officer = officer or UserFactory(roles=[Role.OFFICER])
    return REPORT.perform(a_submitted_report(at=at, **rest), "return", actor=officer, at=at, comment="Who met whom?")


def an_accepted_report(*, officer=None, at=REPORTED_AT, **rest) -> AnnualReport:
    """A report an officer accepted; its PDF is asked for and not made yet."""
    officer = officer or UserFactory(roles=[Role.OFFICER])
    return REPORT.perform(a_submitted_report(at=at, **rest), "accept", actor=officer, at=at, comment="We will visit.")


BY_STATE = {
    ReportState.DRAFT: a_written_report,
    ReportState.SUBMITTED: a_submitted_report,
    ReportState.RETURNED: a_returned_report,
    ReportState.ACCEPTED: an_accepted_report,
}
