"""The dates of a call for calendars: identifiers that stay, a sequence that grows, an alarm before the deadline."""

from datetime import date, timedelta

import pytest
from icalendar import Calendar

from grants.domain.queries.calendar import calendar_of
from grants.enums import ExtensionKind
from grants.models import Extension, FundingRound
from tests.conftest import NOON
from tests.factories.rounds import RoundFactory

pytestmark = pytest.mark.django_db


def events(round_):
    calendar = Calendar.from_ical(calendar_of(FundingRound.objects.get(pk=round_.pk)))
    return {str(each["summary"]).rpartition(" ")[2]: each for each in calendar.walk("VEVENT")}


def test_calendar_has_opening_deadline_and_decision():
    round_ = RoundFactory(name="Closing; the, Gaps\\ Łódź")

    found = events(round_)

    assert found["opens"].start == round_.opens_at
    assert found["closes"].start == round_.closes_at
    assert found["today"].start == date(2027, 3, 1)
    assert str(found["closes"]["summary"]) == "Closing; the, Gaps\\ Łódź closes"
    assert "Fri 30 Oct 2026, 5:00 pm Eastern" in str(found["closes"]["description"])


def test_calendar_rings_three_days_before_the_deadline_alone():
    found = events(RoundFactory())

    assert [alarm.TRIGGER for alarm in found["closes"].walk("VALARM")] == [-timedelta(days=3)]
    assert found["opens"].walk("VALARM") == found["today"].walk("VALARM") == []


def test_calendar_of_a_moved_deadline_keeps_the_identifier_and_counts_up(omar_officer):
    round_ = RoundFactory()
    before = events(round_)["closes"]
    until = round_.closes_at + timedelta(days=2)
    Extension.objects.create(
        round=round_, kind=ExtensionKind.GRANTED, was=round_.closes_at, until=until, reason="Storm",
        granted_by=omar_officer, granted_at=NOON,
    )  # fmt: skip
    FundingRound.objects.filter(pk=round_.pk).update(closes_at=until)

    after = events(round_)["closes"]

    assert (after["uid"], after.start) == (before["uid"], until)
    assert after["sequence"] > before["sequence"]
    assert after.DTSTAMP == NOON > before.DTSTAMP


def test_calendar_is_the_same_whenever_it_is_asked_for():
    round_ = RoundFactory(decision_by=None)

    assert calendar_of(round_) == calendar_of(round_)
    assert b"\r\n" in calendar_of(round_)
    assert set(events(round_)) == {"opens", "closes"}
