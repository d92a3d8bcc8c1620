"""Days and hours that are allowed for a call and probably not meant."""

from datetime import UTC, date, datetime

import pytest

from grants.domain.queries.round_dates import date_warnings, working_day
from grants.models import FundingRound

FINE = {
    "opens_at": datetime(2026, 9, 1, 13, tzinfo=UTC),
    "closes_at": datetime(2026, 10, 30, 21, tzinfo=UTC),
    "decision_by": date(2027, 3, 1),
}


def warnings(**dates):
    return date_warnings(FundingRound(time_zone="America/New_York", **FINE | dates))


@pytest.mark.parametrize(
    ("closes", "told"),
    [
        (datetime(2026, 10, 30, 21, tzinfo=UTC), []),
        (datetime(2026, 10, 31, 21, tzinfo=UTC), ["The call closes on a Saturday: 31 Oct 2026."]),
        (
            datetime(2026, 10, 12, 21, tzinfo=UTC),
            ["The call closes on a federal holiday, Columbus Day: 12 Oct 2026."],
        ),
        (
            datetime(2026, 12, 31, 22, tzinfo=UTC),
            ["The call closes on the last day of the year, when hardly anybody is at work: 31 Dec 2026."],
        ),
        (
            # Saturday in UTC, and still Friday on the clock in New York.
            datetime(2026, 10, 31, 3, 59, tzinfo=UTC),
            ["The call closes at 11:59 pm, when nobody at the foundation can help with a problem."],
        ),
        (
            datetime(2028, 12, 31, 22, tzinfo=UTC),
            [
                "The call closes on a Sunday: 31 Dec 2028.",
                "The call closes on the last day of the year, when hardly anybody is at work: 31 Dec 2028.",
            ],
        ),
        (
            datetime(2027, 7, 5, 21, tzinfo=UTC),
            ["The call closes on a federal holiday, Independence Day (observed): 5 Jul 2027."],
        ),
    ],
)
def test_closing_that_is_probably_not_meant_is_pointed_out(closes, told):
    assert warnings(closes_at=closes).get("closes_at", []) == told


def test_opening_and_decision_are_looked_at_as_well():
    found = warnings(opens_at=datetime(2026, 9, 7, 13, tzinfo=UTC), decision_by=date(2027, 3, 6))

    assert found == {
        "opens_at": ["The call opens on a federal holiday, Labor Day: 7 Sep 2026."],
        "decision_by": ["The decision is due on a Saturday: 6 Mar 2027."],
    }


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        (date(2026, 10, 12), date(2026, 10, 13)),
        (date(2026, 12, 31), date(2027, 1, 4)),
        (date(2026, 10, 14), date(2026, 10, 14)),
    ],
)
def test_working_day_is_the_day_or_the_next_one_offices_are_open(day, wanted):
    assert working_day(day) == wanted
