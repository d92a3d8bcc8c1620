"""Days on which a call had better not open, close or be decided: weekends, federal holidays, 31 December, evenings."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache

import holidays

from grants.models import FundingRound
from portal.words import clock_words, day_words, zone_named

SATURDAY = 5
# When somebody at the foundation can be asked, on the clock of the round's zone.
OFFICE_OPENS, OFFICE_CLOSES = time(9), time(18)


def date_warnings(round_: FundingRound) -> dict[str, list[str]]:
    """What is allowed but probably not meant, in sentences by field; fields without a warning are left out."""
    zone = zone_named(round_.time_zone)
    opens, closes = round_.opens_at.astimezone(zone), round_.closes_at.astimezone(zone)
    found = {
        "opens_at": _about(opens.date(), "The call opens"),
        "closes_at": _about(closes.date(), "The call closes") + _late(closes),
        "decision_by": _about(round_.decision_by, "The decision is due") if round_.decision_by else [],
    }
    return {name: sentences for name, sentences in found.items() if sentences}


def working_day(day: date) -> date:
    """The day itself, or the next one on which offices are open."""
    while _oddities(day):
        day += timedelta(days=1)
    return day


@cache
def _federal_holidays(year: int) -> dict[date, str]:
    """The days on which federal offices are closed, the observed ones included, by the `holidays` package."""
    return dict(holidays.country_holidays("US", years=year).items())


def _oddities(day: date) -> list[str]:
    """Why a day is none for business; empty for a working day."""
    found = []
    if day.weekday() >= SATURDAY:
        found.append(f"a {day:%A}")
    name = _federal_holidays(day.year).get(day)
    if name:
        found.append(f"a federal holiday, {name}")
    if (day.month, day.day) == (12, 31):
        found.append("the last day of the year, when hardly anybody is at work")
    return found


def _about(day: date, what: str) -> list[str]:
    return [f"{what} on {why}: {day_words(day)}." for why in _oddities(day)]


def _late(moment: datetime) -> list[str]:
    if OFFICE_OPENS <= moment.time() <= OFFICE_CLOSES:
        return []
    return [f"The call closes at {clock_words(moment)}, when nobody at the foundation can help with a problem."]
