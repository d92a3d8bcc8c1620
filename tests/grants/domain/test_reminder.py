"""Reminders of a deadline: each moment once, through downtime, two beats, a clock that steps back and moved deadlines."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grants.domain.extension import extend_proposal, extend_round
from grants.domain.queries.reminder import due_reminders
from grants.domain.reminder import AT_ONCE, remind
from grants.domain.section import save_section
from grants.enums import ProposalState, RoundState
from grants.models import Reminder
from portal import clock
from portal.mail.models import Message
from sites.enums import SeatRole
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory, a_submitted_proposal
from tests.factories.rounds import RoundFactory
from tests.factories.sites import SeatFactory, a_site

pytestmark = pytest.mark.django_db
CLOSES = datetime(2026, 10, 30, 21, 0, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STARTED = CLOSES - 40 * DAY


@pytest.fixture
def proposal(ana_applicant):
    return ProposalFactory(site=a_site(ana_applicant), title="Every student", created_at=STARTED)


def remind_at(moment):
    with clock.at(moment):
        return remind(at=moment)


def moments(**facts):
    return list(Reminder.objects.filter(**facts).values_list("moment", flat=True))


def subjects():
    return list(
        Message.objects.filter(template__startswith="reminder").order_by("created_at").values_list("subject", flat=True)
    )


@pytest.mark.parametrize(
    ("before", "moment", "left"),
    [
        (14 * DAY, "14d", "14 days"),
        (7 * DAY, "7d", "7 days"),
        (3 * DAY, "3d", "3 days"),
        (DAY, "1d", "1 day"),
        (3 * HOUR, "3h", "3 hours"),
    ],
)
def test_reminder_goes_out_at_its_moment(proposal, before, moment, left):
    remind_at(CLOSES - before)

    assert moments(superseded=False) == [moment]
    assert subjects() == [f"{left} left to submit Every student"]


@pytest.mark.parametrize(("before", "moment"), [(14 * DAY, "14d"), (7 * DAY, "7d"), (DAY, "1d"), (3 * HOUR, "3h")])
def test_reminder_does_not_go_out_a_microsecond_early(proposal, before, moment):
    remind_at(CLOSES - before - MICROSECOND)

    assert moment not in moments()


def test_every_reminder_is_sent_once_when_the_beat_runs_all_the_time(proposal):
    at = CLOSES - 15 * DAY
    while at < CLOSES + HOUR:
        remind_at(at)
        at += timedelta(minutes=30)

    assert (moments(superseded=False), len(subjects())) == (["14d", "7d", "3d", "1d", "3h"], 5)


def test_downtime_sends_only_the_latest_and_marks_the_others(proposal):
    remind_at(CLOSES - 2 * DAY)

    assert (moments(superseded=False), set(moments(superseded=True))) == (["3d"], {"14d", "7d"})
    assert subjects() == ["2 days left to submit Every student"]


def test_reminder_after_a_long_pause_says_what_is_really_left_and_is_not_followed_at_once(proposal):
    remind_at(CLOSES - DAY - HOUR)
    remind_at(CLOSES - DAY + HOUR)
    remind_at(CLOSES - 3 * HOUR)

    assert subjects() == ["1 day, 1 hour left to submit Every student", "3 hours left to submit Every student"]
    assert set(moments(superseded=True)) == {"14d", "7d", "1d"}


def test_clock_that_steps_back_sends_nothing_again(proposal):
    remind_at(CLOSES - 3 * DAY)
    remind_at(CLOSES - 8 * DAY)
    remind_at(CLOSES - 3 * DAY + HOUR)

    assert len(subjects()) == 1


def test_second_beat_at_the_same_time_sends_nothing(proposal):
    at = CLOSES - 3 * DAY
    with clock.at(at):
        read_by_both = due_reminders(at, AT_ONCE)
        remind(at=at)
        assert [each.proposal for each in read_by_both] == [proposal]
        remind(at=at)

    assert len(subjects()) == 1


def test_nothing_is_sent_after_the_deadline(proposal):
    remind_at(CLOSES + MICROSECOND)

    assert (subjects(), Reminder.objects.count()) == ([], 0)


def test_reminder_reaches_those_who_may_act_and_lists_what_is_missing_with_links(
    proposal, ana_applicant, ben_colleague
):
    SeatFactory(site=proposal.site, holder=ben_colleague, role=SeatRole.VIEWER)

    remind_at(CLOSES - DAY)

    mail = Message.objects.get()
    page = f"/proposals/{proposal.reference}/"
    assert mail.to == ana_applicant.email
    assert "- Five-year budget: enter what the work costs." in mail.text
    assert f"{page}sections/budget/" in mail.text
    assert f'{page}sections/budget/"' in mail.html


def test_draft_that_lacks_nothing_is_told_so(proposal, ana_applicant):
    round_ = proposal.round
    round_.questions.all().delete()

    remind_at(CLOSES - DAY)

    assert "Still missing" in Message.objects.get().text


def test_submitted_proposal_is_not_reminded(ana_applicant):
    with clock.at(NOON):
        a_submitted_proposal(actor=ana_applicant)

    for before in (14 * DAY, 7 * DAY, 3 * DAY, DAY, 3 * HOUR):
        remind_at(CLOSES - before)

    assert subjects() == []


def test_submitted_proposal_with_newer_text_is_asked_on_the_last_day_only(ana_applicant):
    with clock.at(NOON):
        proposal = a_submitted_proposal(actor=ana_applicant)
        row = proposal.sections.get(key="need")
        save_section(
            proposal, "need", actor=ana_applicant, at=NOON + HOUR, version=row.version,
            answers={each.key: "Another text." for each in proposal.round.questions.filter(section="need", kind="text")},
        )  # fmt: skip
    remind_at(CLOSES - 3 * DAY)
    assert subjects() == []

    remind_at(CLOSES - DAY)

    assert subjects() == [f"You changed {proposal} and did not submit it again"]


@pytest.mark.parametrize("state", sorted(set(ProposalState) - {ProposalState.DRAFT, ProposalState.RETURNED}))
def test_proposal_in_another_state_without_changes_is_not_reminded(state):
    ProposalFactory(state=state, created_at=STARTED)

    remind_at(CLOSES - DAY)

    assert subjects() == []


def test_asked_changes_are_reminded_of_by_their_own_day(ana_applicant):
    proposal = ProposalFactory(site=a_site(ana_applicant), state=ProposalState.RETURNED, title="Every student")
    due = CLOSES + 30 * DAY
    proposal.change_requests.update(due_at=due, asked_at=CLOSES + DAY)

    remind_at(CLOSES - DAY)
    remind_at(due - 3 * DAY)

    assert subjects() == ["3 days left to change Every student"]


@pytest.mark.parametrize("state", [RoundState.DRAFT, RoundState.DECIDED])
def test_round_that_is_not_out_reminds_nobody(ana_applicant, state):
    ProposalFactory(site=a_site(ana_applicant), round=RoundFactory(state=state), created_at=STARTED)

    remind_at(CLOSES - DAY)

    assert subjects() == []


def test_proposal_started_after_a_moment_is_not_reminded_of_it(ana_applicant):
    ProposalFactory(site=a_site(ana_applicant), created_at=CLOSES - 5 * DAY)

    remind_at(CLOSES - 5 * DAY + HOUR)
    assert subjects() == []
    remind_at(CLOSES - 3 * DAY)

    assert len(subjects()) == 1


# --- deadlines that move ---


def test_extended_proposal_is_reminded_of_its_new_deadline_at_new_moments(proposal, omar_officer):
    remind_at(CLOSES - DAY)
    extend_proposal(proposal, until=CLOSES + 7 * DAY, reason="Storm.", actor=omar_officer, at=CLOSES - 2 * HOUR)

    for hours in range(24 * 7 + 2):
        remind_at(CLOSES - 2 * HOUR + hours * HOUR)

    # The mail about the extension said "in seven days" already.
    assert moments(superseded=False, deadline=CLOSES + 7 * DAY) == ["7d", "3d", "1d", "3h"]


def test_extension_by_a_day_does_not_remind_twice_within_hours(proposal, omar_officer):
    remind_at(CLOSES - 3 * HOUR)
    extend_round(proposal.round, until=CLOSES + DAY - HOUR, reason="Outage.", actor=omar_officer, at=CLOSES - 2 * HOUR)

    for hours in range(26):
        remind_at(CLOSES - 2 * HOUR + hours * HOUR)

    assert moments(superseded=False) == ["3h", "3h"]


def test_round_extended_reminds_of_the_rounds_new_closing(proposal, omar_officer):
    remind_at(CLOSES - 3 * DAY)
    extend_round(proposal.round, until=CLOSES + DAY, reason="Outage.", actor=omar_officer, at=CLOSES - 2 * DAY)

    remind_at(CLOSES - DAY)
    assert len(subjects()) == 1
    remind_at(CLOSES)

    assert subjects()[-1] == "1 day left to submit Every student"


@pytest.mark.parametrize("closes", [datetime(2026, 3, 8, 21, 0, tzinfo=UTC), datetime(2026, 11, 1, 22, 0, tzinfo=UTC)])
def test_reminder_around_the_change_of_the_clocks_counts_real_hours(ana_applicant, closes):
    round_ = RoundFactory(opens_at=closes - 60 * DAY, closes_at=closes)
    ProposalFactory(site=a_site(ana_applicant), round=round_, title="Every student", created_at=closes - 40 * DAY)

    remind_at(closes - DAY)

    assert subjects()[-1] == "1 day left to submit Every student"


# --- many ---


def many(number):
    round_ = RoundFactory()
    for _ in range(number):
        ProposalFactory(round=round_, created_at=STARTED)


@pytest.mark.parametrize("number", [1, 30])
def test_run_with_nothing_due_costs_one_query(number):
    many(number)
    remind_at(CLOSES - DAY)

    with CaptureQueriesContext(connection) as queries:
        remind_at(CLOSES - DAY + HOUR)

    assert len(queries) == 1


def test_run_is_bounded_and_the_next_one_goes_on(monkeypatch):
    many(5)
    monkeypatch.setattr("grants.domain.reminder.AT_ONCE", 3)

    assert [remind_at(CLOSES - DAY), remind_at(CLOSES - DAY), remind_at(CLOSES - DAY)] == [3, 2, 0]
