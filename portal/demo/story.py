"""How the demo's story is told: many lines side by side, and what is to happen first happens first.

A line is a generator that yields when its next act is due and is given the moment at which it acts. So the activity log
numbers the acts in the order of their times, although the lines are written one by one.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from portal import clock
from portal.accounts.models import User

ZONE = "America/New_York"
JULY = 7
Line = Generator[datetime, datetime, Any]


@dataclass(frozen=True)
class Company:
    """The demo's people by handle, and its own source of variety."""

    people: dict[str, User]
    random: Random

    def __getattr__(self, handle: str) -> User:
        try:
            return self.people[handle]
        except KeyError as error:
            raise AttributeError(handle) from error


def instant(day: date, hour: int = 10) -> datetime:
    """That hour of that day where the foundation is."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(ZONE))


def first_july(closes: date) -> date:
    """The July in which awards of a call begin: the first after its decisions, which come within three months."""
    decided = closes + timedelta(days=90)
    return date(decided.year + (decided.month >= JULY), JULY, 1)


def together(*lines: Line) -> Line:
    """Several lines as one: the next act is always the earliest of theirs. Gives what each line gave, in their order."""
    gave: dict[int, Any] = {}
    turn = count()
    due: list[tuple[datetime, int, int]] = []

    def go_on(place: int, at: datetime | None) -> None:
        try:
            # A generator is started by sending it nothing.
            heappush(due, (lines[place].send(at), next(turn), place))  # type: ignore[arg-type]
        except StopIteration as end:
            gave[place] = end.value

    for place in range(len(lines)):
        go_on(place, None)
    while due:
        wished, _, place = heappop(due)
        go_on(place, (yield wished))
    return [gave[place] for place in range(len(lines))]


def tell(line: Line, *, until: datetime) -> None:
    """Let a line happen, the clock standing at each act's moment. Nothing happens later than `until`."""
    try:
        wished = next(line)
        at = wished
        while True:
            at = max(at, min(wished, until))
            with clock.at(at):
                wished = line.send(at)
    except StopIteration:
        return
