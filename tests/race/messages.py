"""Scenario: one message is sent by all at once, a double click and its retries."""

from grants.domain.message import write_message
from grants.models import Proposal, TeamMessage
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.mail.models import Message
from tests.conftest import NOON
from tests.factories.accounts import UserFactory
from tests.factories.proposals import ProposalFactory
from tests.factories.sites import a_site

KEY = "0123456789abcdef0123456789abcdef"


def prepare():
    actor = UserFactory()
    UserFactory(roles=[Role.OFFICER])
    return {"proposal": ProposalFactory(site=a_site(actor)).pk, "actor": actor.pk}


def act(facts, number):
    proposal = Proposal.objects.select_related("round", "site").get(pk=facts["proposal"])
    write_message(proposal, "Who signs?", actor=User.objects.get(pk=facts["actor"]), at=NOON, key=KEY)
    return "sent"


def outcome(facts):
    return {
        "messages": TeamMessage.objects.count(),
        "mails": Message.objects.filter(template="message_from_team").count(),
    }
