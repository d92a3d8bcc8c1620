"""Scenario: over two hundred proposals are submitted by requests that arrive within a second around the closing instant."""

import time
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse

from grants.domain.baseline import save_table
from grants.domain.budget import save_budget
from grants.enums import BudgetCategory, ProposalState
from grants.models import FundingRound, Proposal, Submission
from portal import clock
from portal.accounts.models import User
from sites.enums import SeatRole
from tests.factories.accounts import UserFactory
from tests.factories.proposals import ProposalFactory, some_results
from tests.factories.rounds import RoundFactory
from tests.factories.sites import SeatFactory, a_site

# The manifest of static files is made when a release is built, and the test's browser calls us by a name of its own.
PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
OURS = {"STORAGES": {**settings.STORAGES, "staticfiles": PLAIN}, "ALLOWED_HOSTS": ["testserver"]}
EACH = 13
PROCESSES = 16
# From the first to the last request that a process sends, around the closing.
AROUND = timedelta(seconds=1)
HEAD_START = timedelta(seconds=15)


def prepare():
    now = clock.now()
    actor = UserFactory()
    round_ = RoundFactory(
        core=False, sign_offs_required=False, opens_at=now - timedelta(days=9), closes_at=now + timedelta(days=9)
    )
    proposals = [_ready(round_, actor) for _ in range(EACH * PROCESSES)]
    # Every page is loaded before the processes part, so that none of them starts late.
    with override_settings(**OURS):
        _browser_of(actor).get(reverse("grants:proposal-submit", args=[proposals[0]]))
    FundingRound.objects.update(closes_at=clock.now() + HEAD_START)
    return {"actor": actor.pk, "proposals": proposals}


def act(facts, number):
    mine = facts["proposals"][number * EACH : (number + 1) * EACH]
    with override_settings(**OURS):
        return _submit_around_the_closing(facts, mine)


def _submit_around_the_closing(facts, mine) -> str:
    browser = _browser_of(User.objects.get(pk=facts["actor"]))
    closes = FundingRound.objects.get().closes_at
    wrong = 0
    for place, reference in enumerate(mine):
        due = closes - AROUND / 2 + AROUND * place / EACH
        time.sleep(max(0.0, (due - clock.now()).total_seconds()))
        sent = clock.now()
        response = browser.post(reverse("grants:proposal-submit", args=[reference]), {"key": uuid4().hex})
        answered = clock.now()
        accepted = {302: True, 409: False}[response.status_code]
        # It arrived between these two instants: only one that lies between them may go either way.
        wrong += (answered <= closes and not accepted) or (sent > closes and accepted)
        wrong += accepted != Submission.objects.filter(proposal__reference=reference).exists()
    return f"{wrong} wrong"


def outcome(facts):
    closes = FundingRound.objects.get().closes_at
    submitted = Submission.objects.count()
    return {
        "late": Submission.objects.filter(at__gt=closes).count(),
        "doubled": submitted - Submission.objects.values("proposal").distinct().count(),
        "in_step": submitted == Proposal.objects.filter(state=ProposalState.SUBMITTED).count(),
        "some": 0 < submitted < len(facts["proposals"]),
        "asked": len(facts["proposals"]),
    }


def _browser_of(person) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def _ready(round_, actor) -> str:
    """A draft that lacks nothing."""
    site = a_site()
    SeatFactory(site=site, holder=actor, role=SeatRole.LEAD)
    proposal = ProposalFactory(round=round_, site=site, started_by=actor)
    cells = {("collaboration", BudgetCategory.TRAVEL.value, 1): Decimal("1000")}
    save_budget(proposal, cells, actor=actor, at=clock.now(), version=0)
    save_table(proposal, some_results(), actor=actor, at=clock.now(), version=0)
    return proposal.reference
