"""Starting a round from last year's."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from grants.domain.question import change_question
from grants.domain.question_version import publish_changes
from grants.domain.round_copy import copy_round, moved_dates, suggested_name
from grants.enums import RoundState
from grants.models import FundingRound
from tests.conftest import NOON
from tests.factories.rounds import QuestionFactory, RoundFactory, SlotFactory
from tests.refusals import refuses

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_():
    return RoundFactory(name="Closing the Gaps 2027", blind=True, takes_late_requests=False)


def test_copy_is_a_draft_with_everything_but_the_dates(round_, omar_officer):
    QuestionFactory(round=round_, key="own-3", prompt="Who leads?", position=90)
    SlotFactory(round=round_, name="Letter", kinds=["application/pdf"])

    copy = copy_round(round_, actor=omar_officer, at=NOON, name="Closing the Gaps 2028")

    assert (copy.state, copy.copied_from, copy.published_at, copy.version) == (RoundState.DRAFT, round_, None, 1)
    for name in ("summary", "guidelines", "blind", "takes_late_requests", "envelope", "top_score", "time_zone"):
        assert getattr(copy, name) == getattr(round_, name)
    for rows in ("questions", "criteria", "slots"):
        left_out = {"id", "round_id", "public_id"}
        same = [
            [{key: value for key, value in row.items() if key not in left_out} for row in getattr(each, rows).values()]
            for each in (round_, copy)
        ]
        assert same[0] == same[1]


def test_copy_asks_what_the_round_asks_now_as_its_first_version(round_, omar_officer):
    question = QuestionFactory(round=round_, key="own-1", prompt="Who leads?")
    change_question(question, actor=omar_officer, at=NOON, prompt="Who leads it?")
    gaps = round_.questions.get(key="gaps")
    gaps.round = FundingRound.objects.get(pk=round_.pk)
    change_question(gaps, actor=omar_officer, at=NOON, help="Name three.")
    publish_changes(round_, notice="Plainer.", actor=omar_officer, at=NOON)

    copy = copy_round(round_, actor=omar_officer, at=NOON, name="Next")

    assert copy.questions.get(core=False).prompt == "Who leads it?"
    assert copy.questions.get(key="gaps").help == "Name three."
    assert set(copy.questions.values_list("since", "until")) == {(1, None)}
    assert copy.questions_version == 1


def test_dates_keep_the_weekday_and_the_hour_on_the_clock(round_):
    # 5:00 pm Eastern on a Friday, in daylight time.
    assert moved_dates(round_, NOON) == {
        "opens_at": datetime(2027, 8, 31, 13, 0, tzinfo=UTC),
        "closes_at": datetime(2027, 10, 29, 21, 0, tzinfo=UTC),
        "decision_by": date(2028, 2, 28),
        "first_year_starts_on": date(2028, 7, 1),
    }


def test_dates_of_an_old_round_move_on_until_they_lie_ahead(round_):
    moved = moved_dates(round_, datetime(2029, 1, 10, tzinfo=UTC))

    assert (moved["opens_at"].year, moved["first_year_starts_on"]) == (2029, date(2030, 7, 1))
    assert suggested_name(round_, datetime(2029, 1, 10, tzinfo=UTC)) == "Closing the Gaps 2030"


def test_dates_that_fall_on_a_holiday_move_to_the_next_working_day(omar_officer):
    # 52 weeks after Thursday 2 January 2026 is 1 January 2027, a Friday.
    round_ = RoundFactory(
        opens_at=datetime(2025, 10, 1, 13, 0, tzinfo=UTC), closes_at=datetime(2026, 1, 2, 22, 0, tzinfo=UTC)
    )

    moved = moved_dates(round_, datetime(2026, 2, 1, tzinfo=UTC))

    assert moved["closes_at"] == datetime(2027, 1, 4, 22, 0, tzinfo=UTC)


def test_copy_pressed_twice_is_one_draft(round_, omar_officer):
    one = copy_round(round_, actor=omar_officer, at=NOON, name="Next")
    other = copy_round(round_, actor=omar_officer, at=NOON, name="Next")

    assert (one, FundingRound.objects.filter(copied_from=round_).count()) == (other, 1)


def test_copy_without_a_name_or_by_a_director_is_refused(round_, omar_officer, dina_director):
    with pytest.raises(ValidationError) as raised:
        copy_round(round_, actor=omar_officer, at=NOON, name="  ")
    assert raised.value.message_dict == {"name": ["Give the new round a name of at most 160 characters."]}
    with refuses("Only program officers run funding rounds."):
        copy_round(round_, actor=dina_director, at=NOON, name="Next")


def test_name_without_a_year_is_marked_as_a_copy():
    assert suggested_name(RoundFactory(name="Closing the Gaps"), NOON) == "Closing the Gaps (copy)"
