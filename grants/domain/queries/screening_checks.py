"""What the portal checks by itself in what was submitted, for one proposal or a page of them; it never decides."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q

from grants.domain.content import signed_digest
from grants.domain.queries import docket_money as money
from grants.domain.queries.proposal import listed, obstacles_to_screening
from grants.enums import ProposalState, QuestionKind, Section, SignOffState
from grants.models import AttachmentSlot, Proposal, Question, SignOff, Submission
from portal.money import ZERO, dollars
from portal.words import counted
from sites.enums import PartnerKind
from sites.identifiers import check_ein, check_leaid, check_ncessch, check_uei, show_ein, squeeze
from sites.models import District, Partner

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
    """A question and what the team answered, in words; `is_no` where that is a “no”."""

    prompt: str
    text: str
    is_no: bool = False


@dataclass(frozen=True)
class Screening:
    """A proposal as the officer who screens it sees it at a glance."""

    proposal: Proposal
    checks: tuple[Check, ...]
    answers: tuple[Answer, ...]
    obstacles: tuple[str, ...]

    @property
    def problems(self) -> list[str]:
        """Everything the checks found, in sentences."""
        return [text for check in self.checks for text in check.problems]

    @property
    def failed(self) -> list[Check]:
        return [check for check in self.checks if not check.passed]

    @property
    def mark(self) -> str:
        """What stands for exactly these problems, so that nobody goes on over one they were not shown; empty for none."""
        return hashlib.sha256("\n".join(self.problems).encode()).hexdigest()[:16] if self.problems else ""

    @property
    def eligibility_words(self) -> str:
        """`5 answers, none “no”`, `2 of 5 answered no`; empty where the round asks nothing."""
        noes = sum(answer.is_no for answer in self.answers)
        if not self.answers:
            return ""
        return (
            f"{noes} of {len(self.answers)} answered no"
            if noes
            else f"{counted(len(self.answers), 'answer')}, none “no”"
        )


@dataclass(frozen=True)
class _Around:
    """What the checks need to know besides the contents, read for all proposals together."""

    known: frozenset[str] = frozenset()
    is_listed: bool = False
    qualifying: Mapping[int, list[Question]] = field(default_factory=dict)
    slots: Mapping[int, list[str]] = field(default_factory=dict)
    applied: tuple[tuple[int, int, str, str, str, str], ...] = ()
    coalitions: tuple[tuple[int, str, str], ...] = ()
    ledger: money.Ledger = field(default_factory=dict)
    unsigned: Mapping[int, dict[str, SignOff]] = field(default_factory=dict)


def screenings(proposals: Sequence[Proposal]) -> list[Screening]:
    """Checks, answers and obstacles of submitted proposals, which come with round and site. At most ten queries."""
    contents = _contents(proposals)
    found = [(each, contents[each.pk]) for each in proposals if each.pk in contents]
    return [
        Screening(proposal, tuple(checks), answers_of(content), tuple(obstacles_to_screening(proposal)))
        for (proposal, content), checks in zip(found, _checks(found), strict=True)
    ]


def checks_of(proposal: Proposal, content: Content) -> list[Check]:
    """The automatic checks of one submitted content. At most nine queries."""
    (found,) = _checks([(proposal, content)])
    return found


def answers_of(content: Content) -> tuple[Answer, ...]:
    """The answers to the eligibility questions, as submitted."""
    return tuple(
        Answer(each["prompt"], _shown(each), each["kind"] == QuestionKind.YES_NO and each["text"] == NO)
        for each in _eligibility_section(content)
    )


def _contents(proposals: Sequence[Proposal]) -> dict[int, Content]:
    """What each proposal said when it was submitted last, by its key. One query."""
    later = Submission.objects.filter(proposal=OuterRef("proposal"), number__gt=OuterRef("number"))
    rows = Submission.objects.filter(proposal__in=proposals).exclude(Exists(later)).order_by("pk")
    return dict(rows.values_list("proposal", "content"))


def _checks(about: Sequence[tuple[Proposal, Content]]) -> list[list[Check]]:
    around = _gather(about)
    return [
        [
            _eligibility(proposal, content, around),
            _identifiers(content["coalition"], around),
            _money(proposal, content["budget"], around),
            _sign_offs(proposal, content, around),
            _duplicates(proposal, content["coalition"], around),
            _attachments(proposal, content, around),
        ]
        for proposal, content in about
    ]


def _gather(about: Sequence[tuple[Proposal, Content]]) -> _Around:
    if not about:
        return _Around()
    proposals = [proposal for proposal, _ in about]
    rounds = {each.round_id for each in proposals}
    partners = [partner for _, content in about for partner in content["coalition"]["partners"]]
    leaids = {each["leaid"] for each in partners if each["leaid"]}
    eins = {squeeze(each["ein"]) for each in partners if each["ein"]}
    # Any one district tells that the federal list was loaded at all.
    anyone = Q(pk=District.objects.order_by("pk").values("pk")[:1])
    listed = set(District.objects.filter(Q(pk__in=leaids) | anyone).values_list("pk", flat=True))
    known = frozenset(listed & leaids)
    qualifying: dict[int, list[Question]] = defaultdict(list)
    for question in Question.objects.filter(round__in=rounds, qualifying=True):
        qualifying[question.round_id].append(question)
    slots: dict[int, list[str]] = defaultdict(list)
    for round_id, name in AttachmentSlot.objects.filter(round__in=rounds, required=True).values_list("round", "name"):
        slots[round_id].append(name)
    unsigned: dict[int, dict[str, SignOff]] = defaultdict(dict)
    for sign_off in SignOff.objects.filter(proposal__in=proposals).select_related("partner").order_by("pk"):
        unsigned[sign_off.proposal_id][sign_off.partner.name] = sign_off
    same = Q(site__partners__leaid__in=leaids) | Q(site__partners__ein__in=eins)
    applied = (
        Proposal.objects.filter(same, round__in=rounds)
        .exclude(state__in=[ProposalState.DRAFT, ProposalState.WITHDRAWN])
        .order_by("pk")
        .values_list("pk", "round", "reference", "site__name", "site__partners__leaid", "site__partners__ein")
    )
    coalitions = Partner.objects.filter(leaid__in=leaids).order_by("pk").values_list("site", "site__name", "leaid")
    return _Around(
        known=known,
        is_listed=leaids == known or bool(listed),
        qualifying=qualifying,
        slots=slots,
        applied=tuple(applied),
        coalitions=tuple(coalitions),
        ledger=money.held_by({each.site_id for each in proposals}),
        unsigned=unsigned,
    )


def _eligibility_section(content: Content) -> list[dict[str, Any]]:
    found = (each["answers"] for each in content["sections"] if each["key"] == Section.ELIGIBILITY)
    return next(found, [])


def _shown(answer: Content) -> str:
    text: str = answer["text"]
    return _YES_NO.get(text, text) if answer["kind"] == QuestionKind.YES_NO else text


def _eligibility(proposal: Proposal, content: Content, around: _Around) -> Check:
    version = proposal.questions_version
    qualifying = {
        each.key
        for each in around.qualifying.get(proposal.round_id, ())
        if each.since <= version and (each.until is None or each.until > version)
    }
    refused = [each for each in _eligibility_section(content) if each["text"] == NO and each["key"] in qualifying]
    problems = tuple(f"Answered “no”: {each['prompt']}" for each in refused)
    return Check("Eligibility", "No qualifying question was answered “no”.", problems)


def _identifiers(coalition: Content, around: _Around) -> Check:
    problems, state = [], coalition["state"]
    for partner in coalition["partners"]:
        name, leaid = partner["name"], partner["leaid"]
        if leaid:
            wrong = _try(f"{name}, district id", lambda text: check_leaid(text, state), leaid)
            if not wrong and around.is_listed and leaid not in around.known:
                wrong = [f"{name}, district id ({leaid}): not in the federal list of districts."]
            problems += wrong
        elif partner["kind"] == PartnerKind.DISTRICT:
            problems.append(f"{name} gives no district id.")
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


def _money(proposal: Proposal, budget: Content, around: _Around) -> Check:
    """Whether what is asked for fits under the ceilings, counting what the site holds from other awards."""
    grid = {(number, ""): Decimal(amount) for number, amount in enumerate(budget["years"], 1)}
    together = sum(grid.values(), ZERO)
    problems = tuple(each.text for each in money.excesses(proposal.site, proposal.round, grid, around.ledger))
    well = f"{dollars(together)} over five years, within both ceilings with what the site holds already."
    return Check("Ceilings", well, problems or (() if together else ("The budget asks for no money.",)))


def _sign_offs(proposal: Proposal, content: Content, around: _Around) -> Check:
    signed = {each["partner"]: each["content_sha256"] for each in content["sign_offs"]}
    latest = around.unsigned.get(proposal.pk, {})
    current, problems, silent = signed_digest(content), [], []
    for partner in content["coalition"]["partners"]:
        name = partner["name"]
        if name in signed and signed[name] != current:
            problems.append(f"{name} signed an earlier version of the text.")
        elif name not in signed and proposal.round.sign_offs_required:
            why = _why_unsigned(name, latest.get(name))
            problems += [why] if why else []
            silent += [] if why else [name]
    if silent:
        problems.append(f"{listed(silent)} {'has' if len(silent) == 1 else 'have'} not signed.")
    well = "Every partner signed what was submitted."
    return Check("Sign-offs", well if signed else "This round asks for no sign-offs.", tuple(problems))


def _why_unsigned(name: str, latest: SignOff | None) -> str:
    """What became of the request, in a sentence; empty when nothing is known of an answer."""
    if latest is not None and latest.state == SignOffState.DECLINED:
        return f"{name} declined to sign: {' '.join(latest.decline_reason.split())}"
    if latest is not None and latest.state == SignOffState.VOID:
        return f"The signature of {name} is no longer valid, because the text was changed."
    return ""


def _duplicates(proposal: Proposal, coalition: Content, around: _Around) -> Check:
    leaids = {each["leaid"] for each in coalition["partners"] if each["leaid"]}
    eins = {squeeze(each["ein"]) for each in coalition["partners"] if each["ein"]}
    problems: list[str] = []
    told: set[str] = set()
    for pk, round_id, reference, name, leaid, ein in around.applied:
        if pk == proposal.pk or round_id != proposal.round_id:
            continue
        if leaid in leaids:
            told.add(name)
            problems.append(f"{reference} of {name} names the same district.")
        elif ein in eins:
            problems.append(f"{reference} of {name} names a partner with the same EIN, {show_ein(ein)}.")
    problems += [
        f"The same district stands under another coalition, {name}."
        for site, name, leaid in around.coalitions
        if site != proposal.site_id and leaid in leaids and name not in told
    ]
    return Check(
        "Duplicates", "No other proposal of the round and no other coalition names the district.", _once(problems)
    )


def _attachments(proposal: Proposal, content: Content, around: _Around) -> Check:
    given = {each["slot"] for each in content["attachments"]}
    missing = [name for name in around.slots.get(proposal.round_id, ()) if name not in given]
    return Check(
        "Attachments", "Every document the round asks for is there.", tuple(f"“{name}” is missing." for name in missing)
    )


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
