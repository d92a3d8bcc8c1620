"""What an applicant does from the open call to the receipt, with either pair of hands."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.hands import Mouse
from tests.browser.people import PASSWORD, heading, open_mail, sign_in

COMPONENTS = ("collaboration", "partnerships", "coherence")
COALITION = "Anchor Bay Together"
TITLE = "Anchor Bay closes the gaps"
PARTNERS = (
    ("School district", "Anchor Bay Public Schools", "Dr. Ines Falk", "Superintendent", "falk@anchor-bay.example"),
    ("Education union", "Anchor Bay Education Association", "Joe Marin", "President", "marin@anchor-bay.example"),
    ("Community partner", "Anchor Bay Fund", "Lucy Boateng", "Director", "boateng@anchor-bay.example"),
)
TAX_STATUS = ("Government unit or public school district", "Labor organization, 501(c)(5)", "Public charity, 501(c)(3)")
# Invented numbers of students at each level, from the lowest to the highest.
BASELINE = (("White", (210, 380, 402, 231)), ("Hispanic or Latino", (264, 201, 120, 44)))


def sign_up_from_the_call(hands: Mouse, email: str) -> None:
    """Read the open call, sign up there, and follow the link in the mail."""
    page = hands.page
    page.goto("/")
    heading(page, "Five years to close the gaps")
    hands.press(hands.named(re.compile("Closing the Gaps")))
    expect(page.get_by_role("main")).to_contain_text("Which gaps in achievement do you want to close")
    expect(page.get_by_role("main")).to_contain_text("800 words")
    hands.press(hands.named("Sign up to apply"))
    hands.type(page.get_by_label("Full name"), "Marisol Vance")
    hands.type(page.locator("input[name=email]"), email)
    hands.type(page.locator("input[name=password1]"), PASSWORD)
    hands.press(hands.named("Create the account"))
    page.goto(open_mail(page, "onfirm", email))
    heading(page, "Confirm your e-mail address")
    hands.press(hands.named("Yes, confirm it"))
    if "/accounts/login/" in page.url:
        sign_in(page, email, PASSWORD)


def found_the_coalition(hands: Mouse) -> None:
    """A coalition with its three partners, fiscal agent and schools."""
    page = hands.page
    page.goto("/coalitions/new/")
    hands.type(page.get_by_label("Name of the coalition"), COALITION)
    hands.type(page.get_by_label("City or county"), "Anchor Bay")
    hands.choose(page.get_by_label("State", exact=True), "Massachusetts")
    hands.type(page.get_by_label("Students enrolled"), "12,400")
    hands.press(page.locator("main form button[type=submit]").last)
    heading(page, COALITION)
    record = page.url
    for number, ((kind, name, signs, title, email), status) in enumerate(zip(PARTNERS, TAX_STATUS, strict=True), 1):
        hands.press(hands.named("Add a partner"))
        hands.tick(page.get_by_label(kind))
        hands.type(page.get_by_label("Name of the organization"), name)
        if number == 1:
            hands.type(page.get_by_label("NCES district id"), "2599001")
        hands.type(page.get_by_label("Who signs for it"), signs)
        hands.type(page.get_by_label("Their title"), title)
        hands.type(page.get_by_label("Their e-mail address"), email)
        hands.type(page.get_by_label("Employer identification number"), f"04-000000{number}")
        hands.choose(page.get_by_label("Tax status"), status)
        hands.press(hands.named("Add the partner"))
        expect(page.get_by_role("main")).to_contain_text(name)
        expect(page).to_have_url(re.compile(r"/coalitions/[^/]+/$"))
    page.goto(f"{record}fiscal-agent/")
    hands.tick(page.get_by_label("Anchor Bay Fund"))
    hands.press(page.locator("main form button[type=submit]").first)
    page.goto(f"{record}schools/")
    hands.type(page.get_by_label("Schools, one to a line"), "Breakwater Elementary\nAnchor Bay High")
    hands.press(page.locator("main form button[type=submit]").first)
    page.goto(record)
    expect(page.get_by_role("main")).to_contain_text("The coalition is complete")


def write_the_proposal(hands: Mouse) -> str:
    """Start a proposal and complete every section but the signatures; returns the workspace's address."""
    page = hands.page
    page.goto("/calls/")
    hands.press(hands.named(re.compile("Closing the Gaps")))
    hands.press(hands.named("Start a proposal"))
    hands.type(page.get_by_label("Title of the proposal"), TITLE)
    hands.press(hands.named("Start the proposal"))
    heading(page, TITLE)
    workspace = page.url
    for section in ("eligibility", "coalition", "need", *(f"plan-{code}" for code in COMPONENTS), "sustainability"):
        page.goto(f"{workspace}sections/{section}/")
        for yes in page.get_by_label("Yes").all():
            hands.tick(yes)
        for box in page.locator("main textarea").all():
            hands.type(box, "We do what we agreed on, and we count it every spring.")
        if section.startswith("plan-"):
            hands.choose(page.locator("select[name$=year]").first, "Year 1")
            hands.type(page.locator("input[name$=text]").first, "Every school has a team")
        hands.press(hands.named("Save and go back"))
        expect(page).to_have_url(workspace)
    _enter_the_baseline(hands, workspace)
    _fill_the_budget(hands, workspace)
    return workspace


