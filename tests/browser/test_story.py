"""One grant travels through the whole portal, each step taken by its own person in their own browser window."""

from __future__ import annotations

import re

import pypdfium2
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from portal.demo import DEMO_PASSWORD
from tests.browser import application
from tests.browser.application import COALITION, COMPONENTS, PARTNERS
from tests.browser.hands import Mouse
from tests.browser.people import demo_person, heading, open_mail, press, take_step

APPLICANT = "marisol@anchor-bay.example"
PHONE = 360
# State mathematics results 2022-23, students at each level from the lowest to the highest.
REFERENCE = ("White", (14066, 15850, 12680, 8974))
FOCAL = ("American Indian or Alaska Native", (4531, 1312, 477, 151))


@pytest.mark.timeout(900)
def test_a_grant_travels_from_the_open_call_to_the_report_pdf(portal, person):
    # The applicant and the partners work on a phone.
    lead, signatory = person(width=PHONE), person(width=PHONE)
    application.sign_up_from_the_call(Mouse(lead), APPLICANT)
    application.found_the_coalition(Mouse(lead))
    proposal = application.write_the_proposal(Mouse(lead))
    application.partners_sign(Mouse(lead), Mouse(signatory), proposal)
    application.submit(Mouse(lead), proposal)
    _the_call_closes(portal)
    officer = demo_person(person, "omar")
    _screen_and_assign(officer, proposal)
    _review(demo_person(person, "rita"))
    docket = _put_on_the_docket(officer)
    director = demo_person(person, "dina")
    award = _approve(officer, director, docket)
    officer.goto(docket)
    take_step(officer, "Announce the decisions")
    _agree(officer, director, Mouse(signatory), award)
    _pay(demo_person(person, "fay"), demo_person(person, "finn"))
    report = _file_the_report(lead)
    _accept(officer, report)
    _download(lead, report, portal)


def _the_call_closes(portal) -> None:
    portal.python(
        "from datetime import timedelta; from portal import clock; from grants.models import FundingRound;"
        "FundingRound.objects.update(closes_at=clock.now() - timedelta(hours=1))"
    )


def _screen_and_assign(officer: Page, workspace: str) -> None:
    officer.goto(workspace)
    press(officer, "Eligible: send to review")
    # The coalition's district is invented, so the federal list does not know it: the officer goes on knowingly.
    expect(officer.get_by_role("main")).to_contain_text("not in the federal list of districts")
    officer.get_by_role("main").get_by_role("checkbox").check()
    press(officer, "Eligible: send to review")
    expect(officer.locator(".alert-success").first).to_be_visible()
    officer.locator("select[name=reviewer]").select_option(
        officer.locator("select[name=reviewer] option", has_text="Rita Nakamura").get_attribute("value")
    )
    press(officer, "Ask to review")
    expect(officer.locator("#reviews")).to_contain_text("Rita Nakamura")


def _review(reviewer: Page) -> None:
    reviewer.goto("/reviews/")
    # What she has scored already is listed by its title.
    Mouse(reviewer).press(reviewer.get_by_role("main").get_by_role("link", name=re.compile("Review V-")).first)
    heading(reviewer, "Do you have a conflict of interest?")
    expect(reviewer.get_by_role("main")).not_to_contain_text("we count it every spring")
    press(reviewer, "I have no conflict of interest")
    expect(reviewer.get_by_role("main")).to_contain_text("we count it every spring")
    for scores in reviewer.locator("main fieldset:has(input[type=radio])").all():
        scores.locator("input[type=radio]").last.check()
    for reason in reviewer.get_by_label("Your reason").all():
        reason.fill("The partners decide together, and it shows.")
    press(reviewer, "Save and go on to submit")
    heading(reviewer, "Submit review")
    press(reviewer, "Submit review")
    expect(reviewer.locator(".alert-success").first).to_be_visible()


