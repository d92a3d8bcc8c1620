"""Scenario: officers send sixteen drafts of one round at once, each its own."""

from grants.domain.docket import prepare_docket
from grants.models import Docket
from grants.workflow import DOCKET
from portal.access import Refused
from portal.accounts.enums import Role
from portal.accounts.models import User
from tests.factories.accounts import UserFactory
from tests.factories.dockets import DECIDED_AT, a_reviewed_proposal
from tests.race.conftest import PROCESSES


def prepare():
    officer = UserFactory(roles=[Role.OFFICER])
    round_ = a_reviewed_proposal(marks=()).round
    drafts = [
        prepare_docket(round_, actor=officer, at=DECIDED_AT, title=f"Scenario {number}") for number in range(PROCESSES)
    ]
    return {"officer": officer.pk, "drafts": [docket.pk for docket in drafts]}


def act(facts, number):
    docket = Docket.objects.select_related("round").get(pk=facts["drafts"][number])
    try:
        DOCKET.perform(docket, "send", actor=User.objects.get(pk=facts["officer"]), at=DECIDED_AT)
    except Refused as refusal:
        return "set aside" if "is not chosen" in str(refusal) else f"refused: {refusal}"
    return "sent"


def outcome(facts):
    return {"states": sorted(Docket.objects.values_list("state", flat=True))}
