"""A report from draft to the downloaded PDF, each step by its own person through the pages."""

import pytest

from portal.jobs.domain import run
from portal.jobs.models import Job
from reporting import tasks  # noqa: F401 - registers the handler, as a worker does
from reporting.models import AnnualReport
from tests.factories.reports import AMERICAN_INDIAN_COUNTS, LEVELS, WHITE_COUNTS, a_report

pytestmark = pytest.mark.django_db


def grid(**extra):
    """The posted grid of the state's mathematics results of 2022-23."""
    posted = {"subject": "mathematics", "grade_band": "3-8", "test_name": "State test", "levels": "4", "version": "0",
              "proficient_from": "3", "reference_group": "white", "focal_group": "american_indian"}  # fmt: skip
    posted |= {f"name_{level}": name for level, name in enumerate(LEVELS, 1)}
    for group, counts in (("white", WHITE_COUNTS), ("american_indian", AMERICAN_INDIAN_COUNTS)):
        posted |= {f"{group}_{level}": f"{count:,}" for level, count in enumerate(counts, 1)}
    return posted | extra


def post(client, report, key, **fields):
    response = client.post(f"/reports/{report.reference}/sections/{key}/", {"version": "0", **fields})
    assert response.status_code == 302, response.content.decode()
    return response


def write_everything(client, report):
    post(client, report, "summary", summary="Joint teams meet in every school.")
    for each in report.progress.all():
        outcomes = {
            f"status_{one.pk}": "met" for one in report.milestones.filter(milestone__component=each.component_id)
        }
        post(client, report, f"progress-{each.component_id}", text="We did it.", rating="2", **outcomes)
    post(client, report, "engagement", people_teachers="1,284", times_teachers="12", doing_teachers="Coaching")
    assert client.post(f"/reports/{report.reference}/tests/new/", grid()).status_code == 302
    amounts = {f"actual_{each.component_id}": f"${each.budget:,.2f}" for each in report.spending.all()}
    post(client, report, "finances", **amounts)
    post(client, report, "reflection", challenges="Time.", lessons="Patience.", next_year="More.")
    names = {f"name_{each.pk}": each.signatory_name for each in report.site.partners.all()}
    titles = {f"title_{each.pk}": each.signatory_title for each in report.site.partners.all()}
    post(client, report, "certification", **names, **titles)


def test_report_from_draft_to_accepted_is_downloaded_as_a_pdf(client, lea_site_lead, omar_officer):
    report = a_report(lead=lea_site_lead)
    page = f"/reports/{report.reference}/"
    client.force_login(lea_site_lead)

    assert "things to do before the report can be submitted" in client.get(page).content.decode()
    write_everything(client, report)
    results = client.get(f"{page}sections/indicators/").content.decode()
    assert "White: 42.0 %. American Indian or Alaska Native: 9.7 %." in results
    assert "32.3 <small>points</small>" in results

    check = client.get(f"{page}submit/")
    key = check.context["form"]["key"].value()
    assert client.post(f"{page}submit/", {"key": key}).url == f"{page}submitted/"
    assert "Your report is submitted" in client.get(f"{page}submitted/").content.decode()

    client.force_login(omar_officer)
    assert "32.3 <small>points</small>" in client.get(page).content.decode()
    version = AnnualReport.objects.get(pk=report.pk).version
    accepted = client.post(f"{page}steps/accept/", {"comment": "We will visit in May.", "version": version})
    assert accepted.status_code == 302
    job = run(str(Job.objects.get().pk))
    assert (job.state, job.failure) == ("done", "")

    client.force_login(lea_site_lead)
    assert f"{page}pdf/1/" in client.get(page).content.decode()
    pdf = client.get(f"{page}pdf/1/")
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert b"".join(pdf.streaming_content).startswith(b"%PDF-")
