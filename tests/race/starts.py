"""Scenario: everybody on a team starts the coalition's proposal at once."""

from grants.domain.proposal import start_proposal
from grants.models import FundingRound, Proposal
from portal.access import Refused
from portal.accounts.models import User
from sites.models import Site
from tests.conftest import NOON
from tests.factories.accounts import UserFactory
from tests.factories.rounds import RoundFactory
from tests.factories.sites import a_site


def prepare():
    actor = UserFactory()
    return {"round": RoundFactory().pk, "site": a_site(actor, name="Harbor Promise").pk, "actor": actor.pk}


def act(facts, number):
    round_, site = FundingRound.objects.get(pk=facts["round"]), Site.objects.get(pk=facts["site"])
    actor = User.objects.get(pk=facts["actor"])
    try:
        start_proposal(round_, site, actor=actor, at=NOON, title=f"Title {number}")
    except Refused as refusal:
        return str(refusal)
    return "started"


def outcome(facts):
    return {"references": list(Proposal.objects.values_list("reference", flat=True))}
