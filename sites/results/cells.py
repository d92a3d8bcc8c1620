"""What one cell of a table of results says: a number of students, a percent, a number withheld, nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from portal.words import tidy

MOST_STUDENTS = 10_000_000
_COUNT = re.compile(r"(\d{1,3}(?:[, ]\d{3})+|\d{1,9})(\.0+)?")
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,6})?) ?%")
_DECIMAL = re.compile(r"\d{0,3}\.\d{1,12}")
# Stars, daggers, dashes; `<5`, `n<10`, `≤ 5%`, `>95`: the state knows the number and does not say it.
_STARS = re.compile(r"[*†‡§^]+")
_BOUND = re.compile(r"(n ?)?(<=|>=|[<>≤≥]) ?\d+(\.\d+)? ?%?|(fewer|less) than \d+", re.IGNORECASE)
_WITHHELD = frozenset(
    {"s", "ds", "ps", "dns", "sup", "supp", "suppressed", "withheld", "masked", "redacted", "n<", "too few", "tfs", "#"}
)
_ABSENT = frozenset(
    {"", "-", "--", "---", "–", "—", "——", ".", "n/a", "na", "n.a.", "#n/a", "nan", "null", "none", "nd", "no data",
     "not available", "not applicable", "not tested"}
)  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """`kind` is one of the constants below; `count` and `percent` are there for their own kinds alone."""

    kind: str
    count: int = 0
    percent: Decimal = Decimal(0)
    # Decimal places of the percent, which say how far it is rounded.
    places: int = 0


COUNT, PERCENT, WITHHELD, ABSENT, WORDS = "count", "percent", "withheld", "absent", "words"


def read_cell(text: str) -> Cell:
    """What a cell says. Never guesses: what is no whole number, percent or known sign is `WORDS`."""
    typed = tidy(text).strip()
    low = typed.lower()
    if low in _ABSENT:
        return Cell(ABSENT)
    if low in _WITHHELD or _STARS.fullmatch(typed) or _BOUND.fullmatch(low):
        return Cell(WITHHELD)
    if found := _COUNT.fullmatch(typed):
        count = int(found[1].replace(",", "").replace(" ", ""))
        return Cell(COUNT, count=count) if count <= MOST_STUDENTS else Cell(WORDS)
    if found := _PERCENT.fullmatch(typed):
        return _percent(found[1])
    return _percent(typed) if _DECIMAL.fullmatch(typed) else Cell(WORDS)


def _percent(digits: str) -> Cell:
    percent = Decimal(digits)
    places = len(digits.partition(".")[2])
    return Cell(PERCENT, percent=percent, places=places) if percent <= 100 else Cell(WORDS)