def _enter_the_baseline(hands: Mouse, workspace: str) -> None:
    page = hands.page
    page.goto(f"{workspace}sections/baseline/")
    hands.press(hands.named("Type the numbers instead"))
    hands.choose(page.get_by_label("Subject"), "Mathematics")
    hands.choose(page.get_by_label("Grades"), "Grades 3-8")
    hands.type(page.get_by_label("School year"), "2025-26")
    for group, counts in BASELINE:
        for level, count in enumerate(counts, 1):
            hands.type(page.get_by_label(f"{group}, Level {level}", exact=True), str(count))
    hands.press(hands.named("Save the table"))
    expect(page.get_by_role("main")).to_contain_text("Mathematics")
    expect(page).to_have_url(re.compile("/sections/baseline/$"))


def _fill_the_budget(hands: Mouse, workspace: str) -> None:
    page = hands.page
    page.goto(f"{workspace}sections/budget/")
    hands.type(_budget_cell(page, "Collaboration", 2), "$250,000.01")
    expect(page.locator("#sum_year_2")).to_contain_text("$0.01 over")
    hands.press(hands.named("Save and go back"))
    expect(page.get_by_role("main")).to_contain_text(
        "Year 2 is $250,000.01: $0.01 over the yearly ceiling of $250,000."
    )
    expect(_budget_cell(page, "Collaboration", 2)).to_have_value("$250,000.01")
    for component, amount in (("Collaboration", "90,000"), ("Partnerships", "80000"), ("Coherence", "$80,000.00")):
        for year in range(1, 6):
            hands.type(_budget_cell(page, component, year), amount)
        why = page.get_by_label(re.compile(f"Why {component}, Salaries and benefits.* is needed"))
        hands.type(why, "Two coaches, paid by the district's scale.")
    hands.press(hands.named("Save and go back"))
    expect(page).to_have_url(workspace)
    expect(page.get_by_role("main")).to_contain_text("$1,250,000 of $1,250,000")


def _budget_cell(page, component: str, year: int):
    return page.get_by_label(f"{component}, Salaries and benefits, year {year}")


def partners_sign(lead: Mouse, signatory: Mouse, workspace: str) -> None:
    """The lead asks every partner; each opens the link in the mail and signs, without an account."""
    for _, name, signs, title, email in PARTNERS:
        lead.page.goto(f"{workspace}sections/signoffs/")
        lead.press(lead.page.get_by_role("button", name=re.compile(f"Ask to sign.*{name}")))
        expect(lead.page.get_by_role("main")).to_contain_text("Waiting")
        page = signatory.page
        page.goto(open_mail(page, "ign", email))
        heading(page, TITLE)
        form = page.locator("form:has(input[value=sign])")
        signatory.type(form.get_by_label("full name"), signs)
        signatory.type(form.get_by_label("title"), title)
        signatory.tick(form.get_by_role("checkbox"))
        signatory.press(signatory.named("Sign the proposal"))
        expect(page.get_by_role("main")).to_contain_text(re.compile("signed", re.IGNORECASE))


def submit(hands: Mouse, workspace: str) -> None:
    """Check the answers, submit, and read the receipt."""
    page = hands.page
    page.goto(workspace)
    hands.press(hands.named("Check and submit"))
    heading(page, "Check your answers")
    hands.press(hands.named("Submit proposal"))
    heading(page, "We received your proposal")
    expect(page.locator(".receipt")).to_contain_text(re.compile(r"P-\d{4}-\d{4}, submission 1"))
    expect(page.locator(".sha")).to_contain_text(re.compile(r"[0-9a-f]{64}"))
