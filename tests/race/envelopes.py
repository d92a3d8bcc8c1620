"""Scenario: directors approve dockets of one round at once, each with an award of 5 × $50,000 to another site."""

from decimal import Decimal

from django.db import OperationalError

from grants.models import Award, Docket, DocketLine
from grants.workflow import DOCKET
from portal.access import Refused
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.money import total
from tests.factories.accounts import UserFactory
from tests.factories.awards import APPROVED_AT, a_recommendation
from tests.factories.rounds import RoundFactory
from tests.race.awards import AMOUNTS
from tests.race.conftest import PROCESSES


def prepare():
    officer = UserFactory(roles=[Role.OFFICER])
    round_ = RoundFactory(core=False, criteria=0, envelope=Decimal("1250000.00"))
    lines = [a_recommendation(amounts=AMOUNTS, round=round_, officer=officer) for _ in range(PROCESSES)]
    return {"director": UserFactory(roles=[Role.DIRECTOR]).pk, "lines": [line.pk for line in lines]}


def act(facts, number):
    docket = DocketLine.objects.select_related("docket__round").get(pk=facts["lines"][number]).docket
    director = User.objects.get(pk=facts["director"])
    while True:
        try:
            DOCKET.perform(docket, "approve", actor=director, at=APPROVED_AT)
        except Refused as refusal:
            return f"refused: {refusal}"
        except OperationalError:
            # SQLite's one lock was not had in time, which answers 503: the director presses again.
            continue
        return "approved"


def outcome(facts):
    return {
        "awarded": Award.objects.aggregate(sum=total("amount"))["sum"],
        "states": sorted(Docket.objects.values_list("state", flat=True)),
    }
