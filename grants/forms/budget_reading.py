"""A budget out of a spreadsheet: lines found by their labels, years by their heads, totals left out, the rest told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from grants.domain.budget import MOST_MATCH_ROWS
from grants.domain.queries.dossier import Dossier
from grants.enums import BudgetCategory, MatchKind
from grants.forms.budget import name_of, note_name
from portal import programme
from portal.imports import Table

_YEAR_HEAD = re.compile(r"(?:year|yr|y) ?([1-5])\b.*")
_AMOUNT = re.compile(r"\(?-?\$? ?[\d,. ]*\d\)?(\.\d+)?")
_NOTHING = frozenset({"", "-", "–", "—", "$0", "$-", "0", "0.00", "$0.00"})
_TOTALS = re.compile(
    r"(sub)?totals?\b.*|grand total.*|sum|together|all components|planned|ceiling|five years.*|total.*"
)
_WHY = re.compile(r"why.*|justification.*|narrative.*|explanation.*|notes?|comments?")
_GIVES = "who gives it"


@dataclass
class Heads:
    """Which column of a table holds which year, and which the justification."""

    years: dict[int, int] = field(default_factory=dict)
    note: int | None = None
    is_match: bool = False


@dataclass
class Filled:
    """Texts by the name of their box, how many lines they came from, and what was not used."""

    boxes: dict[str, str] = field(default_factory=dict)
    lines: int = 0
    unused: list[str] = field(default_factory=list)
    match: list[tuple[str, str, str, tuple[str, ...]]] = field(default_factory=list)


def read_budget(tables: Iterable[Table], dossier: Dossier) -> Filled:
    """The boxes these tables fill. A line needs the name of its component (on it or above it) and of its category."""
    found = Filled()
    for table in tables:
        _read_table(found, table, dossier)
    if not found.lines and not found.match:
        found.unused.insert(0, "No line of the budget was found. Put what each line pays for in its first cells.")
    return found


def match_boxes(found: Filled) -> dict[str, str]:
    """The boxes of the match, when the tables had any."""
    boxes = {"match-rows": str(len(found.match))} if found.match else {}
    for number, (partner, kind, what, years) in enumerate(found.match, 1):
        told = {"partner": partner, "kind": kind, "what": what, **{str(y): text for y, text in enumerate(years, 1)}}
        boxes |= {f"match-{number}-{name}": text for name, text in told.items()}
    return boxes


def _read_table(found: Filled, table: Table, dossier: Dossier) -> None:
    names = {_plain(name): each.code for each in dossier.components for name in (each.name, each.short_name, each.code)}
    categories = {_plain(name): value for value, label in BudgetCategory.choices for name in (label, value)}
    heads, component = Heads(), names.get(_plain(table.name.rpartition(": ")[2]), "")
    for number, row in enumerate(table.rows, 1):
        if new := _heads(row):
            heads = new
            continue
        if heads.is_match:
            _read_match(found, row, heads)
            continue
        labels = [_plain(cell) for cell in _labels(row, heads)]
        component = next((names[label] for label in labels if label in names), component)
        category = next((categories[label] for label in labels if label in categories), "")
        amounts = _amounts(row, heads, len(labels))
        if category and component:
            if amounts or heads.note is not None:
                _fill(found, component, category, amounts, _at(row, heads.note))
        elif labels and any(text not in _NOTHING for text in amounts) and not _is_sum(labels, names):
            place = f"{table.name}, line {number}" if table.name else f"Line {number}"
            why = "it does not say which component it belongs to" if category else "it is no line of this budget"
            found.unused.append(f"{place}: “{' '.join(_labels(row, heads))[:80]}” is not used; {why}.")


def _is_sum(labels: Sequence[str], names: Mapping[str, str]) -> bool:
    """Whether a line adds up others: it says so, or has the name of a component and nothing else."""
    return any(_TOTALS.fullmatch(label) for label in labels) or (len(labels) == 1 and labels[0] in names)


def _heads(row: Sequence[str]) -> Heads | None:
    """The heads of columns, when this row is one of heads."""
    heads = Heads()
    for index, cell in enumerate(row):
        words = _plain(cell)
        if year := _YEAR_HEAD.fullmatch(words):
            heads.years.setdefault(int(year[1]), index)
        elif _WHY.fullmatch(words):
            heads.note = index
        elif words == _GIVES:
            heads.is_match = True
    return heads if len(heads.years) > 1 else None


def _labels(row: Sequence[str], heads: Heads) -> list[str]:
    """The words before the first amount."""
    first = min(heads.years.values()) if heads.years else len(row)
    found = []
    for index, cell in enumerate(row):
        if index >= first or (cell and (_AMOUNT.fullmatch(cell) or cell in _NOTHING)):
            break
        if cell:
            found.append(cell)
    return found


def _amounts(row: Sequence[str], heads: Heads, labels: int) -> tuple[str, ...]:
    """The five texts of the years; empty when the line has none at all."""
    if heads.years:
        texts = tuple(_at(row, heads.years.get(year)) for year in programme.YEAR_NUMBERS)
    else:
        start = _first_after_labels(row, labels)
        texts = tuple(_at(row, start + offset) for offset in range(programme.AWARD_YEARS))
    return texts if any(texts) else ()


def _first_after_labels(row: Sequence[str], labels: int) -> int:
    """Where year 1 stands in a line without heads: after its labels, where an empty cell is a year without anything.

    Empty columns between labels and amounts are passed over when there are more cells than years.
    """
    start = [index for index, cell in enumerate(row) if cell][labels - 1] + 1 if labels else 0
    while len(row) - start > programme.AWARD_YEARS and not row[start]:
        start += 1
    return start


def _fill(found: Filled, component: str, category: str, amounts: Sequence[str], note: str) -> None:
    for year, text in enumerate(amounts, 1):
        found.boxes[name_of((component, category, year))] = "" if text in _NOTHING else _rounded(text)
    if note:
        found.boxes[note_name((component, category))] = note
    found.lines += bool(amounts or note)


def _rounded(text: str) -> str:
    """A number as a spreadsheet computed it, with its cents: `1000.1` is `1000.10`, more than two places stay."""
    return f"{text}0" if re.fullmatch(r"\d+\.\d", text) else text


def _read_match(found: Filled, row: Sequence[str], heads: Heads) -> None:
    partner, kind, what = (_at(row, index) for index in range(3))
    if len(found.match) >= MOST_MATCH_ROWS or not (partner or what) or _TOTALS.fullmatch(_plain(partner)):
        return
    kinds = {_plain(name): value for value, label in MatchKind.choices for name in (label, value)}
    code = kinds.get(_plain(kind), MatchKind.CASH.value if "cash" in kind.lower() else MatchKind.IN_KIND.value)
    years = (_at(row, heads.years.get(year)) for year in programme.YEAR_NUMBERS)
    found.match.append((partner, code, what, tuple("" if text in _NOTHING else _rounded(text) for text in years)))


def _at(row: Sequence[str], index: int | None) -> str:
    return row[index] if index is not None and index < len(row) else ""


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9&]+", " ", text.lower().replace("_", " ")).strip()
