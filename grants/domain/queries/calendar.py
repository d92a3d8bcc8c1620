"""The dates of a call for the calendars of those who apply."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from icalendar import Alarm, Calendar, Event

from grants.models import FundingRound
from portal.certain import certain
from portal.words import when_words

REMINDED_BEFORE = timedelta(days=3)


def calendar_of(round_: FundingRound) -> bytes:
    """Opening, deadline with an alarm three days before, and decision, as iCalendar (RFC 5545). One query.

    The identifiers of the events stay what they are and their sequence grows whenever staff change the round, so a
    calendar that knows them moves them instead of showing a date twice.
    """
    moved = round_.extensions.filter(proposal=None).order_by("pk").values_list("granted_at", flat=True)
    moves = list(moved)
    stamp = max([certain(round_.published_at), *moves])
    address = settings.BASE_URL + reverse("grants:call-detail", args=[round_.reference])
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.PORTAL_NAME}//calls//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", round_.name)
    for kind, summary, when in _dates(round_):
        event = Event()
        event.add("uid", f"{round_.reference}-{kind}@{urlsplit(settings.BASE_URL).hostname}")
        event.add("sequence", round_.version + len(moves))
        event.add("dtstamp", stamp)
        event.add("summary", summary)
        event.add("dtstart", when)
        event.add("url", address)
        event.add("description", f"{summary}: {when_words(when, round_.time_zone)}.\n{address}")
        event.add("transp", "TRANSPARENT")
        if kind == "closes":
            event.add_component(_alarm(summary))
        calendar.add_component(event)
    return calendar.to_ical()


def _dates(round_: FundingRound) -> list[tuple[str, str, datetime | date]]:
    dates: list[tuple[str, str, datetime | date]] = [
        ("opens", f"{round_.name} opens", round_.opens_at),
        ("closes", f"{round_.name} closes", round_.closes_at),
    ]
    if round_.decision_by:
        dates.append(("decision", f"{round_.name}: decision by today", round_.decision_by))
    return dates


def _alarm(summary: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -REMINDED_BEFORE)
    alarm.add("description", summary)
    return alarm
