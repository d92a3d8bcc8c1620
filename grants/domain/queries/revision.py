"""The earlier versions of a section: who saved what and when, and in which words they differ from what it says now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

from grants.domain.baseline import baseline_state
from grants.domain.budget import budget_state
from grants.domain.queries.dossier import Dossier, Part
from grants.domain.revision import text_state
from grants.enums import BudgetCategory, MatchKind, Section
from grants.models import Proposal, Question, SectionRevision
from portal.money import dollars
from sites.enums import StudentGroup
from sites.models import Component, KeyIssue

SIZE = 20
# Texts with more words together than this are compared line by line, and with more lines not at all: it must stay quick.
MOST_WORDS, MOST_LINES = 4000, 2000
SAME, REMOVED, ADDED = "same", "removed", "added"


@dataclass(frozen=True)
class Row:
    """One revision in the list, with the words that came and went since the one before it."""

    revision: SectionRevision
    added: int
    removed: int
    is_now: bool


@dataclass(frozen=True)
class Piece:
    """A stretch of text: in both, only in the earlier version (`removed` since), or only in the later (`added`)."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """One part of a section (an answer, the milestones, a component's budget) and how its text changed."""

    label: str
    pieces: tuple[Piece, ...]

    @property
    def is_same(self) -> bool:
        return all(piece.kind == SAME for piece in self.pieces)


def revisions(proposal: Proposal, key: str, *, before: int | None = None) -> tuple[list[Row], int | None]:
    """A page of revisions, the newest first, and the number to ask for those `before` it; None on the last page.

    One query for the rows, whatever there are; `is_now` marks the newest of all.
    """
    rows = SectionRevision.objects.filter(proposal=proposal, key=key).select_related("saved_by").order_by("-number")
    found = list(rows.filter(number__lt=before)[: SIZE + 1] if before else rows[: SIZE + 1])
    counts = [Counter(_words(each.content)) for each in found]
    # The row after the page only shows what its successor changed; the very first revision began with nothing.
    if len(found) <= SIZE:
        counts.append(Counter())
    changed = [((now - then).total(), (then - now).total()) for now, then in pairwise(counts)]
    listed = [
        Row(each, added, removed, is_now=before is None and place == 0)
        for place, (each, (added, removed)) in enumerate(zip(found[:SIZE], changed, strict=False))
    ]
    return listed, found[SIZE - 1].number if len(found) > SIZE else None


def state_of(dossier: Dossier, part: Part) -> dict[str, Any]:
    """What any section says now, as its revisions keep it."""
    grids = {Section.BUDGET: budget_state, Section.BASELINE: baseline_state}
    state: dict[str, Any] = grids[part.section](dossier) if part.section in grids else text_state(dossier, part)
    return state


def changes(dossier: Dossier, part: Part, then: Mapping[str, Any], now: Mapping[str, Any]) -> list[Change]:
    """How a section changed between two of its states, part by part, in the order of the page."""
    earlier, later = dict(_told(dossier, part, then)), dict(_told(dossier, part, now))
    labels = list(dict.fromkeys([*later, *earlier]))
    return [Change(label, tuple(compared(earlier.get(label, ""), later.get(label, "")))) for label in labels]


def compared(then: str, now: str) -> Iterator[Piece]:
    """The pieces of two texts in order, word by word; long texts line by line, longer ones as a whole."""
    if then == now:
        if now:
            yield Piece(SAME, now)
        return
    old, new = _cut(then, now)
    if old is None or new is None:
        yield from (piece for piece in (Piece(REMOVED, then), Piece(ADDED, now)) if piece.text)
        return
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            yield Piece(SAME, "".join(old[i1:i2]))
        else:
            yield from (
                piece
                for piece in (Piece(REMOVED, "".join(old[i1:i2])), Piece(ADDED, "".join(new[j1:j2])))
                if piece.text
            )


def _cut(then: str, now: str) -> tuple[list[str], list[str]] | tuple[None, None]:
    """Both texts in pieces to compare: words with the space after them, or lines; None for both when it is too much."""
    old, new = _with_spaces(then), _with_spaces(now)
    if len(old) + len(new) <= MOST_WORDS:
        return old, new
    old, new = then.splitlines(keepends=True), now.splitlines(keepends=True)
    return (old, new) if len(old) + len(new) <= MOST_LINES else (None, None)


def _with_spaces(text: str) -> list[str]:
    pieces: list[str] = []
    for line in text.splitlines(keepends=True):
        words = line.split(" ")
        pieces += [f"{word} " for word in words[:-1]]
        if words[-1]:
            pieces.append(words[-1])
    return pieces


def _words(value: Any) -> Iterator[str]:
    """Every word and number of a state, wherever it stands."""
    if isinstance(value, str):
        yield from value.split()
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _words(each)
    elif isinstance(value, list):
        for each in value:
            yield from _words(each)
    elif value is not None:
        yield str(value)


def _told(dossier: Dossier, part: Part, state: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """A state in words: the parts of the section by their labels."""
    if part.section == Section.BUDGET:
        yield from _budget_told(state)
    elif part.section == Section.BASELINE:
        for table in state["tables"]:
            label = f"{table['subject_name']}, {table['grades_name'].lower()}, {table['school_year']}"
            yield label, "\n".join(_results_told(table))
    else:
        yield from _text_told(dossier, part, state)


def _text_told(dossier: Dossier, part: Part, state: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if "title" in state:
        yield "Title of the proposal", state["title"]
    asked = {each.key: each.prompt for each in dossier.asked(part.key)}
    gone = [key for key in state["answers"] if key not in asked]
    if gone:
        former = Question.objects.filter(round=dossier.round, key__in=gone).values_list("key", "prompt")
        asked |= {key: f"{prompt} (no longer asked)" for key, prompt in former}
    for key, prompt in asked.items():
        if key in state["answers"]:
            yield prompt, state["answers"][key]
    if "key_issues" in state:
        names = dict(KeyIssue.objects.values_list("code", "name"))
        yield "Issues it takes up", "\n".join(names.get(code, code) for code in state["key_issues"])
    if "milestones" in state:
        rows = [
            f"Year {each['year']}: {each['text']}" + (f" ({each['measure']})" if each["measure"] else "")
            for each in state["milestones"]
        ]
        yield "Milestones", "\n".join(rows)


def _budget_told(state: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    notes = {(each["component"], each["category"]): each["text"] for each in state["notes"]}
    amounts = {(each["component"], each["category"]): each["years"] for each in state["lines"]}
    for code, name in Component.objects.order_by("position").values_list("code", "name"):
        lines = []
        for category in BudgetCategory:
            place = (code, category.value)
            if place in amounts:
                lines.append(f"{category.label}: {_years_told(amounts[place])}")
            if notes.get(place):
                lines.append(f"{category.label}, why: {notes[place]}")
        yield name, "\n".join(lines)
    yield (
        "Match",
        "\n".join(
            f"{each['partner']}, {MatchKind(each['kind']).label.lower()}: {each['what']}, {_years_told(each['years'])}"
            for each in state["match"]
        ),
    )


def _years_told(years: list[str]) -> str:
    return ", ".join(f"year {number} {dollars(Decimal(amount))}" for number, amount in enumerate(years, start=1))


def _results_told(table: Mapping[str, Any]) -> Iterator[str]:
    levels = table["level_names"]
    yield f"{table['test_name'] or 'Test without a name'}, proficient from {levels[table['proficient_from'] - 1]}"
    for row in table["groups"]:
        numbers = ", ".join(
            f"{name} {'withheld' if count is None else f'{count:,}'}"
            for name, count in zip(levels, row["counts"], strict=True)
        )
        yield f"{StudentGroup(row['group']).label}: {numbers}"
