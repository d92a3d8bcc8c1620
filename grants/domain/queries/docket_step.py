"""What a step of a docket is about, and what comes next for one."""

from __future__ import annotations

from collections.abc import Iterable

from grants.domain.queries.docket import lines_of
from grants.domain.queries.next_step import NextStep
from grants.domain.queries.verdict import tally
from grants.enums import Decision, DocketState
from grants.models import Docket, DocketLine
from grants.models.docket import TAKEN_OFF
from portal.money import ZERO, dollars
from portal.workflow import Offer


def facts(docket: Docket) -> list[tuple[str, str]]:
    """For the person who confirms a step: the awards one by one, then the others, then what else it brings about."""
    lines = lines_of(docket)
    awards = [line for line in lines if line.commits]
    others = [line for line in lines if not line.commits]
    rows = [
        ("Round", str(docket.round)),
        *((str(line.proposal.site), dollars(line.amount)) for line in awards),
        ("All awards together", dollars(sum((line.amount for line in awards), ZERO))),
        *((str(line.proposal.site), _told(line)) for line in others),
    ]
    if docket.state == DocketState.DRAFT:
        rows += [("Other draft of the round", str(other)) for other in other_drafts(docket)]
    return rows


def other_drafts(docket: Docket):
    """The drafts beside this one, in the order they were made: scenarios, which sending this one sets aside."""
    return Docket.objects.filter(round=docket.round_id, state=DocketState.DRAFT).exclude(pk=docket.pk).order_by("pk")


def next_step(docket: Docket, lines: Iterable[DocketLine], offers: Iterable[Offer]) -> NextStep:
    """What comes next for a docket with these lines; `offers` are the steps this person might take."""
    blocked = tuple(reason for offer in offers for reason in offer.reasons)
    if docket.state == DocketState.DRAFT:
        if blocked:
            return NextStep("Before it can be sent to the director", "", "Program officers", items=blocked)
        return NextStep("Send it to the director", "Nothing stands in the way.", "Program officers")
    if docket.state == DocketState.SET_ASIDE:
        text = "It is kept to read and compare. A program officer can take it up again."
        return NextStep("Another docket of the round was chosen", text, "Nobody", done=True)
    if docket.state == DocketState.SENT:
        count = tally(list(lines))
        text = f"{docket.sent_by} sent it. Somebody else has to decide on it: {count.decided} of {count.together} done."
        return NextStep(
            "The director decides line by line, then approves or returns it", text, "The director", items=blocked
        )
    if docket.state == DocketState.APPROVED:
        text = f"{docket.approved_by} approved it and the awards are made. Teams learn it from their letters."
        return NextStep("Announce the decisions", text, "Program officers")
    return NextStep("Nothing is left to do here", "Every team has its letter.", "Nobody", done=True)


def _told(line: DocketLine) -> str:
    if line.verdict in TAKEN_OFF:
        return f"{line.get_verdict_display()} by the director"
    return Decision(line.decision).label
