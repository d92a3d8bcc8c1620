"""Where a proposal stands in its applicant's words: what has happened, what happens now, what comes and when.

Nothing here tells a recommendation: between the docket's way to the director and the announcement a proposal is in
review, as `proposal_state` says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils import timezone

from grants.domain.queries.deadline import closing_of
from grants.domain.queries.dossier import dossier_of
from grants.domain.queries.proposal_state import applicant_state
from grants.enums import ProposalState
from grants.models import FundingRound, Proposal
from portal.words import day_words, when_words


class Standing(StrEnum):
    """Whether a stage is behind, under way, still to come, or where the way ended."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"
    ENDED = "ended"


@dataclass(frozen=True)
class Stage:
    """One stage on the way: `at` is when it was reached, `text` says in a sentence or two what it means."""

    title: str
    standing: Standing
    text: str
    at: datetime | date | None = None

    @property
    def words(self) -> str:
        """What a screen reader hears of the mark."""
        return _WORDS[self.standing]


_WORDS = {
    Standing.DONE: "Done",
    Standing.NOW: "Now",
    Standing.NEXT: "Still to come",
    Standing.ENDED: "Ended here",
}
_DECIDED = {
    ProposalState.AWARDED: ("Your proposal is funded", "Congratulations. The award has a page of its own."),
    ProposalState.WAITLISTED: (
        "Your proposal is on the waitlist",
        "It is good enough to be funded, and there was not money for all. We write to you as soon as some becomes free.",
    ),
    ProposalState.DECLINED: (
        "Your proposal was not funded",
        "Our letter says what reviewers thought of it. Your text stays here, and you can use it again.",
    ),
}


def stages_of(proposal: Proposal, at: datetime) -> list[Stage]:
    """The way of a proposal from its start to the decision. No query but for a returned one, whose request is read."""
    state = applicant_state(proposal)
    if state == ProposalState.WITHDRAWN:
        return _withdrawn(proposal)
    if state == ProposalState.DRAFT:
        return _draft(proposal, at)
    received = _received(proposal, at, is_open=state == ProposalState.SUBMITTED and at <= closing_of(proposal))
    if state == ProposalState.INELIGIBLE:
        text = "It does not meet the conditions of this call. The reason is in our mail and among the messages."
        return [received, Stage("Not eligible", Standing.ENDED, text, proposal.screened_at)]
    if state in {ProposalState.SUBMITTED, ProposalState.RETURNED}:
        return [received, _screening(proposal, at), _review(proposal), _decision(proposal, at)]
    screened = Stage(
        "Eligible", Standing.DONE, "We checked your proposal; it met the conditions.", proposal.screened_at
    )
    if state == ProposalState.IN_REVIEW:
        now = Stage("In review", Standing.NOW, _reading(proposal))
        return [received, screened, now, _decision(proposal, at)]
    title, text = _DECIDED[state]
    reviewed = Stage("Reviewed", Standing.DONE, "Every reviewer scored it and wrote a reason for each score.")
    return [received, screened, reviewed, Stage(title, Standing.DONE, text, proposal.decided_at)]


def _draft(proposal: Proposal, at: datetime) -> list[Stage]:
    closes = closing_of(proposal)
    when = when_words(closes, proposal.round.time_zone)
    if at > closes:
        text = f"The call closed on {when}, and this proposal was not submitted. Your text stays here."
        return [Stage("Not submitted", Standing.ENDED, text, closes)]
    text = f"You can submit until {when}, and submit again until then when you change something."
    return [
        Stage("Writing", Standing.NOW, text),
        Stage("Check", Standing.NEXT, "After the call closes we check whether the proposal meets the conditions."),
        _review(proposal),
        _decision(proposal, at),
    ]


def _withdrawn(proposal: Proposal) -> list[Stage]:
    ended = Stage("Withdrawn", Standing.ENDED, "Your team withdrew it. Your text stays here.", proposal.withdrawn_at)
    if proposal.submitted_at is None:
        return [ended]
    return [Stage("Received", Standing.DONE, "We have what you submitted.", proposal.submitted_at), ended]


def _received(proposal: Proposal, at: datetime, *, is_open: bool) -> Stage:
    text = "We have what you submitted, and you have the receipt."
    if is_open:
        until = when_words(closing_of(proposal), proposal.round.time_zone)
        text = f"{text} You can still change it and submit again until {until}."
    return Stage("Received", Standing.DONE, text, proposal.submitted_at)


def _screening(proposal: Proposal, at: datetime) -> Stage:
    zone = proposal.round.time_zone
    asked = dossier_of(proposal).change_request
    if asked is not None:
        due = when_words(asked.due_at, zone)
        if at <= asked.due_at:
            return Stage("Changes", Standing.NOW, f"We asked you to change something, by {due}.", asked.asked_at)
        text = f"The time for your changes ended on {due}. We go on with what you submitted, or write to you."
        return Stage("Being checked", Standing.NOW, text, asked.asked_at)
    closes = closing_of(proposal)
    if at <= closes:
        text = (
            f"After the call closes on {when_words(closes, zone)} we check whether the proposal meets the conditions."
        )
        return Stage("Check", Standing.NEXT, text)
    text = "We check whether the proposal meets the conditions. If something is unclear, we ask you here and by mail."
    return Stage("Being checked", Standing.NOW, text, closes)


def _review(proposal: Proposal) -> Stage:
    return Stage("Review", Standing.NEXT, f"{_reviewers(proposal.round)} by the rubric of the call.")


def _decision(proposal: Proposal, at: datetime) -> Stage:
    expected = proposal.round.decision_by
    if expected is not None and timezone.localdate(at) > expected:
        text = f"We meant to decide by {day_words(expected)}, and it takes longer. We write to you as soon as we know."
        return Stage("Decision", Standing.NEXT, text)
    return Stage("Decision", Standing.NEXT, f"{_by(proposal.round)} You hear from us by mail and here.")


def _reading(proposal: Proposal) -> str:
    return f"{_reviewers(proposal.round)} by the rubric of the call. You need not do anything."


def _reviewers(round_: FundingRound) -> str:
    number = round_.reviews_per_proposal
    return (
        "A reviewer reads and scores it"
        if number == 1
        else f"{_NUMBERS.get(number, number)} reviewers read and score it"
    )


_NUMBERS = {2: "Two", 3: "Three", 4: "Four", 5: "Five", 6: "Six"}


def _by(round_: FundingRound) -> str:
    return f"We decide by {day_words(round_.decision_by)}." if round_.decision_by else "We decide after the reviews."
