"""Scenario: sixteen beats find the same twenty teams to remind at the same time."""

from datetime import timedelta

from grants.domain.reminder import remind
from grants.models import FundingRound, Reminder
from portal.mail.models import Message
from tests.factories.accounts import UserFactory
from tests.factories.proposals import ProposalFactory
from tests.factories.rounds import RoundFactory
from tests.factories.sites import a_site

TEAMS = 20


def prepare():
    round_ = RoundFactory()
    for _ in range(TEAMS):
        ProposalFactory(round=round_, site=a_site(UserFactory()), created_at=round_.opens_at)
    return {}


def act(facts, number):
    return str(remind(at=FundingRound.objects.get().closes_at - timedelta(days=1)))


def outcome(facts):
    return {
        "reminders": Reminder.objects.filter(superseded=False).count(),
        "mails": Message.objects.count(),
        "told": Message.objects.values("to").distinct().count(),
    }
