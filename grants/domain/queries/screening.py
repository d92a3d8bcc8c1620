"""What staff see of a proposal at a glance: who holds it, what comes next, and what the portal checked by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q

from grants.domain.content import signed_digest
from grants.domain.queries.dossier import dossier_of
from grants.domain.queries.next_step import NextStep
from grants.enums import ProposalState, QuestionKind, ReviewState, Section
from grants.models import DocketLine, Proposal, Question
from portal import clock
from portal.money import ZERO, dollars
from portal.words import counted, when_words
from sites.identifiers import check_ein, check_leaid, check_ncessch, check_uei

Content = dict[str, Any]
NO = "no"
_YES_NO = {"yes": "Yes", NO: "No"}


@dataclass(frozen=True)
class Check:
    """One automatic check: what was looked at, and what is wrong with it, in sentences; nothing when all is well."""

    title: str
    well: str
    problems: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.problems


@dataclass(frozen=True)
class Answer:
    """A question and what the team answered, in words."""

    prompt: str
    text: str


def checks(proposal: Proposal, content: Content) -> list[Check]:
    """The automatic checks of what was submitted. Two queries: other proposals, and which questions qualify."""
    return [
        _identifiers(content["coalition"]),
        _money(proposal, content["budget"]),
        _sign_offs(proposal, content),
        _same_district(proposal, content["coalition"]),
        _eligibility(proposal, content),
    ]


def eligibility_answers(content: Content) -> list[Answer]:
    """The answers to the eligibility questions, as submitted."""
    return [Answer(each["prompt"], _shown(each)) for each in _eligibility_section(content)]


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


def _eligibility_section(content: Content) -> list[dict[str, Any]]:
    found = (each["answers"] for each in content["sections"] if each["key"] == Section.ELIGIBILITY)
    return next(found, [])


def _shown(answer: Content) -> str:
    text: str = answer["text"]
    return _YES_NO.get(text, text) if answer["kind"] == QuestionKind.YES_NO else text


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


def _identifiers(coalition: Content) -> Check:
    problems, state = [], coalition["state"]
    for partner in coalition["partners"]:
        name = partner["name"]
        if partner["leaid"]:
            problems += _try(f"{name}, district id", lambda text: check_leaid(text, state), partner["leaid"])
        problems += _try(f"{name}, EIN", check_ein, partner["ein"])
        problems += _try(f"{name}, UEI", check_uei, partner["uei"])
    leaid = next((each["leaid"] for each in coalition["partners"] if each["leaid"]), "")
    for school in coalition["schools"]:
        problems += _try(f"{school['name']}, school id", lambda text: check_ncessch(text, leaid), school["ncessch"])
    return Check("Identifiers", "Every district, school and tax number that was given is well formed.", tuple(problems))


def _try(label: str, check: Callable[[str], str], text: str) -> list[str]:
    """The problem with an identifier that was given; one that was left out is no problem here."""
    if not text:
        return []
    try:
        check(text)
    except ValidationError as error:
        return [f"{label} ({text}): {' '.join(error.messages)}"]
    return []


def _money(proposal: Proposal, budget: Content) -> Check:
    funding_round, problems = proposal.round, []
    years = [Decimal(amount) for amount in budget["years"]]
    for number, amount in enumerate(years, 1):
        over = amount - funding_round.yearly_ceiling
        if over > 0:
            problems.append(f"Year {number} asks for {dollars(amount)}, {dollars(over)} over the ceiling of a year.")
    together = sum(years, ZERO)
    over = together - funding_round.total_ceiling
    if over > 0:
        problems.append(f"Five years ask for {dollars(together)}, {dollars(over)} over the ceiling.")
    return Check("Budget", f"{dollars(together)} over five years, within both ceilings.", tuple(problems))


def _sign_offs(proposal: Proposal, content: Content) -> Check:
    signed = {each["partner"]: each["content_sha256"] for each in content["sign_offs"]}
    current, problems = signed_digest(content), []
    for partner in content["coalition"]["partners"]:
        name = partner["name"]
        if name not in signed and proposal.round.sign_offs_required:
            problems.append(f"{name} has not signed.")
        elif name in signed and signed[name] != current:
            problems.append(f"{name} signed an earlier version of the text.")
    well = "Every partner signed what was submitted."
    return Check("Sign-offs", well if signed else "This round asks for no sign-offs.", tuple(problems))


def _same_district(proposal: Proposal, coalition: Content) -> Check:
    leaids = [each["leaid"] for each in coalition["partners"] if each["leaid"]]
    others = (
        Proposal.objects.filter(round=proposal.round_id, site__partners__leaid__in=leaids)
        .exclude(Q(pk=proposal.pk) | Q(state__in=[ProposalState.DRAFT, ProposalState.WITHDRAWN]))
        .values_list("reference", "site__name")
        .distinct()
    )
    problems = tuple(f"{reference} of {name} names the same district." for reference, name in others)
    return Check("Other proposals of the district", "No other proposal of this round names the district.", problems)


def _eligibility(proposal: Proposal, content: Content) -> Check:
    asked = Question.objects.filter(round=proposal.round_id, qualifying=True).of_version(proposal.questions_version)
    qualifying = set(asked.values_list("key", flat=True))
    refused = [each for each in _eligibility_section(content) if each["text"] == NO and each["key"] in qualifying]
    problems = tuple(f"Answered “no”: {each['prompt']}" for each in refused)
    return Check("Eligibility", "No qualifying question was answered “no”.", problems)
