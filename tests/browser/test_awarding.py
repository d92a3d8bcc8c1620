"""A round of thirty proposals and twelve reviewers, from screening to paid, each act by its own person."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hands import Mouse
from tests.browser.people import PASSWORD, heading, open_mail, press, prove, sign_in, take_step

PROPOSALS, REVIEWERS, EACH = 30, 12, 2
# What six awards of $240,000 a year over five years come to; the seventh does not fit into the envelope.
AWARDS, COMMITTED = 6, "$7,200,000"
SITE = "Walk"

# It walks through pages; what they do is tested on both databases beside it.
pytestmark = [pytest.mark.timeout(1200), pytest.mark.once]


@pytest.fixture
def call(portal):
    """The round's reference and the addresses of its people, by what they do."""
    return json.loads(portal.python(f"from tests.browser.a_round import begin; begin({PROPOSALS}, {REVIEWERS})"))


def test_a_round_goes_from_screening_to_paid(portal, person, call):
    officer = sign_in(person(), call["officer"], PASSWORD)
    director = sign_in(person(), call["director"], PASSWORD)
    _screen_all(officer, call["round"])
    _assign_all(officer, portal, call["round"])
    _review_one(sign_in(person(), call["reviewer"], PASSWORD))
    portal.python(f"from tests.browser.a_round import review_the_rest; review_the_rest({call['round']!r})")
    _look_at_the_matrix(officer, call["round"])
    docket = _build_the_docket(officer)
    _decide(director, docket)
    _release_the_letters(officer, docket)
    site, lead = _an_awarded_team(officer, call)
    _read_the_letter(sign_in(person(width=360), lead, PASSWORD))
    signatories = json.loads(portal.python(f"from tests.browser.a_round import signatories; signatories({site!r})"))
    _agree(officer, director, person(width=360), site, signatories)
    finance = sign_in(person(), call["preparer"], PASSWORD)
    today = portal.python("from django.utils import timezone; print(timezone.localdate())").strip()
    _pay(finance, sign_in(person(), call["releaser"], PASSWORD), today)
    _see_it_add_up(finance, call["round"])
    assert "Traceback" not in portal.log("worker")


def _screen_all(officer: Page, reference: str) -> None:
    left = PROPOSALS
    while left:
        officer.goto(f"/screening/?round={reference}")
        ticks = officer.locator("table.screening input.tick:enabled")
        here = ticks.count()
        assert here
        for tick in ticks.all():
            tick.check()
        press(officer, "Continue")
        for known in officer.locator("input[name=known]").all():
            known.check()
        press(officer, "Send to review")
        heading(officer, f"{here} done")
        left -= here
    officer.goto("/screening/")
    expect(officer.get_by_role("main")).not_to_contain_text(f"{SITE} 01 Together")


def _assign_all(officer: Page, portal, reference: str) -> None:
    officer.goto(f"/rounds/{reference}/assignment/")
    press(officer, "Propose an assignment")
    _wait_for(officer, "every proposal has enough")
    press(officer, "Save and see what is sent")
    heading(officer, "Send the plan")
    press(officer, "Ask the reviewers")
    told = ""
    for _ in range(600):
        told = portal.python(f"from tests.browser.a_round import shares; shares({reference!r})")
        if f'"asked": {PROPOSALS * EACH}' in told:
            break
        officer.wait_for_timeout(500)
    # Every proposal has as many as the round asks for, and nobody much more than somebody else.
    of_proposals, of_reviewers = (json.loads(told)[name] for name in ("proposals", "reviewers"))
    assert of_proposals == [EACH] * PROPOSALS
    assert len(of_reviewers) >= REVIEWERS
    assert max(of_reviewers) - min(of_reviewers) <= EACH


def _wait_for(page: Page, words: str) -> None:
    """Open the page again until a worker has done what it was asked."""
    for _ in range(600):
        page.reload()
        if page.get_by_role("main").get_by_text(words).count():
            return
        page.wait_for_timeout(500)
    expect(page.get_by_role("main")).to_contain_text(words)


def _review_one(reviewer: Page) -> None:
    reviewer.goto("/reviews/")
    Mouse(reviewer).press(reviewer.get_by_role("main").get_by_role("link", name=re.compile(rf"{SITE}|V-\d{{4}}")).first)
    heading(reviewer, "Do you have a conflict of interest?")
    press(reviewer, "I have no conflict of interest")
    for scores in reviewer.locator("main fieldset:has(input[type=radio])").all():
        scores.locator("input[type=radio]").last.check()
    for reason in reviewer.get_by_label("Your reason").all():
        reason.fill("Each school has its own plan, and the union wrote half of it.")
    press(reviewer, "Save and go on to submit")
    press(reviewer, "Submit review")
    expect(reviewer.locator(".alert-success").first).to_be_visible()


