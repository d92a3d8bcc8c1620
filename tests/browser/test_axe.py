"""Every page of every role in a real browser: axe finds nothing, nothing is too wide at 360 px, no console errors."""

import pytest

from portal.demo import DEMO_PASSWORD
from tests.browser.conftest import PATIENCE
from tests.browser.crawl import WIDE, Crawl
from tests.browser.people import press, prove, sign_in
from tests.guards.routes import ROUTES
from tests.guards.routes.route import NOBODY

# What a page looks like does not depend on the database.
pytestmark = [pytest.mark.timeout(1200), pytest.mark.once]
VISITOR = "visitor"
# Everybody who looks, with the pages that only a form leads them to.
READERS = {
    VISITOR: (
        "/accounts/confirm-email/", "/accounts/inactive/", "/accounts/password/reset/done/",
        "/accounts/password/reset/key/done/", "/accounts/password/reset/key/a-b/", "/accounts/confirm-email/no-key/",
    ),
    "ana": ("/accounts/logout/", "/accounts/reauthenticate/"),
    "chen": (), "hugo": (), "petra": (), "lea": (), "omar": (), "dina": (), "fay": (), "rita": (), "rolf": (),
    "ruth": (),
    "otto": (), "ada": (),
}  # fmt: skip
# Answers without a page of their own: redirects, health, style, files; and what nobody in the demo has to do now.
NO_PAGE = frozenset(
    {
        "account_confirm_login_code", "account_set_password", "mfa_authenticate", "mfa_login_webauthn",
        "mfa_download_recovery_codes",
        "portal:brand-stylesheet", "portal:livez", "portal:readyz",
    }
)  # fmt: skip

# Files, and pages of acts that nobody in the demo has to take at its moment.
NOT_NOW = frozenset(
    {
        "grants:amendment-change", "grants:assignment-send", "grants:assignment-sent", "grants:award-close",
        "grants:batch-paid", "grants:calibration-call-off", "grants:calibration-close", "grants:condition-change",
        "grants:docket-book-file", "grants:letter-template-reset", "grants:payment-bulk",
        "grants:payment-record-paid", "grants:reading-copy", "grants:refund-new", "grants:review-file",
        "grants:review-move", "grants:reviewer-invitation", "grants:reviewer-invitation-answer",
        "grants:screening-decide",
    }
)  # fmt: skip


@pytest.fixture(scope="module")
def walked(demo_portal, chromium):
    """The portal after everybody has walked through it."""
    crawl = Crawl(demo_portal.base_url)
    for who in READERS:
        context = chromium.new_context(base_url=crawl.base_url, viewport=WIDE, locale="en-US", accept_downloads=True)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        if who != VISITOR:
            sign_in(page, f"{who}@demo.example")
            if "/2fa/" in page.url:
                crawl.look(page, f"{who} at the second step")
                page.locator("input[name=code]").fill(demo_portal.notes["code"])
                press(page, "Sign in")
            prove(page, DEMO_PASSWORD)
        crawl.walk(page, who, *READERS[who], *demo_portal.notes["also"].get(who, ()))
        context.close()
    return crawl


@pytest.mark.parametrize("who", READERS)
def test_pages_of_a_reader_are_in_order(walked, who):
    assert [found for found in walked.findings if found.startswith(f"{who} ")] == []


def test_every_page_was_seen(walked):
    pages = {route.name for route in ROUTES if route.get not in (None, NOBODY)}

    assert sorted(pages - set(walked.routes)) == sorted(NO_PAGE | NOT_NOW)
