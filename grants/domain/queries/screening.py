"""What staff see of a proposal at a glance: who holds it and what comes next."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F

from grants.domain.queries.dossier import dossier_of
from grants.domain.queries.next_step import NextStep
from grants.enums import ProposalState, ReviewState
from grants.models import DocketLine, Proposal
from portal import clock
from portal.words import counted, when_words


def deciding_line(proposal: Proposal) -> DocketLine | None:
    """The proposal's line on the docket that was sent last, or else on the newest draft. One query."""
    lines = DocketLine.objects.filter(proposal=proposal).select_related("docket")
    return lines.order_by(F("docket__sent_at").desc(nulls_last=True), "-docket").first()


def next_step(proposal: Proposal, reviews: Iterable, docket=None) -> NextStep:
    """What comes next for a proposal, for staff. `reviews` are its reviews, `docket` the one that holds it, if any."""
    state = ProposalState(proposal.state)
    if state == ProposalState.IN_REVIEW:
        return _next_in_review(proposal, list(reviews), docket)
    if state in {ProposalState.RECOMMENDED, ProposalState.NOT_RECOMMENDED}:
        word = "is recommended for an award" if state == ProposalState.RECOMMENDED else "is not recommended"
        text = f"On the docket “{docket}” this proposal {word}. The team still reads “In review”."
        if docket.approved_at is None:
            return NextStep("The director decides on the docket", text, "The director")
        return NextStep("Announce the decisions", text, "Program officers")
    if state == ProposalState.RETURNED:
        return _next_returned(proposal)
    return _NEXT[state]


def _next_in_review(proposal: Proposal, reviews: list, docket) -> NextStep:
    wanted = proposal.round.reviews_per_proposal
    serving = [each for each in reviews if each.state != ReviewState.RECUSED]
    finished = [each for each in serving if each.state == ReviewState.SUBMITTED]
    if len(serving) < wanted:
        missing = counted(wanted - len(serving), "more reviewer")
        return NextStep(f"Assign {missing}", f"This round asks for {wanted} of each proposal.", "Program officers")
    if len(finished) < len(serving):
        text = f"{len(finished)} of {counted(len(serving), 'review')} submitted."
        return NextStep("Wait for the reviews", text, "The reviewers")
    if docket is None:
        return NextStep("Put it on a docket", "All its reviews are submitted.", "Program officers")
    return NextStep("Finish the docket", f"It is on the docket “{docket}”, which is a draft.", "Program officers")


def _next_returned(proposal: Proposal) -> NextStep:
    asked = dossier_of(proposal).change_request
    if asked is None:
        return NextStep("The team makes the changes you asked for", "", "The team")
    due = when_words(asked.due_at, proposal.round.time_zone)
    if clock.now() <= asked.due_at:
        return NextStep("The team makes the changes you asked for", f"It can submit again until {due}.", "The team")
    text = f"It ended on {due}, and the team has not submitted again. Give it more time, or go on without the changes."
    return NextStep("The time for the changes is over", text, "Program officers")


_NEXT = {
    ProposalState.DRAFT: NextStep("The team is writing it", "Nothing was submitted yet.", "The team"),
    ProposalState.SUBMITTED: NextStep(
        "Screen it", "Is it eligible, not eligible, or do you need changes? The checks below help.", "Program officers"
    ),
    ProposalState.INELIGIBLE: NextStep("Nothing more to do", "It was not eligible.", "Nobody", done=True),
    ProposalState.AWARDED: NextStep("Go on with the award", "The award is announced.", "Program officers", done=True),
    ProposalState.WAITLISTED: NextStep("Nothing to do now", "It is on the waitlist.", "Nobody", done=True),
    ProposalState.DECLINED: NextStep("Nothing more to do", "The decline is announced.", "Nobody", done=True),
    ProposalState.WITHDRAWN: NextStep("Nothing more to do", "The team withdrew it.", "Nobody", done=True),
}
