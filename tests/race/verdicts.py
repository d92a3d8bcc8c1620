"""Scenario: on one docket, directors approve, return the whole of it, and change what they said to its line, at once."""

from grants.domain.verdict import give_verdict
from grants.enums import LineVerdict
from grants.models import Award, DocketLine
from grants.workflow import DOCKET
from portal.access import Refused
from portal.accounts.enums import Role
from portal.accounts.models import User
from tests.factories.accounts import UserFactory
from tests.factories.awards import APPROVED_AT, a_recommendation
from tests.race.awards import AMOUNTS

_SAID = [LineVerdict.AGREED, LineVerdict.DECLINED, LineVerdict.AGREED, LineVerdict.RETURNED]


def prepare():
    directors = [UserFactory(roles=[Role.DIRECTOR]).pk for _ in range(2)]
    return {"directors": directors, "line": a_recommendation(amounts=AMOUNTS).pk}


def act(facts, number):
    line = DocketLine.objects.select_related("docket__round").get(pk=facts["line"])
    director = User.objects.get(pk=facts["directors"][number % 2])
    try:
        if number < 4:
            DOCKET.perform(line.docket, "approve", actor=director, at=APPROVED_AT)
            return "approved"
        if number < 6:
            DOCKET.perform(line.docket, "return", actor=director, at=APPROVED_AT, comment="Look again.")
            return "returned"
        give_verdict(line, verdict=_SAID[number % 4], reason="Too thin.", actor=director, at=APPROVED_AT)
    except Refused:
        return "refused"
    return "said"


def outcome(facts):
    line = DocketLine.objects.select_related("docket", "proposal").get(pk=facts["line"])
    return {
        "docket": line.docket.state,
        "verdict": line.verdict,
        "proposal": line.proposal.state,
        "awards": Award.objects.count(),
    }
