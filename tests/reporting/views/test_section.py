"""Writing a section: who may, what is kept, conflicts, saves by themselves, and the grid of results."""

import pytest

from reporting.domain.writing import save_summary
from reporting.models import AnnualReport
from tests.factories.reports import REPORTED_AT, a_report, a_submitted_report, enter_results, lead_of
from tests.factories.sites import a_site
from tests.reporting.views.test_walk import grid

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


def url(report, key="summary"):
    return f"/reports/{report.reference}/sections/{key}/"


def summary_of(report):
    return AnnualReport.objects.get(pk=report.pk).summary


def test_section_every_page_is_shown_to_the_lead(sign_in, lea_site_lead):
    report = a_report(lead=lea_site_lead)
    client = sign_in(lea_site_lead)

    for key in ("summary", "progress-collaboration", "engagement", "indicators", "finances", "reflection",
                "certification"):  # fmt: skip
        assert client.get(url(report, key)).status_code == 200, key
    assert client.get(url(report, "progress-alchemy")).status_code == 404
    assert client.get(url(report, "progress")).status_code == 404


def test_section_viewer_is_refused(sign_in, sam_stranger):
    report = a_report(site=a_site(viewers=[sam_stranger]))
    client = sign_in(sam_stranger)

    assert client.get(url(report)).status_code == 403
    assert client.post(url(report), {"summary": "Mine.", "version": "0"}).status_code == 403
    assert client.post(f"/reports/{report.reference}/tests/new/", grid()).status_code == 403
    assert summary_of(report) == ""


def test_section_contributor_writes_and_cannot_certify(sign_in, ben_colleague):
    report = a_report(site=a_site(contributors=[ben_colleague]))
    client = sign_in(ben_colleague)

    assert client.post(url(report), {"summary": "Ours.", "version": "0"}).status_code == 302
    assert client.get(url(report, "certification")).status_code == 403
    assert summary_of(report) == "Ours."


def test_section_submitted_report_cannot_be_written(sign_in, lea_site_lead):
    report = a_submitted_report(lead=lea_site_lead)

    assert sign_in(lea_site_lead).post(url(report), {"summary": "Later.", "version": "1"}).status_code == 403


def test_section_hostile_fields_change_nothing(sign_in, lea_site_lead):
    report = a_report(lead=lea_site_lead)
    hostile = {"state": "accepted", "reply": "Fine.", "due_on": "2040-01-01", "site": "1", "reference": "AR-1"}

    sign_in(lea_site_lead).post(url(report), {"summary": "Mine.", "version": "0", **hostile})

    after = AnnualReport.objects.get(pk=report.pk)
    assert (after.state, after.reply, after.due_on, after.reference) == (
        "draft",
        "",
        report.due_on,
        report.reference,
    )


def test_section_colleague_was_faster_shows_both_texts_and_saves_on_the_next_try(sign_in, lea_site_lead, ben_colleague):
    report = a_report(site=a_site(lead=lea_site_lead, contributors=[ben_colleague]))
    save_summary(report, actor=ben_colleague, at=REPORTED_AT, version=0, summary="Ben's text.")
    client = sign_in(lea_site_lead)

    page = client.post(url(report), {"summary": "Lea's text.", "version": "0", "editor": "aa"})

    assert page.status_code == 409
    assert [(each.saved, each.typed) for each in page.context["differences"]] == [("Ben's text.", "Lea's text.")]
    assert summary_of(report) == "Ben's text."
    again = client.post(url(report), {"summary": "Both.", "version": page.context["form"]["version"].value()})
    assert (again.status_code, summary_of(report)) == (302, "Both.")


def test_section_save_by_itself_answers_with_its_version_and_a_conflict_with_409(sign_in, lea_site_lead, ben_colleague):
    report = a_report(site=a_site(lead=lea_site_lead, contributors=[ben_colleague]))
    client = sign_in(lea_site_lead)

    saved = client.post(url(report), {"summary": "One.", "version": "0", "editor": "aa"}, **HTMX)
    assert (saved.status_code, 'name="version" value="1"' in saved.content.decode()) == (200, True)
    save_summary(report, actor=ben_colleague, at=REPORTED_AT, version=1, summary="Ben's.")
    late = client.post(url(report), {"summary": "Two.", "version": "1", "editor": "aa"}, **HTMX)

    assert (late.status_code, "A colleague saved this page" in late.content.decode()) == (409, True)
    assert summary_of(report) == "Ben's."


def test_engagement_half_a_line_is_refused_beside_the_cell(sign_in, lea_site_lead):
    report = a_report(lead=lea_site_lead)

    page = sign_in(lea_site_lead).post(url(report, "engagement"), {"people_union": "many", "version": "0"})

    assert page.status_code == 422
    assert page.context["form"].errors == {
        "people_union": ["Enter a whole number, such as 120."],
        "times_union": ["Enter how often in the year, or leave the whole line empty."],
    }


def test_indicator_pasted_table_fills_the_grid_and_saves_nothing(sign_in, lea_site_lead):
    report = a_report(lead=lea_site_lead)
    table = "Group\tNovice\tNearing\tProficient\tAdvanced\nWhite\t14,066\t15850\t12680\t8974\nMartian\t1\t2\t3\t4\n"

    page = sign_in(lea_site_lead).post(f"/reports/{report.reference}/tests/new/", {"paste": table, "levels": "4"})

    form = page.context["form"]
    assert [form[f"white_{level}"].value() for level in range(1, 5)] == [14066, 15850, 12680, 8974]
    assert form["name_2"].value() == "Nearing"
    assert page.context["problems"] == ["Line 3: “Martian” is not a student group of the list."]
    assert report.indicators.count() == 0


@pytest.mark.parametrize(("button", "levels"), [("more", 5), ("fewer", 3)])
def test_indicator_another_number_of_levels_keeps_what_was_typed(button, levels, sign_in, lea_site_lead):
    report = a_report(lead=lea_site_lead)

    page = sign_in(lea_site_lead).post(f"/reports/{report.reference}/tests/new/", grid(**{button: "1"}))

    assert len(page.context["form"].levels) == levels
    assert page.context["form"]["white_1"].value() == "14,066"


def test_indicator_change_and_remove(sign_in, lea_site_lead):
    report = a_report(lead=lea_site_lead)
    enter_results(report, lea_site_lead)
    client, page = sign_in(lea_site_lead), f"/reports/{report.reference}/tests/mathematics/3-8/"

    assert client.get(page).context["form"]["white_1"].value() == 14066
    assert client.post(page, grid(version="1", white_1="1")).status_code == 302
    assert report.indicators.get().results.get(group="white").counts[0] == 1
    assert client.get(f"{page}remove/").status_code == 200
    assert client.post(f"{page}remove/").status_code == 302
    assert report.indicators.count() == 0


def test_indicator_entered_twice_is_refused(sign_in, lea_site_lead):
    report = a_report(lead=lea_site_lead)
    enter_results(report, lea_site_lead)

    page = sign_in(lea_site_lead).post(f"/reports/{report.reference}/tests/new/", grid(version="1"))

    assert page.status_code == 422
    assert "entered for these grades already" in page.content.decode()


def test_indicator_without_the_focal_group_says_what_is_missing(sign_in, lea_site_lead):
    report = a_report(lead=lea_site_lead)
    enter_results(report, lea_site_lead, counts={"white": (1, 2, 3, 4)})

    page = sign_in(lea_site_lead).get(url(report, "indicators")).content.decode()

    assert "Enter the results of American Indian or Alaska Native to see the gap." in page
    assert lead_of(report) == lea_site_lead
