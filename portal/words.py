"""How the portal puts instants, days, spans and word counts into words, on pages, in mail and in documents."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

# What people in a zone call its clock. Detroit and Boise keep the same clock under names of their own.
ZONE_WORDS = {
    "America/New_York": "Eastern",
    "America/Detroit": "Eastern",
    "America/Indiana/Indianapolis": "Eastern",
    "America/Kentucky/Louisville": "Eastern",
    "America/Chicago": "Central",
    "America/Denver": "Mountain",
    "America/Boise": "Mountain",
    "America/Phoenix": "Arizona",
    "America/Los_Angeles": "Pacific",
    "America/Anchorage": "Alaska",
    "Pacific/Honolulu": "Hawaii",
    "America/Puerto_Rico": "Atlantic",
    "Pacific/Guam": "Guam",
    "UTC": "UTC",
}
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


# The same three sets stand in static/js/words.js; tests/portal/words.json is held against both.
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1f\x85\u2028\u2029]")
_FIXED_SPACES = re.compile("[\u00a0\u2007\u202f]")
# Control characters, soft hyphens, spaces without a width and marks of byte order: nobody sees them, and programs stumble.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x7f\u00ad\u200b\u2060\ufeff]")


def tidy(text: str) -> str:
    """A text as it is kept: one kind of line end, plain spaces, none at the end of a line, nothing unseen.

    Paragraphs, lists, tabs and every character that can be read stay as they are.
    """
    text = _FIXED_SPACES.sub(" ", _UNSEEN.sub("", _LINE_ENDS.sub("\n", text)))
    return "\n".join(line.rstrip() for line in text.split("\n"))


def count_words(text: str) -> int:
    """How many words a text has, as the counter beside the box counts them.

    A word is a run between white space with a letter or a digit in it: a bullet, a dash or an emoji that stands alone
    is none, and two words joined by a dash are one.
    """
    return sum(1 for run in tidy(text).split() if run.isalnum() or any(map(str.isalnum, run)))


def zone_named(zone: str | ZoneInfo | None) -> ZoneInfo:
    """The zone of that name, or the portal's own when none is given. Raises ZoneInfoNotFoundError for no such name."""
    if zone is None or zone == "":
        return timezone.get_current_timezone()
    return ZoneInfo(zone) if isinstance(zone, str) else zone


def zone_words(moment: datetime) -> str:
    """`Eastern`; in the hour that happens twice each autumn also which of the two: `Eastern (EDT)`."""
    name = ZONE_WORDS.get(str(moment.tzinfo), "")
    abbreviation = moment.tzname() or ""
    if not name:
        return abbreviation
    happens_twice = moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()
    return f"{name} ({abbreviation})" if happens_twice else name


def clock_words(moment: datetime) -> str:
    """`5:00 pm`; noon and midnight are named, because 12:00 am and pm are often taken for each other."""
    if moment.minute == 0 and moment.hour in (0, 12):
        return "12:00 midnight" if moment.hour == 0 else "12:00 noon"
    return f"{moment.hour % 12 or 12}:{moment:%M} {'am' if moment.hour < 12 else 'pm'}"


def day_words(day: date) -> str:
    """`1 Feb 2027`. An instant is first brought to the portal's own zone."""
    if isinstance(day, datetime):
        day = timezone.localtime(day)
    return f"{day.day} {day:%b %Y}"


def when_words(moment: datetime | date, zone: str | ZoneInfo | None = None) -> str:
    """`Mon 1 Feb 2027, 5:00 pm Eastern` in the named zone (the portal's own without one); a bare day has no hour."""
    if not isinstance(moment, datetime):
        return f"{moment:%a} {day_words(moment)}"
    local = moment.astimezone(zone_named(zone))
    return f"{local:%a} {local.day} {local:%b %Y}, {clock_words(local)} {zone_words(local)}"


def exact_words(moment: datetime, zone: str | ZoneInfo | None = None) -> str:
    """`Fri 30 Oct 2026, 5:00:03 pm Eastern`: to the second, for what closed and what came when."""
    local = moment.astimezone(zone_named(zone))
    clock = clock_words(local)
    if clock[-1] == "m":
        clock = f"{clock[:-3]}:{local:%S}{clock[-3:]}"
    elif local.second:
        clock = f"12:00:{local:%S} {'am' if local.hour == 0 else 'pm'}"
    return f"{local:%a} {local.day} {local:%b %Y}, {clock} {zone_words(local)}"


def counted(number: int, noun: str) -> str:
    """`1 day`, `9 days`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def span_words(span: timedelta) -> str:
    """The two largest units of a span, rounded down: `9 days, 4 hours`, `12 minutes`, `14 seconds`."""
    if span < MINUTE:
        return counted(max(0, int(span.total_seconds())), "second")
    if span < HOUR:
        return counted(span // MINUTE, "minute")
    if span < DAY:
        hours, rest = divmod(span, HOUR)
        parts = [counted(hours, "hour"), counted(rest // MINUTE, "minute")]
    else:
        days, rest = divmod(span, DAY)
        parts = [counted(days, "day"), counted(rest // HOUR, "hour")]
    return ", ".join(part for part in parts if not part.startswith("0 "))
