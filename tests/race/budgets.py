"""Scenario: a team of many saves the same page of the budget at once, each with other amounts."""

from decimal import Decimal

from grants.domain.budget import save_budget
from grants.models import BudgetLine, BudgetYear, Proposal
from portal.accounts.models import User
from portal.money import total
from portal.record import Stale
from tests.conftest import NOON
from tests.factories.accounts import UserFactory
from tests.factories.proposals import ProposalFactory
from tests.factories.sites import a_site


def prepare():
    actor = UserFactory()
    return {"proposal": ProposalFactory(site=a_site(actor)).pk, "actor": actor.pk}


def act(facts, number):
    proposal = Proposal.objects.select_related("round", "site").get(pk=facts["proposal"])
    actor = User.objects.get(pk=facts["actor"])
    cells = {("coherence", "personnel", year): Decimal(240000 + number) for year in range(1, 6)}
    try:
        save_budget(proposal, cells, actor=actor, at=NOON, version=0, editor=f"{number:032d}")
    except Stale:
        return "told of a colleague"
    return "saved"


def outcome(facts):
    lines = BudgetLine.objects.filter(proposal=facts["proposal"])
    years = BudgetYear.objects.filter(proposal=facts["proposal"])
    written = lines.aggregate(sum=total("amount"))["sum"]
    return {
        "lines": lines.count(),
        "in_step": written == years.aggregate(sum=total("amount"))["sum"]
        and written == Proposal.objects.get(pk=facts["proposal"]).amount_requested,
    }
