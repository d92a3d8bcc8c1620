"""What the public reads of a call: its questions by section, its documents, rubric, dates, money, and what comes after."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse

from grants.domain.queries.budget import JUSTIFIED_FROM
from grants.domain.queries.burden import estimate
from grants.domain.queries.question_version import edited_version
from grants.enums import BudgetCategory, QuestionKind, Section
from grants.models import AttachmentSlot, FundingRound, Question
from grants.pdf.facts import AskedDocument, AskedPart, AskedQuestion, CallFacts, RubricLine
from portal import programme
from portal.certain import certain
from portal.documents.enums import ContentType
from portal.money import dollars
from portal.words import counted, day_words, when_words

# Counts up when the files of every call have to be made again, because their layout changed.
LAYOUT = 1

# What these sections ask for is not a question, so it is said in words.
_IN_WORDS = {
    Section.ELIGIBILITY: "Answer these first: they say at once whether your coalition can apply.",
    Section.COALITION: "We take the partners and schools from the record of your coalition: you enter them once.",
    Section.BASELINE: (
        "Where you start: for at least one test, how many students of each group reached each achievement level. You can "
        "paste it from a spreadsheet or read it in from a file; what the state withholds stays withheld."
    ),
    Section.PLAN: "Each plan also needs milestones: what you will have reached, by the end of which year.",
    Section.BUDGET: "One amount for each component, kind of cost and year. The portal adds them up while you type.",
    Section.ATTACHMENTS: "Letters, data tables or pictures that help us understand. PDF, Word, Excel, PNG or JPEG.",
    Section.SIGNOFFS: "Each partner’s signatory gets a private link, reads the proposal and signs. No account needed.",
}
_ALWAYS_ASKED = (Section.COALITION, Section.BASELINE, Section.BUDGET, Section.ATTACHMENTS, Section.SIGNOFFS)


@dataclass
class AskedSection:
    """A section of a call: its title, what it asks for besides questions, and the questions."""

    key: str
    title: str
    section: Section
    component: Any = None
    text: str = ""
    questions: list[Question] = field(default_factory=list)


def sections_of(round_: FundingRound, *, prepared: bool = False) -> list[AskedSection]:
    """The sections of the round's proposals in order, each with the questions asked now. One query.

    With `prepared` the questions are those staff are working on: a published call's next version.
    """
    found: dict[str, AskedSection] = {}
    for question in _asked(round_, edited_version(round_) if prepared else round_.questions_version):
        section = Section(question.section)
        key = question.section_key
        if key not in found:
            title = question.component.name if question.component else section.label
            found[key] = AskedSection(key, title, section, question.component, _IN_WORDS.get(section, ""))
        found[key].questions.append(question)
    for section in _ALWAYS_ASKED:
        if section != Section.SIGNOFFS or round_.sign_offs_required:
            found.setdefault(section, AskedSection(section, section.label, section, text=_IN_WORDS[section]))
    order = Section.values
    return sorted(
        found.values(), key=lambda each: (order.index(each.section), each.component.position if each.component else 0)
    )


def _asked(round_: FundingRound, version: int) -> list[Question]:
    """The questions of a version in order; what was prefetched for many rounds is not asked for again."""
    known = getattr(round_, "_prefetched_objects_cache", {}).get("questions")
    if known is None:
        known = round_.questions.of_version(version).select_related("component").order_by("position", "pk")
    return [each for each in known if each.since <= version and (each.until is None or each.until > version)]


def anchors_of(criteria, top_score: int) -> list[tuple[Any, list[tuple[str, str]]]]:
    """Each criterion with what its scores mean in words, the lowest first."""
    scores = [str(score) for score in range(1, top_score + 1)]
    return [(each, [(score, each.anchors[score]) for score in scores if each.anchors.get(score)]) for each in criteria]


def page_of(round_: FundingRound, at: datetime, *, prepared: bool = False) -> dict[str, Any]:
    """Everything the page of a call shows. Three queries."""
    sections, slots = sections_of(round_, prepared=prepared), list(round_.slots.all())
    return {
        "round": round_,
        "phase": round_.phase_at(at),
        "sections": sections,
        "slots": [_document(each) for each in slots],
        "rubric": anchors_of(round_.criteria.all(), round_.top_score),
        "burden": estimate(sections, slots),
        "question_count": counted(sum(len(each.questions) for each in sections), "question"),
        "reading": how_read(round_),
        "budget_rules": budget_rules(round_),
        "afterwards": afterwards(round_),
        "categories": BudgetCategory.labels,
        "years": programme.AWARD_YEARS,
    }


def facts_of(round_: FundingRound) -> CallFacts:
    """The call as its files say it. Three queries, none for what was prefetched."""
    page = page_of(round_, certain(round_.published_at or round_.created_at))
    components = {each.component.code: each.component.name for each in page["sections"] if each.component}
    return CallFacts(
        portal=settings.PORTAL_NAME,
        foundation=settings.FOUNDATION_NAME,
        support=settings.SUPPORT_EMAIL,
        address=settings.BASE_URL + reverse("grants:call-detail", args=[round_.reference]),
        reference=round_.reference,
        name=round_.name,
        summary=round_.summary,
        guidelines=round_.guidelines,
        time_zone=round_.time_zone,
        opens_at=round_.opens_at.astimezone(UTC),
        closes_at=round_.closes_at.astimezone(UTC),
        decision_by=round_.decision_by,
        first_year_starts_on=round_.first_year_starts_on,
        yearly_ceiling=dollars(round_.yearly_ceiling),
        total_ceiling=dollars(round_.total_ceiling),
        envelope=dollars(round_.envelope),
        years=programme.AWARD_YEARS,
        question_count=page["question_count"],
        parts=tuple(_part(each) for each in page["sections"]),
        documents=tuple(page["slots"]),
        components=tuple(components.items()),
        categories=tuple(page["categories"]),
        budget_rules=tuple(page["budget_rules"]),
        rubric=tuple(
            RubricLine(each.name, each.description, each.weight, tuple(anchors)) for each, anchors in page["rubric"]
        ),
        top_score=round_.top_score,
        reading=tuple(page["reading"]),
        afterwards=tuple(page["afterwards"]),
        issued_at=certain(round_.published_at or round_.created_at).astimezone(UTC),
    )


def fingerprint(facts: CallFacts) -> str:
    """SHA-256 of everything that stands in a call's files: another one means that they have to be made again."""
    said = json.dumps([LAYOUT, asdict(facts)], sort_keys=True, ensure_ascii=False, cls=DjangoJSONEncoder)
    return hashlib.sha256(said.encode()).hexdigest()


