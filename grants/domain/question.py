"""Changing what a round asks: in place while the call is a draft, as a prepared change once it is published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from grants.domain.queries.question_version import edited_version
from grants.domain.round_list import RoundList
from grants.enums import QuestionKind, RoundPhase, RoundState
from grants.models import FundingRound, Question
from portal.access import Refused
from portal.record import lock

# The keys of a round's own questions: `own-1`, `own-2`, …
OWN = "own-"
# What staff may reword of a question the programme asks in every round.
OF_CORE = frozenset({"help", "if_no"})
# Everything that makes one question differ from its successor in the next version.
COMPARED = (
    "section", "component_id", "kind", "prompt", "help", "word_limit", "choices", "required", "qualifying", "if_no",
    "hidden_from_reviewers",
)  # fmt: skip


class Questions(RoundList):
    """The questions in order. Teams rely on what they read, so a published call's are changed as its next version.

    The row of the version asked now then ends where its successor with the same key begins
    (`domain.question_version` publishes or drops all of it).
    """

    model = Question
    noun = "question"
    fields = (
        "section", "component", "kind", "prompt", "help", "word_limit", "choices", "required", "qualifying", "if_no",
        "hidden_from_reviewers",
    )  # fmt: skip

    def open(self, round_: FundingRound, *, version: int | None, at: datetime) -> FundingRound:
        row = lock(round_, version=version)
        if row.state != RoundState.DRAFT and row.phase_at(at) not in {RoundPhase.SCHEDULED, RoundPhase.OPEN}:
            raise Refused("This call is over, so its questions stay as teams answered them.")
        return row

    def rows(self, round_: FundingRound) -> QuerySet:
        return round_.questions.of_version(edited_version(round_))

    def beside(self, row: Question) -> QuerySet:
        return self.rows(row.round).filter(section=row.section, component=row.component)

    def fresh(self, round_: FundingRound) -> Question:
        return Question(round=round_, key=_free_key(round_), since=edited_version(round_))

    def why_fixed(self, row: Question, fields: dict[str, Any] | None) -> str:
        if row.core and fields is None:
            return "This question is asked in every round, so it stays as it is."
        if row.core and not set(fields or ()) <= OF_CORE:
            return "This question is asked in every round, so only its explanation can be reworded."
        return ""

    def writable(self, row: Question) -> Question:
        """The row itself, or the successor it now ends at."""
        version = edited_version(row.round)
        if row.round.state == RoundState.DRAFT or row.since == version:
            return row
        Question.objects.filter(pk=row.pk).update(until=version)
        row.pk, row.since, row._state.adding = None, version, True
        return row

    def drop(self, row: Question) -> None:
        version = edited_version(row.round)
        if row.round.state == RoundState.DRAFT or row.since == version:
            row.delete()
        else:
            Question.objects.filter(pk=row.pk).update(until=version)

    def settle(self, row: Question) -> None:
        """A prepared change that leads back to what is asked now is none."""
        row.save()
        if row.round.state == RoundState.DRAFT:
            return
        before = Question.objects.filter(round=row.round, key=row.key, until=row.since).first()
        if before is not None and all(getattr(before, name) == getattr(row, name) for name in (*COMPARED, "position")):
            row.delete()
            Question.objects.filter(pk=before.pk).update(until=None)

    def restore(self, question: Question, *, actor: Any, at: datetime, version: int | None = None) -> None:
        """Undo the prepared change of one question: ask it as it is asked now. Its place in the order stays."""
        with self._opened(question.round, actor=actor, at=at, version=version) as locked:
            pending = edited_version(locked)
            asked = locked.questions.filter(key=question.key, until=pending).first()
            if locked.state == RoundState.DRAFT or asked is None:
                raise Refused("There is no prepared change of this question any more.")
            asked.round = locked
            changed = locked.questions.filter(key=question.key, since=pending).first()
            if changed is None:
                Question.objects.filter(pk=asked.pk).update(until=None)
            else:
                changed.round = locked
                for name in COMPARED:
                    setattr(changed, name, getattr(asked, name))
                self.settle(changed)
            self.log(locked, "restore", "asked as before", asked, actor=actor, at=at)

    def errors(self, row: Question) -> dict[str, str]:
        if row.kind != QuestionKind.CHOICE:
            row.choices = []
        if row.kind != QuestionKind.TEXT:
            row.word_limit = None
        if row.kind != QuestionKind.YES_NO:
            row.qualifying = False
        if not row.qualifying:
            row.if_no = ""
        errors = {}
        if not row.prompt.strip():
            errors["prompt"] = "Write the question."
        if row.kind == QuestionKind.TEXT and not row.word_limit:
            errors["word_limit"] = "Say how many words an answer may have."
        if row.kind == QuestionKind.CHOICE and len(row.choices) < 2:
            errors["choices"] = "Write at least two answers to choose from, one on each line."
        if row.kind == QuestionKind.CHOICE and len(set(row.choices)) < len(row.choices):
            errors["choices"] = "Two of these answers are the same."
        return errors

    def log(self, round_: FundingRound, verb: str, done: str, row: Any, *, actor: Any, at: datetime) -> None:
        prepared = "" if round_.state == RoundState.DRAFT else " in the next version"
        super().log(round_, verb, done + prepared, row, actor=actor, at=at)


def _free_key(round_: FundingRound) -> str:
    """The key after the highest one there ever was."""
    taken = [key.removeprefix(OWN) for key in round_.questions.filter(core=False).values_list("key", flat=True)]
    return f"{OWN}{max((int(number) for number in taken if number.isdigit()), default=0) + 1}"


QUESTIONS = Questions()
add_question, change_question, remove_question, move_question, restore_question = (
    QUESTIONS.add, QUESTIONS.change, QUESTIONS.remove, QUESTIONS.move, QUESTIONS.restore,
)  # fmt: skip
