"""What a proposal still lacks, whether its team may change it, and what stands in the way of its steps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from grants.domain import content
from grants.domain.queries.baseline import compared_groups
from grants.domain.queries.budget import budget_lacks
from grants.domain.queries.deadline import closing_of, deadline_of
from grants.domain.queries.dossier import Dossier, Part, dossier_of
from grants.enums import ProposalState, QuestionKind, RoundState, Section, SignOffState
from grants.models import ChangeRequest, Proposal, Question, SignOff
from portal import clock
from portal.access import ALLOWED, Verdict, refused
from portal.words import SECOND, count_words, counted, exact_words, span_words, when_words
from sites.enums import SeatRole

_NUMBER = re.compile(r"-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
# A prompt longer than this is cut where a sentence quotes it.
QUOTED = 60
# A proposal that arrived in time may wait this long for its turn; nobody screens what it replaces meanwhile.
IN_FLIGHT = timedelta(minutes=1)
# A gap is between two groups.
FEWEST_COMPARED = 2


@dataclass(frozen=True)
class Gap:
    """One thing missing before a proposal can be submitted: in which section, and a sentence."""

    section: str
    text: str


def may_change(proposal: Proposal, at: datetime) -> Verdict:
    """Whether the team may still write at this moment; the sentence says why not.

    A draft can be written even after the call has closed, so that nothing typed is lost; submitting it cannot.
    """
    if proposal.state == ProposalState.DRAFT:
        return ALLOWED
    if proposal.state == ProposalState.SUBMITTED:
        closes = deadline_of(proposal)
        if at <= closes:
            return ALLOWED
        return refused(f"The call closed on {_when(proposal, closes)}. What you submitted stays as it was.")
    if proposal.state == ProposalState.RETURNED:
        return _may_answer(proposal, at)
    if proposal.state == ProposalState.WITHDRAWN:
        return refused("This proposal was withdrawn. You can read it, and nothing more changes.")
    return refused("The foundation is working on this proposal now, so its text stays as you submitted it.")


def may_submit_at(proposal: Proposal, at: datetime) -> Verdict:
    """Whether a request that arrived at this moment is in time. The closing instant itself still is.

    What the foundation asked to change is wanted after the deadline, too, until the day it set.
    """
    asked = dossier_of(proposal).change_request
    if asked is not None:
        if proposal.round.state == RoundState.DECIDED:
            return refused("This round is decided, so nothing more can be submitted to it.")
        return _in_time_for_changes(proposal, asked, at)
    round_ = proposal.round
    if round_.state != RoundState.PUBLISHED or at < round_.opens_at:
        return refused(f"The call opens on {_when(proposal, round_.opens_at)}.")
    closes = deadline_of(proposal)
    if at > closes:
        return refused(_too_late(proposal, closes, at))
    return ALLOWED


def missing_to_submit(proposal: Proposal) -> list[str]:
    """Blockers of `submit`: the sentences of `gaps`. The deadline is asked by the act itself, with its own instant."""
    return [gap.text for gap in gaps(dossier_of(proposal))]


def obstacles_to_screening(proposal: Proposal) -> list[str]:
    """Blockers of screening: until the call closes for this proposal the team may submit a newer version."""
    closes = closing_of(proposal)
    if clock.now() > closes + IN_FLIGHT:
        return []
    if clock.now() > closes:
        return [
            "The call has just closed. Proposals that came in time may still be on their way: try again in a minute."
        ]
    until = _when(proposal, closes)
    if closes > proposal.round.closes_at:
        return [f"The team has more time, until {until}; it may still change its proposal."]
    return [f"The call is open until {until}; the team may still change its proposal."]


def gaps(dossier: Dossier) -> list[Gap]:
    """Everything missing, section by section."""
    dossier.gather()
    return [Gap(part.key, text) for part in dossier.parts for text in gaps_in(dossier, part)]


def gaps_in(dossier: Dossier, part: Part) -> list[str]:
    """What one section lacks, in sentences."""
    asked = dossier.asked(part.key)
    texts = _unanswered(part, asked) + _too_long(asked) + _not_numbers(asked)
    if part.section == Section.ELIGIBILITY:
        texts += _not_qualifying(asked)
    elif part.section == Section.COALITION:
        texts = _coalition_lacks(dossier) + texts
    elif part.section == Section.PLAN and not dossier.milestones_of(part):
        texts.append(f"{part.title}: add at least one milestone.")
    elif part.section == Section.BASELINE and compared_groups(dossier.baseline) < FEWEST_COMPARED:
        texts.append(f"{part.title}: add a table with the numbers of at least two student groups.")
    elif part.section == Section.ATTACHMENTS:
        empty = [each for each in dossier.slots if each.required and each.pk not in dossier.filled]
        texts += [f"{part.title}: add “{each}”." for each in empty]
    elif part.section == Section.BUDGET:
        texts += [f"{part.title}: {text}" for text in budget_lacks(dossier)]
    elif part.section == Section.SIGNOFFS and dossier.round.sign_offs_required:
        texts += _unsigned(dossier)
    return texts


def quote(prompt: str) -> str:
    """A prompt in quotation marks, cut at a word when it is long."""
    if len(prompt) > QUOTED:
        prompt = prompt[:QUOTED].rsplit(" ", 1)[0] + "…"
    return f"“{prompt}”"


def stands(sign_off: SignOff, dossier: Dossier) -> bool:
    """Whether a signature is under the proposal as it reads now."""
    return sign_off.state == SignOffState.SIGNED and sign_off.content_sha256 == signable(dossier)


def signable(dossier: Dossier) -> str:
    """The hash a partner signs now; built once a dossier."""
    if dossier.signable_digest is None:
        dossier.signable_digest = content.signed_digest(content.build(dossier.proposal))
    return dossier.signable_digest


def team_addresses(proposal: Proposal) -> list[str]:
    """Where mail about a proposal goes: everybody on the team who may act."""
    seats = proposal.site.seats.current().exclude(role=SeatRole.VIEWER).filter(holder__is_active=True)
    return list(seats.order_by("started_at", "pk").values_list("holder__email", flat=True))


def _may_answer(proposal: Proposal, at: datetime) -> Verdict:
    asked = dossier_of(proposal).change_request
    if asked is None:
        return refused("Nothing is asked of you now, so the text stays as you submitted it.")
    return _in_time_for_changes(proposal, asked, at)


def _in_time_for_changes(proposal: Proposal, asked: ChangeRequest, at: datetime) -> Verdict:
    if at <= asked.due_at:
        return ALLOWED
    return refused(
        f"The time for these changes ended on {_when(proposal, asked.due_at)}. What you submitted before still counts, "
        "and your text is kept here."
    )


def _when(proposal: Proposal, moment: datetime) -> str:
    return when_words(moment, proposal.round.time_zone)


def _too_late(proposal: Proposal, closes: datetime, at: datetime) -> str:
    """When it closed and when the request came, to the second, and how far apart they are."""
    zone = proposal.round.time_zone
    late = span_words(at - closes) if at - closes >= SECOND else "less than a second"
    return (
        f"The call closed on {exact_words(closes, zone)}. Your request reached us on {exact_words(at, zone)}, "
        f"{late} too late. Your text is kept here."
    )


def _unanswered(part: Part, asked: list[Question]) -> list[str]:
    empty = [each for each in asked if each.required and not each.typed.strip()]
    if not empty:
        return []
    if len(empty) == 1:
        return [f"{part.title}: answer {quote(empty[0].prompt)}."]
    if len(empty) == len(asked):
        return [f"{part.title}: not answered yet."]
    return [f"{part.title}: {counted(len(empty), 'question')} still to answer."]


def _too_long(asked: list[Question]) -> list[str]:
    texts = []
    for each in asked:
        if each.kind == QuestionKind.TEXT and each.word_limit:
            words = count_words(each.typed)
            if words > each.word_limit:
                over = counted(words - each.word_limit, "word")
                texts.append(f"{quote(each.prompt)} is {over} over its limit of {each.word_limit:,} words.")
    return texts


def _not_numbers(asked: list[Question]) -> list[str]:
    return [
        f"Enter a number for {quote(each.prompt)}."
        for each in asked
        if each.kind == QuestionKind.NUMBER and each.typed.strip() and not _NUMBER.fullmatch(each.typed.strip())
    ]


def _not_qualifying(asked: list[Question]) -> list[str]:
    return [
        f"You answered no to {quote(each.prompt)}. {each.if_no.strip() or 'Only coalitions that answer yes can apply.'}"
        for each in asked
        if each.qualifying and each.typed == "no"
    ]


def _coalition_lacks(dossier: Dossier) -> list[str]:
    texts = [] if dossier.proposal.title.strip() else ["Give the proposal a title."]
    return texts + [gap.text for gap in dossier.record_gaps]


_SIGNING = {
    None: ("{} has not been asked to sign yet.", "{} have not been asked to sign yet."),
    SignOffState.REQUESTED: ("{} has not signed yet.", "{} have not signed yet."),
    SignOffState.DECLINED: ("{} declined to sign.", "{} declined to sign."),
    SignOffState.VOID: (
        "{} signed an earlier version. Ask for a new signature.",
        "{} signed an earlier version. Ask for new signatures.",
    ),
}


def _unsigned(dossier: Dossier) -> list[str]:
    """One sentence for each way in which a signature can be missing."""
    partners: dict[str | None, list[str]] = {state: [] for state in _SIGNING}
    for partner in dossier.partners:
        latest = dossier.latest_sign_off(partner)
        if latest is None or not stands(latest, dossier):
            state = latest.state if latest else None
            partners[SignOffState.VOID if state == SignOffState.SIGNED else state].append(partner.name)
    return [
        one.format(names[0]) if len(names) == 1 else several.format(listed(names))
        for (one, several), names in zip(_SIGNING.values(), partners.values(), strict=True)
        if names
    ]


def listed(names: list[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
