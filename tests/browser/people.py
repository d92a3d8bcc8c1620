"""What people do with a browser in the tests: sign in, open their mail, press the buttons they see."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from portal.demo import DEMO_PASSWORD
from tests.browser.hands import Mouse

PASSWORD = "a harbor pilot's whistle"


def sign_in(page: Page, email: str, password: str = DEMO_PASSWORD) -> Page:
    """Sign in with e-mail and password."""
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    Mouse(page).press(page.get_by_role("main").get_by_role("button", name="Sign in").first)
    expect(page).not_to_have_url(re.compile("/accounts/login/"))
    return page


def prove(page: Page, password: str) -> None:
    """Enter the password once more, so that grave acts do not ask for it during the next minutes."""
    page.goto("/accounts/reauthenticate/?next=/")
    page.locator("input[name=password]").fill(password)
    press(page, "Confirm")


def demo_person(person, handle: str) -> Page:
    """A window in which somebody of the demo is signed in."""
    return sign_in(person(), f"{handle}@demo.example")


def open_mail(page: Page, subject: str, to: str) -> str:
    """Open the newest mail to an address in the demo's mailbox; returns the first link in it."""
    page.goto("/mail/mailbox/")
    row = page.get_by_role("row").filter(has_text=to).filter(has_text=subject).first
    Mouse(page).press(row.get_by_role("link"))
    link = page.locator(".card-body a[href^='http']").first
    return link.get_attribute("href")


def press(page: Page, name: str) -> None:
    """Press the button or follow the link of that name in the page's main part, and wait for the page it leads to."""
    hands = Mouse(page)
    hands.press(hands.named(name))


def heading(page: Page, text: str) -> None:
    """See that the page's heading says so."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)


def take_step(page: Page, step: str, reason: str = "", prove_with: str = "") -> None:
    """Go from a record's page to the page of a step, give the reason if there is one, and confirm.

    `prove_with` is the password of a person who is asked once more who they are, because money or decisions move.
    """
    press(page, step)
    if prove_with:
        heading(page, "Confirm that it is you")
        page.locator("input[name=password]").fill(prove_with)
        press(page, "Confirm")
    heading(page, step)
    if reason:
        page.get_by_label("Reason").fill(reason)
    Mouse(page).press(page.get_by_role("main").get_by_role("button", name=step, exact=True))
    expect(page.locator(".alert-success").first).to_be_visible()
