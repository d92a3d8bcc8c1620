"""Makes dockets by the steps that make them in life: prepared, sent, approved, announced."""

from datetime import UTC, datetime
from decimal import Decimal

from grants.domain.budget import write_budget
from grants.domain.docket import prepare_docket
from grants.domain.docket_line import change_line
from grants.domain.verdict import agree_to_rest
from grants.enums import Decision, DocketState, ProposalState
from grants.models import Docket, DocketLine, FundingRound
from grants.workflow import DOCKET
from portal.accounts.enums import Role
from tests.factories.accounts import UserFactory
from tests.factories.proposals import ProposalFactory, a_budget
from tests.factories.reviews import a_review
from tests.factories.rounds import RoundFactory

DECIDED_AT = datetime(2027, 2, 15, 17, 0, tzinfo=UTC)
STEPS = {DocketState.SENT: 1, DocketState.APPROVED: 2, DocketState.ANNOUNCED: 3}


def a_reviewed_proposal(round=None, *, yearly=Decimal("240000.00"), marks=(4,), site=None, **fields):
    """A proposal in review with a budget of `yearly` dollars in each year, and a submitted review for each mark."""
    fields |= {"round": round or RoundFactory(), "state": ProposalState.IN_REVIEW}
    proposal = ProposalFactory(**fields, **({"site": site} if site else {}))
    write_budget(proposal, a_budget(proposal, yearly))
    proposal.save()
    for mark in marks:
        a_review(proposal, points=mark)
    return proposal


def a_docket(
    round=None, *, state=DocketState.DRAFT, officer=None, director=None, title="Board docket, 15 Feb", at=DECIDED_AT
) -> Docket:
    """A docket brought from draft to `state`; without a round, of a new one with one reviewed proposal."""
    officer = officer or UserFactory(roles=[Role.OFFICER])
    docket = prepare_docket(round or a_reviewed_proposal().round, actor=officer, at=at, title=title)
    for name in ("send", "approve", "announce")[: STEPS.get(state, 0)]:
        actor = officer
        if name == "approve":
            actor = director or UserFactory(roles=[Role.DIRECTOR])
            agree_to_rest(docket, actor=actor, at=at)
        docket = DOCKET.perform(docket, name, actor=actor, at=at)
    if state == DocketState.SET_ASIDE:
        docket = DOCKET.perform(docket, "set_aside", actor=officer, at=at)
    return docket


def the_line(docket, proposal=None) -> DocketLine:
    """The docket's line of a proposal, or its only one."""
    lines = DocketLine.objects.select_related("docket__round", "proposal__site").filter(docket=docket)
    return lines.get(proposal=proposal) if proposal else lines.get()


def recommend(
    line, *, officer, decision=Decision.AWARD, yearly=None, feedback="", conditions="", at=DECIDED_AT
) -> DocketLine:
    """Change a line: `yearly` dollars in each year, all for the first component; without it what is there stays."""
    amounts = {(each.year, each.component_id): each.amount for each in line.amounts.all()}
    if yearly is not None:
        amounts = {(year, "collaboration"): yearly for year in range(1, 6)}
    version = Docket.objects.get(pk=line.docket_id).version
    return change_line(
        line, actor=officer, at=at, version=version, decision=decision, amounts=amounts, note="", feedback=feedback,
        conditions=conditions,
    )  # fmt: skip


def an_envelope(round: FundingRound, dollars: Decimal) -> None:
    """Set what all awards of a round may come to."""
    round.envelope = dollars
    round.save(update_fields=["envelope"])
