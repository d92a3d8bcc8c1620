"""Makes dockets whose letters are written, by the steps that write them in life."""

from grants.domain.verdict import agree_to_rest
from grants.enums import Decision
from grants.models import Docket, Letter
from grants.workflow import DOCKET
from portal.accounts.enums import Role
from tests.factories.accounts import UserFactory
from tests.factories.dockets import DECIDED_AT, a_docket, a_reviewed_proposal, recommend, the_line
from tests.factories.rounds import RoundFactory

FEEDBACK = "Say more on need."


def an_approved_docket(officer, *, decisions=(Decision.AWARD,), round=None, sites=(), marks=(4,)) -> Docket:
    """An approved docket with a line for each decision, ranked in this order; `sites` are the coalitions', in order."""
    round = round or RoundFactory()
    proposals = [
        a_reviewed_proposal(round, marks=marks, site=sites[place] if place < len(sites) else None)
        for place, _ in enumerate(decisions)
    ]
    docket = a_docket(round, officer=officer)
    for proposal, decision in zip(proposals, decisions, strict=True):
        feedback = FEEDBACK if decision == Decision.DECLINE else ""
        recommend(the_line(docket, proposal), officer=officer, decision=decision, feedback=feedback)
    docket = DOCKET.perform(docket, "send", actor=officer, at=DECIDED_AT)
    director = UserFactory(roles=[Role.DIRECTOR])
    agree_to_rest(docket, actor=director, at=DECIDED_AT)
    return DOCKET.perform(docket, "approve", actor=director, at=DECIDED_AT)


def the_letter(docket, decision=None) -> Letter:
    """The docket's letter with this decision, or its only one, fresh."""
    letters = Letter.objects.select_related("line__docket__round", "line__proposal__site").filter(line__docket=docket)
    return letters.get(line__decision=decision) if decision else letters.get()