def _put_on_the_docket(officer: Page) -> str:
    officer.goto("/dockets/new/")
    officer.locator("select[name=round]").select_option(index=1)
    officer.get_by_label("Name of the docket").fill("Board docket, spring")
    press(officer, "Prepare the docket")
    heading(officer, "Board docket, spring")
    docket = officer.url
    Mouse(officer).press(officer.get_by_role("main").get_by_role("link", name=COALITION).first)
    officer.get_by_label("Award", exact=True).check()
    press(officer, "Save")
    officer.goto(docket)
    expect(officer.locator("table.docket")).to_contain_text("$1,250,000")
    take_step(officer, "Send to the director")
    return docket


def _approve(officer: Page, director: Page, docket: str) -> str:
    officer.goto(docket)
    expect(officer.get_by_role("link", name="Approve the docket")).to_have_count(0)
    refused = officer.goto(f"{docket}steps/approve/")
    assert refused.status == 403
    expect(officer.get_by_role("main")).to_contain_text("Only a director approves a docket.")
    director.goto(docket)
    expect(director.get_by_role("button", name="Approve the docket")).to_be_disabled()
    Mouse(director).press(director.get_by_role("button", name=re.compile("Agree to the")))
    take_step(director, "Approve the docket", prove_with=DEMO_PASSWORD)
    director.goto("/awards/")
    Mouse(director).press(director.get_by_role("main").get_by_role("link", name=COALITION).first)
    for number in range(1, 6):
        expect(director.get_by_role("main")).to_contain_text(f"Year {number}")
    expect(director.get_by_role("main")).to_contain_text("$1,250,000")
    return director.url


def _agree(officer: Page, director: Page, signatory: Mouse, award: str) -> None:
    """Every partner signs the agreement through a link, without an account; then the director does."""
    officer.goto(award)
    press(officer, "Write the agreement")
    heading(officer, "Write the agreement")
    press(officer, "Save and read the draft")
    press(officer, "Send out for signatures")
    for _, name, signs, title, email in PARTNERS:
        page = signatory.page
        page.goto(open_mail(page, "grant agreement", email))
        heading(page, "Grant agreement")
        form = page.locator("form:has(input[value=sign])")
        signatory.type(form.get_by_label("full name"), signs)
        signatory.type(form.get_by_label("title"), title)
        signatory.tick(form.get_by_role("checkbox"))
        signatory.press(signatory.named("Sign the agreement"))
        expect(page.get_by_role("main")).to_contain_text(f"For {name}")
        heading(page, "Thank you")
    director.goto(award)
    press(director, "Read and sign")
    if director.url.find("/reauthenticate/") > 0:
        director.locator("input[name=password]").fill(DEMO_PASSWORD)
        press(director, "Confirm")
    director.get_by_label("Your title").fill("President")
    director.get_by_role("main").get_by_role("checkbox").check()
    press(director, "Sign for the foundation")
    expect(director.get_by_role("main")).to_contain_text("In force")


def _pay(preparer: Page, releaser: Page) -> None:
    preparer.goto("/payments/")
    Mouse(preparer).press(preparer.get_by_role("main").get_by_role("link", name=re.compile(COALITION)).first)
    payment = preparer.url
    take_step(preparer, "Prepare for release")
    expect(preparer.get_by_role("link", name="Release", exact=True)).to_have_count(0)
    refused = preparer.goto(f"{payment}steps/release/")
    assert refused.status == 403
    expect(preparer.get_by_role("main")).to_contain_text(
        "You prepared this payment, so somebody else has to release it."
    )
    releaser.goto(payment)
    take_step(releaser, "Release", prove_with=DEMO_PASSWORD)
    expect(releaser.get_by_role("main")).to_contain_text("Cleared to pay")
    releaser.goto("/batches/new/")
    press(releaser, "Make the batch")
    batch = releaser.url
    file = releaser.get_by_role("link", name=re.compile("^(See the files|Download the bank file)$")).first
    expect(file).to_be_visible(timeout=60_000)
    preparer.goto(f"{batch}paid/")
    preparer.get_by_label("Day the bank made the payments").fill(timezone.localdate().isoformat())
    preparer.get_by_label("Reference at the bank for all of them").fill("ACH 20417")
    press(preparer, "Record as paid")
    expect(preparer.get_by_role("main")).to_contain_text("Recorded as paid.")


