"""Scenario: sixteen beats remind the same signatories at the same instant, after a day of downtime."""

from datetime import timedelta

from grants.domain.signoff_reminder import AFTER, remind_signatories
from portal.mail.models import Message
from tests.conftest import NOON
from tests.race.signatures import prepare

__all__ = ["act", "outcome", "prepare"]


def act(facts, number):
    remind_signatories(at=NOON + AFTER + timedelta(days=1))
    return "beaten"


def outcome(facts):
    mails = Message.objects.filter(template="sign_off_reminder")
    return {"mails": mails.count(), "people": mails.values("to").distinct().count()}
