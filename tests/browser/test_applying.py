"""A whole application with nothing but a keyboard, and requests at the closing instant of a call."""

from __future__ import annotations

import json
import re
import time
from datetime import datetime

import pytest
from playwright.sync_api import expect

from tests.browser import application
from tests.browser.conftest import PATIENCE
from tests.browser.hands import Keyboard
from tests.browser.people import heading, press, sign_in

# Two complete drafts of one person in a call of their own.
_WRITE = """
import json
from datetime import timedelta
from portal import clock
from portal.demo.cast import team_lead
from tests.factories.proposals import a_complete_proposal
from tests.factories.rounds import RoundFactory
now = clock.now()
round_ = RoundFactory(
    opens_at=now - timedelta(days=20), closes_at=now + timedelta(days=1),
    decision_by=(now + timedelta(days=90)).date(), first_year_starts_on=(now + timedelta(days=250)).date(),
)
lead = team_lead("last", "Last Minute")
drafts = [a_complete_proposal(round=round_, actor=lead, at=now - timedelta(days=1)).reference for _ in range(2)]
print(json.dumps({"round": round_.pk, "drafts": drafts}))
"""
_CLOSE = """
from datetime import timedelta
from portal import clock
from grants.models import FundingRound
closes = clock.now() + timedelta(seconds=15)
FundingRound.objects.filter(pk=%s).update(closes_at=closes)
print(closes.isoformat())
"""


@pytest.fixture
def window(chromium, demo_portal):
    """A function that opens a window on the portal with the demo in it."""
    contexts = []

    def opened():
        context = chromium.new_context(base_url=demo_portal.base_url, locale="en-US", timezone_id="America/New_York")
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


# The keys people press do not depend on the database.
@pytest.mark.once
@pytest.mark.timeout(900)
def test_whole_application_needs_nothing_but_a_keyboard(window):
    lead, signatory = Keyboard(window()), Keyboard(window())

    application.sign_up_from_the_call(lead, "marisol-keys@anchor-bay.example")
    application.found_the_coalition(lead)
    proposal = application.write_the_proposal(lead)
    application.partners_sign(lead, signatory, proposal)
    application.submit(lead, proposal)


@pytest.mark.timeout(300)
def test_submit_before_the_closing_instant_counts_and_after_it_is_told_when(window, demo_portal):
    facts = json.loads(demo_portal.python(_WRITE))
    in_time, late = sign_in(window(), "last@demo.example"), sign_in(window(), "last@demo.example")
    for page, reference in zip((in_time, late), facts["drafts"], strict=True):
        page.goto(f"/proposals/{reference}/submit/")
    closes = datetime.fromisoformat(demo_portal.python(_CLOSE % facts["round"]).strip()).timestamp()

    press(in_time, "Submit proposal")
    time.sleep(max(0.0, closes - time.time()))
    press(late, "Submit proposal")

    heading(in_time, "We received your proposal")
    expect(late.get_by_role("main")).to_contain_text(re.compile("closed on"))
    late.goto(f"/proposals/{facts['drafts'][1]}/")
    expect(late.get_by_role("main")).to_contain_text("Draft")
