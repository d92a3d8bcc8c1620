"""What a call says, as plain values: the one thing its page, its PDF, its Word template and its fingerprint are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class AskedQuestion:
    """A question as an applicant reads it; `limit` says in words how it is answered (“Up to 400 words”)."""

    key: str
    prompt: str
    help: str
    kind: str
    limit: str
    notes: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True)
class AskedPart:
    """A section of the call: `text` says what it asks for besides questions, `code` is a plan's component."""

    key: str
    title: str
    text: str
    code: str = ""
    purpose: str = ""
    questions: tuple[AskedQuestion, ...] = ()


@dataclass(frozen=True)
class RubricLine:
    """A criterion with what its scores mean, the lowest first."""

    name: str
    description: str
    weight: int
    anchors: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class AskedDocument:
    """A document the round asks for by name; `kinds` in words."""

    name: str
    help: str
    kinds: str
    required: bool
    hidden: bool


@dataclass(frozen=True)
class CallFacts:
    """Everything a call says for as long as nobody changes it: nothing here depends on the day it is read."""

    portal: str
    foundation: str
    support: str
    address: str
    reference: str
    name: str
    summary: str
    guidelines: str
    time_zone: str
    opens_at: datetime
    closes_at: datetime
    decision_by: date | None
    first_year_starts_on: date
    yearly_ceiling: str
    total_ceiling: str
    envelope: str
    years: int
    question_count: str
    parts: tuple[AskedPart, ...]
    documents: tuple[AskedDocument, ...]
    components: tuple[tuple[str, str], ...]
    categories: tuple[str, ...]
    budget_rules: tuple[str, ...]
    rubric: tuple[RubricLine, ...]
    top_score: int
    reading: tuple[str, ...]
    afterwards: tuple[str, ...]
    issued_at: datetime
