"""Whether a coalition can apply, by its answers to the qualifying questions alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from grants.enums import QuestionKind
from grants.models import FundingRound, Question

_DEFAULT_REASON = "Only coalitions that answer yes can apply in this round."


@dataclass(frozen=True)
class Eligibility:
    """What the answers say: `against` pairs each question answered no with what that means."""

    complete: bool
    against: tuple[tuple[Question, str], ...] = ()

    @property
    def can_apply(self) -> bool:
        return self.complete and not self.against


def qualifying_questions(round_: FundingRound) -> list[Question]:
    """The questions with yes or no that decide whether a coalition can apply, as they are asked now. One query."""
    asked = round_.questions.of_version(round_.questions_version)
    return list(asked.filter(qualifying=True, kind=QuestionKind.YES_NO).order_by("position", "pk"))


def eligibility_by(questions: Iterable[Question], answers: Mapping[str, str]) -> Eligibility:
    """What these answers ("yes" or "no" by the question's key) mean for these questions."""
    questions = list(questions)
    return Eligibility(
        complete=all(answers.get(each.key) in {"yes", "no"} for each in questions),
        against=tuple(
            (each, each.if_no.strip() or _DEFAULT_REASON) for each in questions if answers.get(each.key) == "no"
        ),
    )
