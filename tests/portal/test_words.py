"""Instants, spans and counts in words."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from portal.words import clock_words, count_words, day_words, exact_words, span_words, tidy, when_words


def _utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("America/New_York", "Mon 1 Feb 2027, 5:00 pm Eastern"),
        ("America/Chicago", "Mon 1 Feb 2027, 4:00 pm Central"),
        ("America/Phoenix", "Mon 1 Feb 2027, 3:00 pm Arizona"),
        ("Pacific/Honolulu", "Mon 1 Feb 2027, 12:00 noon Hawaii"),
        ("Europe/Berlin", "Mon 1 Feb 2027, 11:00 pm CET"),
        ("", "Mon 1 Feb 2027, 5:00 pm Eastern"),
        (None, "Mon 1 Feb 2027, 5:00 pm Eastern"),
    ],
)
def test_when_in_a_zone_says_that_zones_clock(zone, words):
    assert when_words(_utc(2027, 2, 1, 22, 0), zone) == words


def test_when_in_the_hour_that_happens_twice_says_which():
    first, second = _utc(2026, 11, 1, 5, 30), _utc(2026, 11, 1, 6, 30)

    assert when_words(first) == "Sun 1 Nov 2026, 1:30 am Eastern (EDT)"
    assert when_words(second) == "Sun 1 Nov 2026, 1:30 am Eastern (EST)"


def test_when_in_the_hour_that_is_skipped_needs_no_note():
    assert when_words(_utc(2027, 3, 14, 7, 30)) == "Sun 14 Mar 2027, 3:30 am Eastern"


def test_when_of_a_day_has_no_hour():
    assert when_words(date(2027, 2, 1)) == "Mon 1 Feb 2027"


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [(0, 0, "12:00 midnight"), (0, 1, "12:01 am"), (12, 0, "12:00 noon"), (12, 30, "12:30 pm"), (23, 59, "11:59 pm")],
)
def test_clock_around_noon_and_midnight_cannot_be_mistaken(hour, minute, words):
    assert clock_words(datetime(2027, 2, 1, hour, minute, tzinfo=UTC)) == words


def test_day_of_an_instant_is_the_portals_day():
    assert day_words(_utc(2027, 2, 2, 3, 0)) == "1 Feb 2027"


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=-5), "0 seconds"),
        (timedelta(seconds=1), "1 second"),
        (timedelta(seconds=59.9), "59 seconds"),
        (timedelta(minutes=12, seconds=40), "12 minutes"),
        (timedelta(hours=1, minutes=1), "1 hour, 1 minute"),
        (timedelta(hours=2), "2 hours"),
        (timedelta(days=9, hours=4, minutes=59), "9 days, 4 hours"),
        (timedelta(days=1), "1 day"),
    ],
)
def test_span_is_rounded_down_to_two_units(span, words):
    assert span_words(span) == words


# The counter of the pages is held against the same table in tests/browser/test_scripts.py.
CASES = json.loads((Path(__file__).parent / "words.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_count_words_counts_runs_that_can_be_read(case):
    assert count_words(case["text"]) == case["words"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("One\r\n\r\nTwo\rThree", "One\n\nTwo\nThree"),
        ("Year\u00a01,\u202f2", "Year 1, 2"),
        ("tail  \t\n\n  indented \n", "tail\n\n  indented\n"),
        ("\ufeffnobody\u200b sees\x00 these\u00ad", "nobody sees these"),
        ("cell\tcell\u2028line", "cell\tcell\nline"),
        ("👩\u200d🏫 stays whole", "👩\u200d🏫 stays whole"),
    ],
)
def test_text_tidied_keeps_what_can_be_read(typed, kept):
    assert tidy(typed) == kept
    assert tidy(kept) == kept


def test_text_of_spaces_alone_is_tidied_in_no_time():
    assert tidy(" " * 2_000_000 + "x") == " " * 2_000_000 + "x"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 10, 30, 21, 0, 3, tzinfo=UTC), "Fri 30 Oct 2026, 5:00:03 pm Eastern"),
        (datetime(2026, 10, 30, 21, 0, tzinfo=UTC), "Fri 30 Oct 2026, 5:00:00 pm Eastern"),
        (datetime(2026, 10, 30, 16, 0, tzinfo=UTC), "Fri 30 Oct 2026, 12:00 noon Eastern"),
        (datetime(2026, 10, 30, 16, 0, 9, tzinfo=UTC), "Fri 30 Oct 2026, 12:00:09 pm Eastern"),
        (datetime(2026, 10, 30, 4, 0, 9, tzinfo=UTC), "Fri 30 Oct 2026, 12:00:09 am Eastern"),
        (datetime(2026, 11, 1, 6, 30, tzinfo=UTC), "Sun 1 Nov 2026, 1:30:00 am Eastern (EST)"),
    ],
)
def test_exact_words_say_an_instant_to_the_second(moment, words):
    assert exact_words(moment, "America/New_York") == words
