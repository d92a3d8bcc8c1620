"""The list of reports and one report's page: who sees what, and how many queries it takes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.jobs.models import Job
from reporting.models import AnnualReport
from tests.factories.awards import an_award
from tests.factories.reports import a_report, a_returned_report, a_submitted_report, an_accepted_report, lead_of
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db


def test_list_lead_sees_own_five_reports_only(sign_in, lea_site_lead):
    own = a_report(lead=lea_site_lead)
    a_report()

    page = sign_in(lea_site_lead).get("/reports/")

    assert {each.site for each in page.context["page"]} == {own.site}
    assert len(page.context["page"]) == 5


def test_list_stranger_sees_none(sign_in, sam_stranger):
    a_report()

    page = sign_in(sam_stranger).get("/reports/")

    assert "There are no reports yet" in page.content.decode()


def test_list_award_not_announced_is_hidden_from_the_team(sign_in, lea_site_lead):
    an_award(lead=lea_site_lead, state="approved")

    assert len(sign_in(lea_site_lead).get("/reports/").context["page"]) == 0


def test_list_filters_by_state_and_words(sign_in, omar_officer):
    report = a_submitted_report()
    a_report()
    client = sign_in(omar_officer)

    assert list(client.get("/reports/?state=submitted").context["page"]) == [report]
    assert list(client.get(f"/reports/?q={report.reference.lower()}").context["page"]) == [report]
    assert "No report matches" in client.get("/reports/?q=nowhere").content.decode()


def test_list_costs_the_same_with_thirty_rows(sign_in, omar_officer):
    client = sign_in(omar_officer)
    an_award()
    client.get("/reports/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get("/reports/")
    for _ in range(5):
        an_award()
    with CaptureQueriesContext(connection) as many:
        assert len(client.get("/reports/").context["page"]) == 30

    assert len(many) == len(few) <= 12


@pytest.mark.parametrize("make", [a_report, a_submitted_report, a_returned_report, an_accepted_report])
def test_detail_every_state_is_shown_to_team_and_staff(make, sign_in, lea_site_lead, omar_officer, otto_auditor):
    report = make(lead=lea_site_lead)

    for person in (lea_site_lead, omar_officer, otto_auditor):
        for page in ("", "submit/"):
            assert sign_in(person).get(f"/reports/{report.reference}/{page}").status_code == 200


def test_detail_staff_takes_no_more_than_twenty_queries(sign_in, omar_officer):
    report = a_submitted_report()
    client = sign_in(omar_officer)
    client.get(f"/reports/{report.reference}/")

    with CaptureQueriesContext(connection) as queries:
        client.get(f"/reports/{report.reference}/")

    assert len(queries) <= 20


def test_every_page_of_a_foreign_report_is_a_404(sign_in, sam_stranger):
    report = a_submitted_report()
    client, start = sign_in(sam_stranger), f"/reports/{report.reference}/"

    for page in ("", "sections/summary/", "sections/indicators/", "tests/new/", "tests/mathematics/3-8/",
                 "tests/mathematics/3-8/remove/", "submit/", "submitted/", "steps/accept/", "pdf/1/"):  # fmt: skip
        assert client.get(start + page).status_code == 404, page
    for page in ("sections/summary/", "submit/", "steps/accept/", "pdf/again/"):
        assert client.post(start + page).status_code == 404, page


def test_steps_lead_cannot_accept_and_is_offered_no_button(sign_in, lea_site_lead):
    report = a_submitted_report(lead=lea_site_lead)
    client = sign_in(lea_site_lead)

    assert client.post(f"/reports/{report.reference}/steps/accept/", {"comment": "Fine."}).status_code == 403
    assert "Accept report" not in client.get(f"/reports/{report.reference}/").content.decode()
    assert AnnualReport.objects.get(pk=report.pk).state == "submitted"


def test_steps_return_shows_the_questions_to_the_team(sign_in, lea_site_lead, omar_officer):
    report = a_submitted_report(lead=lea_site_lead)
    start = f"/reports/{report.reference}/"

    sign_in(omar_officer).post(f"{start}steps/return/", {"comment": "Who met whom?", "version": report.version})

    assert "Who met whom?" in sign_in(lea_site_lead).get(start).content.decode()


def test_detail_accepted_shows_progress_to_staff_and_that_it_is_being_made_to_the_team(
    sign_in, lea_site_lead, omar_officer
):
    report = an_accepted_report(lead=lea_site_lead)
    start, job = f"/reports/{report.reference}/", Job.objects.get()

    assert f"job-{job.pk}" in sign_in(omar_officer).get(start).content.decode()
    assert "It is being made." in sign_in(lea_site_lead).get(start).content.decode()


def test_pdf_again_after_the_job_failed_asks_anew(sign_in, omar_officer, lea_site_lead, noon):
    report = an_accepted_report(lead=lea_site_lead)
    Job.objects.update(state="failed", failure="It broke.", finished_at=noon)
    start = f"/reports/{report.reference}/"

    assert "Make the PDF again" in sign_in(omar_officer).get(start).content.decode()
    sign_in(lea_site_lead).post(f"{start}pdf/again/")
    assert Job.objects.live().count() == 0
    sign_in(omar_officer).post(f"{start}pdf/again/")
    assert Job.objects.live().count() == 1


def test_home_tells_the_lead_what_to_answer_and_the_officer_what_to_read(sign_in, lea_site_lead, omar_officer):
    returned = a_returned_report(lead=lea_site_lead)
    submitted = a_submitted_report()

    assert f"/reports/{returned.reference}/" in sign_in(lea_site_lead).get("/").content.decode()
    assert f"/reports/{submitted.reference}/" in sign_in(omar_officer).get("/").content.decode()


def test_award_page_lists_the_reports(sign_in, lea_site_lead):
    report = a_report(lead=lea_site_lead)

    page = sign_in(lea_site_lead).get(f"/awards/{report.award_year.award.reference}/").content.decode()

    assert f"/reports/{report.reference}/" in page


def test_submit_viewer_reads_and_cannot_submit(sign_in, sam_stranger):
    report = a_report(site=a_site(viewers=[sam_stranger]))
    client, page = sign_in(sam_stranger), f"/reports/{report.reference}/submit/"
    key = client.get(page).context["form"]["key"].value()

    assert client.post(page, {"key": key}).status_code == 409
    assert AnnualReport.objects.get(pk=report.pk).state == "draft"
    assert lead_of(report) != sam_stranger


def test_detail_accepted_tells_staff_in_green_that_nothing_is_left_to_do(sign_in, omar_officer):
    report = an_accepted_report()

    text = sign_in(omar_officer).get(f"/reports/{report.reference}/").content.decode()

    box = text.partition('<section class="next-step')[2].partition("</section>")[0]
    assert box.startswith(" is-clear")
    assert "Nothing is left to do" in box