def how_answered(question: Question) -> str:
    """How a question is answered, in words."""
    if question.kind == QuestionKind.TEXT:
        return f"Up to {question.word_limit:,} words" if question.word_limit else "Text"
    if question.kind == QuestionKind.CHOICE:
        return f"Choose one: {' · '.join(question.choices)}"
    return "A number" if question.kind == QuestionKind.NUMBER else "Yes or no"


def notes_on(question: Question) -> list[str]:
    """What else an applicant should know of a question before answering it."""
    notes = [] if question.required else ["Optional"]
    if question.qualifying:
        notes.append(question.if_no.strip() or "A “no” means that you cannot apply in this round")
    if question.hidden_from_reviewers:
        notes.append("Reviewers do not see the answer")
    return notes


def how_read(round_: FundingRound) -> list[str]:
    """How proposals are read, in sentences."""
    said = [
        f"Each proposal is read by {counted(round_.reviews_per_proposal, 'reviewer')}. They score each criterion from 1 "
        f"to {round_.top_score} and give a reason for every score."
    ]
    if round_.blind:
        said.append("They do not see who applies.")
    return said


def budget_rules(round_: FundingRound) -> list[str]:
    """What a budget has to keep, in sentences."""
    return [
        f"Up to {dollars(round_.yearly_ceiling)} a year, and up to {dollars(round_.total_ceiling)} in all "
        f"{programme.AWARD_YEARS} years together.",
        "One amount for each component, kind of cost and year, in dollars.",
        f"A kind of cost that reaches {dollars(JUSTIFIED_FROM)} in a component needs a sentence that says why.",
        "What partners give themselves, in money or in kind, is entered beside it and counts towards no ceiling.",
    ]


def afterwards(round_: FundingRound) -> list[str]:
    """What happens after a proposal is sent, in the order in which it happens."""
    zone = round_.time_zone
    return [
        "You get a receipt at once: on screen, by mail to everybody on your team, and as a PDF with every answer.",
        f"Until the call closes, {when_words(round_.closes_at, zone)}, you can change your proposal and submit it again. "
        "The last version you submit counts.",
        "Staff check that your coalition is eligible. Should something be unclear, they write to you in the portal.",
        *how_read(round_)[:1],
        f"You hear of the decision by {day_words(round_.decision_by)}, with reasons, whatever it is."
        if round_.decision_by
        else "You hear of the decision by mail, with reasons, whatever it is.",
        f"If you are funded, the first year starts on {day_words(round_.first_year_starts_on)}. After each year you "
        "send a report; its form opens filled in with your plan.",
    ]


def _part(section: AskedSection) -> AskedPart:
    component = section.component
    return AskedPart(
        section.key,
        section.title,
        section.text,
        component.code if component else "",
        component.purpose if component else "",
        tuple(
            AskedQuestion(
                each.key, each.prompt, each.help, each.kind, how_answered(each), tuple(notes_on(each)),
                tuple(each.choices), each.required,
            )
            for each in section.questions
        ),
    )  # fmt: skip


def _document(slot: AttachmentSlot) -> AskedDocument:
    kinds = " or ".join(ContentType(each).label for each in slot.kinds)
    return AskedDocument(slot.name, slot.help, kinds or "Any kind we take", slot.required, slot.hidden_from_reviewers)