def _file_the_report(page: Page) -> str:
    page.goto("/reports/")
    Mouse(page).press(page.get_by_role("main").get_by_role("link", name=re.compile(COALITION)).first)
    report = page.url
    for section in ("summary", *(f"progress-{code}" for code in COMPONENTS), "reflection"):
        page.goto(f"{report}sections/{section}/")
        for box in page.locator("main textarea").all():
            box.fill("Teams met twice a month, and families came back.")
        if section.startswith("progress-"):
            page.get_by_role("radio", name=re.compile("^Building")).check()
            for status in page.locator("select[name^=status]").all():
                status.select_option("met")
            for met in page.locator("input[type=radio][value=met]").all():
                met.check()
        press(page, "Save and continue")
    page.goto(f"{report}sections/engagement/")
    page.get_by_label("Families: how many").fill("420")
    page.get_by_label("Families: how often in the year").fill("9")
    page.get_by_label("Families: doing what").fill("Reading evenings")
    press(page, "Save and continue")
    _enter_results(page, report)
    page.goto(f"{report}sections/finances/")
    for name, spent in (("Collaboration", "90,000"), ("Partnerships", "80,000"), ("Coherence", "80,000")):
        page.get_by_label(f"{name}: spent").fill(spent)
    press(page, "Save and continue")
    page.goto(f"{report}sections/certification/")
    for number, (_, _, signs, title, _) in enumerate(PARTNERS):
        page.get_by_label("Full name").nth(number).fill(signs)
        page.get_by_label("Title").nth(number).fill(title)
    press(page, "Save and continue")
    page.goto(f"{report}submit/")
    press(page, "Submit report")
    expect(page.get_by_role("main")).to_contain_text(re.compile("submitted", re.IGNORECASE))
    return report


def _enter_results(page: Page, report: str) -> None:
    page.goto(f"{report}tests/new/")
    page.get_by_label("Subject").select_option("mathematics")
    page.get_by_label("Grades").select_option("3-8")
    for level, name in enumerate(("Novice", "Nearing", "Proficient", "Advanced"), 1):
        page.get_by_label(f"Name of level {level}").fill(name)
    for group, counts in (REFERENCE, FOCAL):
        for level, count in enumerate(counts, 1):
            page.get_by_label(f"{group}, level {level}", exact=True).fill(str(count))
    page.get_by_label("Proficient from").select_option("3")
    page.get_by_label("Reference group").select_option(label=REFERENCE[0])
    page.get_by_label("Focal group").select_option(label=FOCAL[0])
    press(page, "Save and see the gap")
    expect(page.get_by_role("main")).to_contain_text("32.3 points")


def _accept(officer: Page, report: str) -> None:
    officer.goto(report)
    take_step(officer, "Accept report", "We read it with pleasure and will call you in May.")


def _download(page: Page, report: str, portal) -> None:
    page.goto(report)
    link = page.get_by_role("main").get_by_role("link", name=re.compile("Download")).first
    expect(link).to_be_visible(timeout=120_000)
    with page.expect_download() as download:
        link.click()
    text = _words(download.value.path())
    for said in (
        COALITION, "$250,000", "$90,000", "42.0 %", "9.7 %", "32.3 points",
        "District and Local Union Capacity and Collaboration", "Family and Community Partnerships",
        "District and School Capacity and Coherence",
    ):  # fmt: skip
        assert said in text
    assert "Traceback" not in portal.log("worker")


def _words(path) -> str:
    with pypdfium2.PdfDocument(path) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return " ".join(" ".join(pages).split())
