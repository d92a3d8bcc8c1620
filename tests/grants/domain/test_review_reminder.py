"""Reminding reviewers: each moment once, one mail for what is due the same day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError

from grants.domain.calibration import open_calibration
from grants.domain.review_reminder import remind_reviewer, remind_reviewers
from grants.enums import ProposalState, ReviewState
from grants.models import Calibration, Proposal, Review, ReviewReminder
from portal.accounts.models import User
from portal.activity.models import Entry
from portal.mail.models import Message
from tests.factories.proposals import ProposalFactory
from tests.factories.reviews import REVIEWED_AT, a_review
from tests.factories.rounds import RoundFactory
from tests.refusals import refuses

pytestmark = pytest.mark.django_db
DUE = date(2026, 12, 7)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 17, tzinfo=UTC)


def before(days: int) -> datetime:
    """Noon that many days before the due day."""
    return noon(DUE - timedelta(days=days))


@pytest.fixture
def call():
    return RoundFactory(name="Closing the Gaps")


@pytest.fixture
def ask(call, rita_reviewer, omar_officer):
    """Makes a review of Rita's that is due, of a new proposal of the round."""

    def made(*, reviewer=rita_reviewer, due_on=DUE, state=ReviewState.ASSIGNED, at=REVIEWED_AT):
        proposal = ProposalFactory(round=call, state=ProposalState.IN_REVIEW, submission=False)
        review = a_review(proposal, reviewer, state=state, officer=omar_officer, due_on=due_on, at=at)
        Message.objects.all().delete()
        return review

    return made


def subjects():
    return [each.subject for each in Message.objects.filter(template="review_reminder").order_by("created_at")]


def test_reviewer_is_reminded_once_at_each_moment(ask):
    ask()

    for days in range(9, -6, -1):
        remind_reviewers(at=before(days))
        remind_reviewers(at=before(days) + timedelta(hours=1))

    assert subjects() == [
        "Reminder: 1 review due 7 Dec 2026",
        "Reminder: 1 review due 7 Dec 2026",
        "Your review was due 7 Dec 2026",
    ]
    assert list(ReviewReminder.objects.values_list("moment", "at")) == [
        ("7d", before(7)), ("2d", before(2)), ("overdue", before(-1)),
    ]  # fmt: skip


def test_reviews_due_the_same_day_are_one_mail(ask):
    for _ in range(3):
        ask()
    ask(due_on=DUE + timedelta(days=1))

    assert remind_reviewers(at=before(2)) == 2
    assert sorted(subjects()) == [
        "Reminder: 1 review due 8 Dec 2026",
        "Reminder: 3 reviews due 7 Dec 2026",
    ]


@pytest.mark.parametrize(
    ("days", "moments"), [(8, []), (7, ["7d"]), (3, ["7d"]), (2, ["2d"]), (0, ["2d"]), (-1, ["overdue"]), (-4, [])]
)
def test_after_a_pause_only_the_latest_moment_is_sent(days, moments, ask):
    ask()

    remind_reviewers(at=before(days))

    assert list(ReviewReminder.objects.values_list("moment", flat=True)) == moments


@pytest.mark.parametrize("state", [ReviewState.SUBMITTED, ReviewState.RECUSED])
def test_reviewer_with_nothing_to_finish_is_left_alone(state, ask):
    ask(state=state)

    assert remind_reviewers(at=before(2)) == 0


def test_reviewer_asked_after_the_moment_is_not_reminded_of_it(ask):
    ask(at=before(5))

    assert [remind_reviewers(at=before(days)) for days in (4, 2)] == [0, 1]


def test_reviewer_is_not_reminded_of_a_proposal_that_left_the_review(ask):
    review = ask()
    Proposal.objects.filter(pk=review.proposal_id).update(state=ProposalState.RECOMMENDED)

    assert remind_reviewers(at=before(2)) == 0


def test_reviewer_whose_account_is_closed_is_not_reminded(ask, rita_reviewer):
    ask()
    User.objects.filter(pk=rita_reviewer.pk).update(is_active=False)

    assert remind_reviewers(at=before(2)) == 0


def test_sample_of_a_calibration_is_reminded_of_by_the_round_it_is_for(ask, call, omar_officer):
    ask(due_on=None)
    days = timedelta(days=300)
    earlier = RoundFactory(name="Last year", opens_at=call.opens_at - days, closes_at=call.closes_at - days)
    sample = ProposalFactory(round=earlier, state=ProposalState.DECLINED)
    calibration = open_calibration(call, sample, actor=omar_officer, at=REVIEWED_AT, due_on=DUE)

    assert remind_reviewers(at=before(7)) == 1
    assert "One review waits for you, in Closing the Gaps." in Message.objects.latest("created_at").text
    Calibration.objects.filter(pk=calibration.pk).update(closed_at=REVIEWED_AT, closed_by=omar_officer)
    assert remind_reviewers(at=before(2)) == 0


def test_nobody_is_reminded_at_night(ask):
    ask()

    assert remind_reviewers(at=before(2) - timedelta(hours=6)) == 0


def test_same_reminder_twice_is_refused_by_the_database(ask):
    facts = {"review": ask(), "due_on": DUE, "moment": "7d", "at": REVIEWED_AT}
    ReviewReminder.objects.create(**facts)

    with pytest.raises(IntegrityError):
        ReviewReminder.objects.create(**facts)


@pytest.mark.parametrize("number", [1, 12])
def test_reminding_looks_at_any_number_of_reviews_in_three_queries(number, ask, django_assert_num_queries):
    for _ in range(number):
        ask(due_on=DUE + timedelta(days=60))

    with django_assert_num_queries(3):
        remind_reviewers(at=before(2))


def test_reminder_by_hand_is_of_everything_open_and_once_a_day(ask, call, rita_reviewer, omar_officer):
    ask()
    ask(due_on=None)

    assert remind_reviewer(call, rita_reviewer, actor=omar_officer, at=before(9)) == 2
    assert subjects() == ["Reminder: 2 reviews due 7 Dec 2026"]
    assert Entry.objects.of(call).first().summary == "Reminded Rita Reviewer of 2 reviews."
    with refuses("Rita Reviewer was reminded today already. Once a day is enough."):
        remind_reviewer(call, rita_reviewer, actor=omar_officer, at=before(9))
    assert remind_reviewer(call, rita_reviewer, actor=omar_officer, at=before(8)) == 2


def test_reminder_by_hand_of_nothing_is_refused(ask, call, rita_reviewer, omar_officer):
    ask(state=ReviewState.SUBMITTED)

    with refuses("Rita Reviewer has nothing to finish in this round."):
        remind_reviewer(call, rita_reviewer, actor=omar_officer, at=before(9))


@pytest.mark.parametrize("who", ["dina_director", "rita_reviewer"])
def test_reminder_by_hand_by_anybody_but_an_officer_is_refused(who, request, call, rita_reviewer):
    with refuses("Only program officers assign reviews."):
        remind_reviewer(call, rita_reviewer, actor=request.getfixturevalue(who), at=REVIEWED_AT)
    assert not Review.objects.exists()
