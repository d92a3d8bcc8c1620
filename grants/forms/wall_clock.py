"""Dates and hours as they stand on the clock of a place: entered without a zone, turned into instants with one."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware

from portal.words import ZONE_WORDS, clock_words, day_words

# "Eastern (New York)"; the zones the portal has plain words for.
ZONES = [(name, f"{words} ({name.rpartition('/')[2].replace('_', ' ')})") for name, words in ZONE_WORDS.items()]


class WallClockField(forms.Field):
    """A day and an hour without a zone: hands out a naive datetime to the minute."""

    widget = forms.DateTimeInput
    default_error_messages = {"invalid": "Enter a day and a time, such as 2027-02-01 17:00."}

    def to_python(self, value):
        if value in self.empty_values or isinstance(value, datetime):
            return value or None
        try:
            moment = parse_datetime(value.strip().replace(" ", "T", 1))
        except ValueError:
            moment = None
        if moment is None or is_aware(moment):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment.replace(second=0, microsecond=0)


def instant(wall: datetime, zone: str, *, later: bool) -> datetime:
    """The instant at which a clock in `zone` shows `wall`, in UTC.

    Raises ValidationError for an hour that the clocks skip in spring. Of the two that an hour of autumn happens twice,
    `later` takes the second.
    """
    local = wall.replace(tzinfo=ZoneInfo(zone), fold=1 if later else 0)
    there_and_back = local.astimezone(UTC).astimezone(local.tzinfo)
    if there_and_back.replace(tzinfo=None) != wall:
        raise ValidationError(
            f"There is no {clock_words(wall)} on {day_words(wall.date())}: the clocks skip that hour. Choose another.",
            code="skipped",
        )
    return local.astimezone(UTC)


def wall_clock(moment: datetime | None, zone: str) -> datetime | None:
    """What a clock in `zone` shows at an instant, without the zone, for the box of a form."""
    return None if moment is None else moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
