"""Scenario: a director approves a docket while the coalition's team saves the budget of its next proposal over and over.

Both lock rows of one site: approving takes the site and then proposals, saving takes its proposal alone.
"""

from decimal import Decimal

from grants.domain.budget import save_budget
from grants.models import DocketLine, Proposal
from grants.workflow import DOCKET
from portal.access import Refused
from portal.accounts.models import User
from portal.record import Stale
from tests.conftest import NOON
from tests.factories.accounts import UserFactory
from tests.factories.awards import APPROVED_AT
from tests.factories.proposals import ProposalFactory
from tests.factories.rounds import RoundFactory
from tests.factories.sites import SeatFactory
from tests.race.awards import prepare as prepare_lines

SAVES = 15


def prepare():
    facts = prepare_lines()
    line = DocketLine.objects.select_related("proposal__site").get(pk=facts["lines"][0])
    actor = UserFactory()
    SeatFactory(site=line.proposal.site, holder=actor)
    draft = ProposalFactory(round=RoundFactory(), site=line.proposal.site)
    return facts | {"draft": draft.pk, "actor": actor.pk}


def act(facts, number):
    if number < 4:
        docket = DocketLine.objects.get(pk=facts["lines"][number]).docket
        try:
            DOCKET.perform(docket, "approve", actor=User.objects.get(pk=facts["director"]), at=APPROVED_AT)
        except Refused:
            return "refused"
        return "approved"
    actor = User.objects.get(pk=facts["actor"])
    for turn in range(SAVES):
        draft = Proposal.objects.select_related("round", "site").get(pk=facts["draft"])
        version = draft.sections.values_list("version", flat=True).first() or 0
        cells = {("coherence", "personnel", 1): Decimal(1000 * number + turn)}
        try:
            save_budget(draft, cells, actor=actor, at=NOON, version=version)
        except Stale:
            continue
    return "saved"


def outcome(facts):
    draft = Proposal.objects.get(pk=facts["draft"])
    return {"in_step": draft.amount_requested == draft.budget_years.get(year=1).amount}
