"""Annual reports open with the award, move through their states, and are submitted once."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from grants.enums import ConditionKind
from grants.models import PaymentCondition
from portal.access import Refused
from portal.activity.models import Entry
from portal.jobs.models import Job
from portal.mail.models import Message
from portal.record import Stale
from reporting.domain.report import remake_pdf, submit_report
from reporting.domain.section import OpenPage
from reporting.domain.writing import save_finances, save_progress, save_summary
from reporting.enums import ReportState
from reporting.models import AnnualReport
from reporting.workflow import REPORT
from tests.factories.awards import an_award
from tests.factories.reports import (
    BY_STATE,
    REPORTED_AT,
    a_report,
    a_returned_report,
    a_submitted_report,
    a_written_report,
    an_accepted_report,
    enter_results,
    lead_of,
)
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db
S = ReportState


def test_open_reports_award_is_made_makes_five_with_due_dates_and_budgets():
    award = an_award()

    reports = AnnualReport.objects.filter(award_year__award=award).order_by("award_year__number")

    assert [each.due_on - each.award_year.ends_on for each in reports] == [
        timedelta(days=award.round.report_due_days)
    ] * 5
    assert reports[0].award_year.ends_on == date(2028, 6, 30)
    assert [each.spending.count() for each in reports] == [3] * 5
    assert sum((each.budget for each in reports[0].spending.all()), Decimal(0)) == Decimal("250000.00")


# Each step from each state, by the person whose step it is: the state it ends in, or None where it is refused.
GRID = {
    ("submit", S.DRAFT): S.SUBMITTED,
    ("submit", S.SUBMITTED): None,
    ("submit", S.RETURNED): S.SUBMITTED,
    ("submit", S.ACCEPTED): None,
    ("return", S.DRAFT): None,
    ("return", S.SUBMITTED): S.RETURNED,
    ("return", S.RETURNED): None,
    ("return", S.ACCEPTED): None,
    ("accept", S.DRAFT): None,
    ("accept", S.SUBMITTED): S.ACCEPTED,
    ("accept", S.RETURNED): None,
    ("accept", S.ACCEPTED): None,
}


def test_grid_names_every_step_and_state():
    assert set(GRID) == {(step, state) for step in REPORT.by_name for state in ReportState}


@pytest.mark.parametrize(("step", "state"), GRID)
def test_step_from_state_ends_where_the_table_says(step, state, omar_officer):
    report = BY_STATE[state]()
    target = GRID[step, state]

    def take():
        if step == "submit":
            return submit_report(report, actor=lead_of(report), at=REPORTED_AT, key="another")
        return REPORT.perform(report, step, actor=omar_officer, at=REPORTED_AT, comment="Because.")

    if target is None:
        with pytest.raises(Refused):
            take()
        assert AnnualReport.objects.get(pk=report.pk).state == state
    else:
        assert take().state == target


def test_submit_incomplete_report_is_refused_with_what_is_missing():
    report = a_report()

    with pytest.raises(Refused) as refusal:
        submit_report(report, actor=lead_of(report), at=REPORTED_AT, key="k")

    assert "Write the year in brief." in str(refusal.value)
    assert "Enter the results of at least one test by student group." in str(refusal.value)


def test_submit_same_key_twice_submits_once():
    report = a_written_report()
    lead = lead_of(report)

    first = submit_report(report, actor=lead, at=REPORTED_AT, key="k")
    again = submit_report(report, actor=lead, at=REPORTED_AT, key="k")

    assert first.submissions.count() == 1
    assert (first.version, again.version) == (2, 2)


def test_submit_freezes_the_content_and_mails_the_team():
    report = a_submitted_report()

    submission = report.submissions.get()

    assert submission.content["summary"] == "Joint teams now meet in every school."
    assert submission.content["indicators"][0]["groups"][0]["counts"] == [4531, 1312, 477, 151]
    assert Message.objects.filter(template="report_receipt").count() == 1


def test_submission_cannot_be_changed_in_the_database():
    report = a_submitted_report()

    with pytest.raises(IntegrityError), transaction.atomic():
        report.submissions.update(sha256="0" * 64)


def test_submit_contributor_is_refused(ben_colleague):
    report = a_written_report(site=a_site(contributors=[ben_colleague]))

    with pytest.raises(Refused, match="Only the site lead"):
        submit_report(report, actor=ben_colleague, at=REPORTED_AT, key="k")


def test_return_keeps_the_questions_and_mails_them():
    report = a_returned_report()

    assert (report.state, report.questions) == (S.RETURNED, "Who met whom?")
    assert "Who met whom?" in Message.objects.get(template="report_returned").text


def test_return_without_questions_is_refused(omar_officer):
    report = a_submitted_report()

    with pytest.raises(Refused, match="written reason"):
        REPORT.perform(report, "return", actor=omar_officer, at=REPORTED_AT)


def test_resubmit_after_questions_makes_a_second_submission():
    report = a_returned_report()

    report = submit_report(report, actor=lead_of(report), at=REPORTED_AT, key="second")

    assert [each.number for each in report.submissions.all()] == [1, 2]
    assert report.questions == ""


def test_accept_meets_the_next_payments_condition_and_asks_for_the_pdf(omar_officer):
    report = a_submitted_report()
    conditions = PaymentCondition.objects.filter(
        kind=ConditionKind.REPORT_ACCEPTED, payment__award_year__award=report.award_year.award
    )
    assert set(conditions.values_list("met_at", flat=True)) == {None}

    report = REPORT.perform(report, "accept", actor=omar_officer, at=REPORTED_AT, comment="We will visit.")

    assert conditions.get(payment__award_year__number=2).met_at == REPORTED_AT
    assert conditions.get(payment__award_year__number=3).met_at is None
    assert Job.objects.get().facts == {"submission": report.submissions.get().pk}
    assert (report.reply, report.accepted_by) == ("We will visit.", omar_officer)


def test_accept_lead_is_refused():
    report = a_submitted_report()

    with pytest.raises(Refused, match="Only program officers"):
        REPORT.perform(report, "accept", actor=lead_of(report), at=REPORTED_AT, comment="Fine.")


def test_remake_pdf_while_the_first_job_waits_returns_that_job(omar_officer):
    report = an_accepted_report(officer=omar_officer)

    assert remake_pdf(report, actor=omar_officer, at=REPORTED_AT) == Job.objects.get()


def test_save_counts_the_version_up_and_is_logged():
    report = a_report()
    lead = lead_of(report)

    save_summary(report, actor=lead, at=REPORTED_AT, version=0, summary="First.")

    assert report.sections.get().version == 1
    assert Entry.objects.first().summary == f"The year in brief saved by {lead}."


def test_save_behind_a_colleague_is_stale_and_writes_nothing(ben_colleague):
    report = a_report(site=a_site(contributors=[ben_colleague]))
    save_summary(report, actor=ben_colleague, at=REPORTED_AT, version=0, summary="Ben's.")

    with pytest.raises(Stale):
        save_summary(report, actor=lead_of(report), at=REPORTED_AT, version=0, summary="Lea's.")

    assert AnnualReport.objects.get(pk=report.pk).summary == "Ben's."


def test_autosave_of_the_same_page_is_no_conflict_with_itself_and_not_logged():
    report = a_report()
    lead, page = lead_of(report), OpenPage("a1", autosave=True)
    before = Entry.objects.count()

    for text in ("A", "A b", "A b c"):
        save_summary(report, actor=lead, at=REPORTED_AT, version=0, summary=text, page=page)

    assert AnnualReport.objects.get(pk=report.pk).summary == "A b c"
    assert Entry.objects.count() == before


def test_save_submitted_report_is_refused():
    report = a_submitted_report()

    with pytest.raises(Refused, match="submitted, so it cannot be changed"):
        save_summary(report, actor=lead_of(report), at=REPORTED_AT, version=1, summary="Later.")


def test_save_finances_finance_seat_may_and_viewer_may_not(fay_finance, sam_stranger):
    report = a_report(site=a_site(finance=[fay_finance], viewers=[sam_stranger]))
    rows = {"coherence": (Decimal("10.00"), "")}

    save_finances(report, actor=fay_finance, at=REPORTED_AT, version=0, rows=rows)

    with pytest.raises(Refused, match="finance seat"):
        save_finances(report, actor=sam_stranger, at=REPORTED_AT, version=1, rows=rows)
    with pytest.raises(Refused, match="contributor seat"):
        save_summary(report, actor=fay_finance, at=REPORTED_AT, version=0, summary="Mine.")


def test_save_progress_unknown_rating_is_refused_beside_its_field():
    report = a_report()

    with pytest.raises(ValidationError) as error:
        save_progress(
            report, report.progress.first().component, actor=lead_of(report), at=REPORTED_AT, version=0,
            text="", rating=5, milestones={},
        )  # fmt: skip

    assert set(error.value.error_dict) == {"rating"}


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"level_names": ["One"]}, "level_names"),
        ({"level_names": ["One", "one", "Two", "Three"]}, "level_names"),
        ({"proficient_from": 1}, "proficient_from"),
        ({"proficient_from": 5}, "proficient_from"),
        ({"focal_group": "white"}, "focal_group"),
        ({"subject": "alchemy"}, "subject"),
        ({"grade_band": "0-99"}, "grade_band"),
        ({"focal_group": "martian"}, "__all__"),
        ({"counts": {"white": (1, 2, 3)}}, "__all__"),
        ({"counts": {"white": (1, 2, 3, -4)}}, "__all__"),
        ({"counts": {"white": (0, 0, 0, 0)}}, "__all__"),
    ],
)
def test_save_indicator_what_does_not_fit_is_refused(facts, field):
    report = a_report()

    with pytest.raises(ValidationError) as error:
        enter_results(report, lead_of(report), **facts)

    assert set(getattr(error.value, "error_dict", {"__all__": 1})) == {field}
    assert report.indicators.count() == 0


@pytest.mark.parametrize(
    "columns",
    [
        {"state": "lost"},
        {"state": S.SUBMITTED},
        {"state": S.ACCEPTED, "submitted_at": REPORTED_AT},
        {"accepted_at": REPORTED_AT},
    ],
)
def test_report_state_without_its_stamps_is_refused_by_the_database(columns):
    report = a_report()

    with pytest.raises(IntegrityError), transaction.atomic():
        AnnualReport.objects.filter(pk=report.pk).update(**columns)