def _look_at_the_matrix(officer: Page, reference: str) -> None:
    officer.goto(f"/rounds/{reference}/matrix/")
    main = officer.get_by_role("main")
    for number in range(1, PROPOSALS + 1):
        expect(main.get_by_text(f"{SITE} {number:02} Together").first).to_be_attached()
    expect(main).to_contain_text("Krippendorff")


def _build_the_docket(officer: Page) -> str:
    officer.goto("/dockets/new/")
    officer.locator("select[name=round]").select_option(label="Thirty coalitions")
    officer.get_by_label("Name of the docket").fill("Board docket for thirty")
    press(officer, "Prepare the docket")
    heading(officer, "Board docket for thirty")
    docket = officer.url
    expect(officer.get_by_role("main")).to_contain_text(COMMITTED)
    take_step(officer, "Send to the director")
    return docket


def _decide(director: Page, docket: str) -> None:
    director.goto(docket)
    press(director, f"Agree to the {PROPOSALS} open lines")
    take_step(director, "Approve the docket", prove_with=PASSWORD)


def _release_the_letters(officer: Page, docket: str) -> None:
    officer.goto(f"{docket}letters/")
    press(officer, f"Release all {PROPOSALS}")
    press(officer, f"Release {PROPOSALS} letters")
    expect(officer.get_by_role("main")).to_contain_text("Every letter is released")


def _an_awarded_team(officer: Page, call: dict) -> tuple[str, str]:
    """The name of a site that was awarded, and the address of its lead."""
    officer.goto("/awards/")
    links = officer.get_by_role("main").get_by_role("link", name=re.compile(rf"^{SITE} \d\d Together"))
    assert links.count() == AWARDS
    site = re.search(rf"{SITE} (\d\d) Together", links.first.inner_text())
    return site[0], call[f"lead-{site[1]}"]


def _read_the_letter(lead: Page) -> None:
    lead.goto("/proposals/")
    Mouse(lead).press(lead.get_by_role("main").get_by_role("link", name=re.compile(SITE)).first)
    expect(lead.get_by_role("main")).to_contain_text("Awarded")


def _agree(officer: Page, director: Page, phone: Page, site: str, signatories: list[tuple[str, str]]) -> None:
    officer.goto("/awards/")
    Mouse(officer).press(officer.get_by_role("main").get_by_role("link", name=site).first)
    award = officer.url
    press(officer, "Write the agreement")
    press(officer, "Save and read the draft")
    press(officer, "Send out for signatures")
    for email, name in signatories:
        phone.goto(open_mail(phone, "grant agreement", email))
        form = phone.locator("form:has(input[value=sign])")
        form.get_by_label("full name").fill(name)
        form.get_by_label("title").fill("As the agreement says")
        form.get_by_role("checkbox").check()
        press(phone, "Sign the agreement")
        heading(phone, "Thank you")
    prove(director, PASSWORD)
    director.goto(award)
    press(director, "Read and sign")
    director.get_by_label("Your title").fill("President")
    director.get_by_role("main").get_by_role("checkbox").check()
    press(director, "Sign for the foundation")
    expect(director.get_by_role("main")).to_contain_text("In force")


def _pay(preparer: Page, releaser: Page, today: str) -> None:
    preparer.goto(f"/payments/bulk/prepare/?q={SITE}")
    press(preparer, "Prepare for release")
    heading(preparer, "1 of 1 done")
    prove(preparer, PASSWORD)
    preparer.goto(f"/payments/bulk/release/?q={SITE}")
    expect(preparer.get_by_role("main")).to_contain_text("1 more payment waits for somebody else: you prepared it.")
    prove(releaser, PASSWORD)
    releaser.goto(f"/payments/bulk/release/?q={SITE}")
    press(releaser, "Release")
    heading(releaser, "1 of 1 done")
    preparer.goto("/batches/new/")
    for payment in preparer.locator("input[name=payments]:checked").all():
        row = preparer.get_by_role("row").filter(has=preparer.locator(f"#{payment.get_attribute('id')}"))
        if SITE not in row.inner_text():
            payment.uncheck()
    press(preparer, "Make the batch")
    heading(preparer, "B-")
    _wait_for(preparer, "Record what the bank paid")
    press(preparer, "Record what the bank paid")
    preparer.get_by_label("Day the bank made the payments").fill(today)
    preparer.get_by_label("Reference at the bank for all of them").fill("ACH 2611-0042")
    press(preparer, "Record as paid")
    heading(preparer, "What was recorded")
    expect(preparer.get_by_role("main")).to_contain_text("Done")


def _see_it_add_up(finance: Page, reference: str) -> None:
    finance.goto(f"/reconciliation/?round={reference}")
    together = finance.get_by_role("main").get_by_role("row").last
    expect(together).to_contain_text(COMMITTED)
    expect(together).to_contain_text("$240,000")
