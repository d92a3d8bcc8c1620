"""Scenario: directors approve whole dockets at once, each with an award of 5 × $50,000 to the same site."""

from grants.models import DocketLine
from grants.workflow import DOCKET
from portal.access import Refused
from portal.accounts.models import User
from tests.factories.awards import APPROVED_AT
from tests.race.awards import outcome, prepare

__all__ = ["act", "outcome", "prepare"]


def act(facts, number):
    docket = DocketLine.objects.get(pk=facts["lines"][number]).docket
    try:
        DOCKET.perform(docket, "approve", actor=User.objects.get(pk=facts["director"]), at=APPROVED_AT)
    except Refused as refusal:
        return f"refused: {refusal.reasons[0]}"
    return "awarded"
