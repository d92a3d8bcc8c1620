"""The burden meter: how many hours a call asks of a team, estimated from its questions and, later, as measured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import TYPE_CHECKING

from grants.enums import ProposalState, QuestionKind, Section
from grants.models import AttachmentSlot, FundingRound, ProposalSection, Question
from portal.words import counted, span_words

if TYPE_CHECKING:
    from grants.domain.queries.call import AskedSection

# Finished words an hour: text that several partners agreed on, written, discussed and revised. People type ten times as
# fast; grant writers plan with about a page (250 words) an hour.
WORDS_AN_HOUR = 250
# Answers are mostly a little shorter than they may be.
SHARE_OF_LIMIT = Decimal("0.8")
# Minutes for what is no text.
MINUTES = {
    QuestionKind.YES_NO: 3,  # read it, agree on it
    QuestionKind.CHOICE: 3,
    QuestionKind.NUMBER: 15,  # find whoever knows, and the number
}
READING = 45
COALITION = 60  # partners, schools, seats, identifiers
BASELINE = 180  # get the results, bring them into the grid, check them
MILESTONES = 45  # a plan
BUDGET = 60
BUDGET_OF_A_COMPONENT = 90
REQUIRED_FILE, OPTIONAL_FILE = 60, 30
SIGNATURE = 30  # ask, explain, wait, remind
# The least partners a coalition has: district, union, one from the community.
PARTNERS = 3
# Fewer teams say too little about the next one.
FEWEST_MEASURED = 3


@dataclass(frozen=True)
class Share:
    """What one section asks of a team, in minutes; `measured` is the median of the teams, None while it is unknown."""

    key: str
    title: str
    minutes: int
    measured: int | None = None
    teams: int = 0

    @property
    def words(self) -> str:
        return span_words(timedelta(minutes=self.minutes))

    @property
    def measured_words(self) -> str:
        """Empty while too few teams were measured."""
        return "" if self.measured is None else span_words(timedelta(minutes=self.measured))


@dataclass(frozen=True)
class Burden:
    """The hours of a whole call, by section."""

    shares: tuple[Share, ...]

    @property
    def minutes(self) -> int:
        return READING + sum(each.minutes for each in self.shares)

    @property
    def words(self) -> str:
        """`about 35 hours`: to the hour below ten, to five hours above, because it is an estimate."""
        hours = Decimal(self.minutes) / 60
        step = 1 if hours < 10 else 5
        return f"about {counted(max(1, int((hours / step).quantize(Decimal(1), ROUND_HALF_UP)) * step), 'hour')}"


def estimate(sections: Iterable[AskedSection], slots: Iterable[AttachmentSlot]) -> Burden:
    """The hours a team of a district, a union and a community partner needs together for what a call asks. No query.

    The sum over the sections of: words (80 % of the word limit, at 250 finished words an hour); 3 minutes for a choice
    or a yes or no; 15 minutes for a number; 60 minutes for a required file, 30 for an optional one; 45 minutes for the
    milestones of a plan; 60 minutes for the coalition's record; 3 hours for the baseline results; an hour for the budget
    and an hour and a half for each component in it; half an hour for each of three signatures; and 45 minutes for
    reading the call. The figures are the portal's own, set by what people of the trade plan with; `measured` shows beside
    them how long teams really wrote.
    """
    sections = list(sections)
    plans = sum(1 for each in sections if each.section == Section.PLAN)
    files = sum(REQUIRED_FILE if each.required else OPTIONAL_FILE for each in slots)
    return Burden(tuple(Share(each.key, each.title, _minutes(each, plans, files)) for each in sections))


def measured(round_: FundingRound, burden: Burden) -> Burden:
    """The same with the median writing time of the teams that submitted, where at least three were measured. One query.

    Measured is the time in which somebody had the section open and wrote (`ProposalSection.writing_seconds`), added up
    over the people of a team. Talking about it, and files made elsewhere, are not in it.
    """
    unfinished = (ProposalState.DRAFT, ProposalState.WITHDRAWN)
    rows = ProposalSection.objects.filter(proposal__round=round_, writing_seconds__gt=0)
    found: dict[str, list[int]] = {}
    for key, seconds in rows.exclude(proposal__state__in=unfinished).values_list("key", "writing_seconds"):
        found.setdefault(key, []).append(seconds)
    return Burden(
        tuple(
            Share(each.key, each.title, each.minutes, _median(found.get(each.key, [])), len(found.get(each.key, [])))
            for each in burden.shares
        )
    )


def _median(seconds: list[int]) -> int | None:
    return round(median(seconds) / 60) if len(seconds) >= FEWEST_MEASURED else None


def _minutes(section: AskedSection, plans: int, files: int) -> int:
    fixed = {
        Section.COALITION: COALITION,
        Section.BASELINE: BASELINE,
        Section.PLAN: MILESTONES,
        Section.BUDGET: BUDGET + BUDGET_OF_A_COMPONENT * plans,
        Section.ATTACHMENTS: files,
        Section.SIGNOFFS: SIGNATURE * PARTNERS,
    }
    asked = sum((_of_question(each) for each in section.questions), Decimal(0))
    return fixed.get(section.section, 0) + int(asked.quantize(Decimal(1), ROUND_HALF_UP))


def _of_question(question: Question) -> Decimal:
    if question.kind == QuestionKind.TEXT:
        return (question.word_limit or 0) * SHARE_OF_LIMIT / WORDS_AN_HOUR * 60
    return Decimal(MINUTES[QuestionKind(question.kind)])
