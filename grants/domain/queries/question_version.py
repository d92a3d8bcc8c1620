"""What a version of a round's questions changes against the one before: for staff, for teams, for mail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from grants.domain.queries.dossier import dossier_of
from grants.enums import ProposalState, RoundState
from grants.models import Answer, FundingRound, Proposal, Question, QuestionVersion
from portal.certain import certain
from portal.words import counted

ADDED, CHANGED, MOVED, REMOVED = "added", "changed", "moved", "removed"
_WORDS = {ADDED: "New", CHANGED: "Changed", MOVED: "Moved", REMOVED: "No longer asked"}


@dataclass(frozen=True)
class Change:
    """One question that differs: as it is asked then (`question`), and before (`before`, None for a new one).

    `details` say in sentences what an applicant should know of the difference. For a question no longer asked both are
    the row that goes.
    """

    kind: str
    question: Question
    before: Question | None = None
    details: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        return _WORDS[self.kind]


def edited_version(round_: FundingRound) -> int:
    """The version staff edit: a draft's own, a published call's next one."""
    number: int = round_.questions_version
    return number if round_.state == RoundState.DRAFT else number + 1


def current_questions(round_: FundingRound):
    """The questions asked now, in order: what a proposal started at this moment answers."""
    return round_.questions.of_version(round_.questions_version).select_related("component")


def changes_in(round_: FundingRound, number: int) -> list[Change]:
    """What version `number` changes, in the order of the questions. One query."""
    rows = round_.questions.filter(Q(since=number) | Q(until=number))
    return _changes(rows.select_related("component"), number)


def prepared_changes(round_: FundingRound) -> list[Change]:
    """What staff have prepared and not published; nothing while the call is a draft."""
    return [] if round_.state == RoundState.DRAFT else changes_in(round_, edited_version(round_))


def drafts_carried_over(round_: FundingRound):
    """The proposals that move on when the next version is published: those never submitted."""
    return Proposal.objects.filter(round=round_, state=ProposalState.DRAFT)


def told_changes(changes: Iterable[Change]) -> list[Change]:
    """What teams are told of: a question that only changed its place is none of it."""
    return [each for each in changes if each.kind != MOVED]


@dataclass(frozen=True)
class Told:
    """A version as a team reads of it: the notice, and each change.

    With a change comes the key of the section in which it is asked now (empty when it is not), and what they had written
    to a question that no longer takes it.
    """

    version: QuestionVersion
    changes: list[tuple[Change, str, str]]


def told_to(proposal: Proposal) -> list[Told]:
    """The versions a draft was carried over to, the latest first. No query for one that was not."""
    if proposal.state != ProposalState.DRAFT or proposal.questions_version == 1:
        return []
    versions = QuestionVersion.objects.filter(
        round=proposal.round, number__lte=proposal.questions_version, published_at__gt=proposal.created_at
    )
    touched = proposal.round.questions.filter(Q(since__gt=1) | Q(until__isnull=False)).select_related("component")
    rows = list(touched)
    told = [(each, told_changes(_changes(rows, each.number))) for each in versions.order_by("-number")]
    before = [change.before.pk for _, changes in told for change in changes if change.before]
    written = dict(
        Answer.objects.filter(proposal=proposal, question__in=before).exclude(text="").values_list("question", "text")
    )
    asked = {each.key: each for each in dossier_of(proposal).questions}
    return [
        Told(version, [_told(each, asked.get(each.question.key), written) for each in changes])
        for version, changes in told
    ]


def _told(change: Change, asked: Question | None, written: dict[int, str]) -> tuple[Change, str, str]:
    text = written.get(change.before.pk, "") if change.before else ""
    if text and asked is not None and (text == asked.typed or not _elsewhere(change)):
        text = ""
    return change, asked.section_key if asked else "", text


def _elsewhere(change: Change) -> bool:
    """Whether what was written before may not stand in the box that asks now."""
    before, now = certain(change.before), change.question
    return change.kind == REMOVED or before.kind != now.kind or before.section_key != now.section_key


def _changes(rows: Iterable[Question], number: int) -> list[Change]:
    rows = list(rows)
    ended = {each.key: each for each in rows if each.until == number}
    begun = {each.key: each for each in rows if each.since == number}
    found = [_change(each, ended.get(each.key)) for each in begun.values()]
    found += [Change(REMOVED, each, each) for key, each in ended.items() if key not in begun]
    return sorted(found, key=lambda each: (each.question.position, each.question.pk))


def _change(row: Question, before: Question | None) -> Change:
    if before is None:
        return Change(ADDED, row)
    details = tuple(sentence for differs, sentence in _details(row, before) if differs)
    return Change(CHANGED if details else MOVED, row, before, details)


def _details(row: Question, before: Question) -> list[tuple[bool, str]]:
    """What an applicant should know of each difference, with whether it is one."""
    same_kind = row.kind == before.kind
    limits = f"The limit is {counted(row.word_limit or 0, 'word')} instead of {before.word_limit}."
    ends = (row.qualifying, row.if_no) != (before.qualifying, before.if_no)
    seen = "Reviewers do not see the answer." if row.hidden_from_reviewers else "Reviewers see the answer."
    return [
        (row.prompt != before.prompt, f"It read: “{before.prompt}”"),
        (row.help != before.help, "The explanation is new." if row.help else "It has no explanation any more."),
        (row.section_key != before.section_key, "It is asked in another section."),
        (not same_kind, f"It is answered in another way: {row.get_kind_display().lower()}."),
        (same_kind and row.word_limit != before.word_limit, limits),
        (same_kind and row.choices != before.choices, "The answers to choose from are different."),
        (row.required != before.required, "It has to be answered." if row.required else "It may stay empty."),
        (ends, "A “no” means you cannot apply." if row.qualifying else "A “no” no longer ends it."),
        (row.hidden_from_reviewers != before.hidden_from_reviewers, seen),
    ]
