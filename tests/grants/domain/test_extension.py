"""Moving deadlines: only forward, with a reason, on the record; and a team that asks for more time."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from grants import tasks  # noqa: F401 - registers what the job runs
from grants.domain.extension import (
    ask_for_time,
    decline_request,
    extend_proposal,
    extend_round,
    note_outage,
)
from grants.domain.queries.deadline import deadline_of
from grants.domain.queries.extension import (
    ASKED_FROM,
    ASKED_UNTIL,
    after_outage,
    latest_extension,
    may_ask,
    warnings_about,
)
from grants.domain.queries.proposal import IN_FLIGHT, obstacles_to_screening
from grants.domain.submission import submit_proposal
from grants.enums import ExtensionKind, ProposalState, RequestState, RoundState
from grants.models import Extension, ExtensionRequest, FundingRound
from portal import clock
from portal.access import Refused
from portal.activity.models import Entry
from portal.activity.triggers import REFUSAL
from portal.jobs import domain as jobs
from portal.jobs.models import Job
from portal.mail.models import Message
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory, a_complete_proposal
from tests.factories.rounds import RoundFactory
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db
CLOSES = datetime(2026, 10, 30, 21, 0, tzinfo=UTC)
LATER = CLOSES + timedelta(days=7)
MICROSECOND = timedelta(microseconds=1)
KEY = "0123456789abcdef0123456789abcdef"


def extend(round_, actor, until=LATER, reason="A storm closed the schools.", at=NOON):
    return extend_round(round_, until=until, reason=reason, actor=actor, at=at)


def give(proposal, actor, until=LATER, reason="Their server burned down.", at=NOON):
    return extend_proposal(proposal, until=until, reason=reason, actor=actor, at=at)


def outage(round_, actor, *, hours=2, until=None, at=NOON, ended=None):
    ended = ended or at - timedelta(minutes=30)
    return note_outage(
        round_, down_from=ended - timedelta(hours=hours), down_until=ended, until=until,
        reason="A cable was cut.", actor=actor, at=at,
    )  # fmt: skip


def errors_of(raised):
    return raised.value.message_dict


# --- a round ---


def test_round_extended_closes_later_and_keeps_what_it_was(omar_officer):
    round_ = RoundFactory()

    extension = extend(round_, omar_officer)

    row = FundingRound.objects.get()
    assert (row.closes_at, extension.was, extension.until, extension.kind) == (
        LATER, CLOSES, LATER, ExtensionKind.GRANTED,
    )  # fmt: skip
    entry = Entry.objects.of(row).first()
    assert entry.summary == (
        f"The deadline was moved by {omar_officer}: the call now closes Fri 6 Nov 2026, 4:00 pm Eastern. "
        "A storm closed the schools."
    )


def test_round_extended_twice_keeps_both(omar_officer):
    round_ = RoundFactory()
    extend(round_, omar_officer)
    round_.refresh_from_db()

    extend(round_, omar_officer, until=LATER + timedelta(days=1))

    assert [(each.was, each.until) for each in Extension.objects.all()] == [
        (CLOSES, LATER),
        (LATER, LATER + timedelta(days=1)),
    ]


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        (CLOSES, "A deadline is never shortened: choose a time after Fri 30 Oct 2026, 5:00 pm Eastern."),
        (CLOSES - timedelta(days=1), "A deadline is never shortened: choose a time after Fri 30 Oct 2026, 5:00 pm Eastern."),
        (datetime(2027, 8, 1, tzinfo=UTC), "The first award year starts before that. Choose an earlier time."),
    ],
)  # fmt: skip
def test_round_extended_to_an_impossible_time_is_refused(omar_officer, until, sentence):
    round_ = RoundFactory()

    with pytest.raises(ValidationError) as raised:
        extend(round_, omar_officer, until=until)

    assert errors_of(raised) == {"until": [sentence]}
    assert FundingRound.objects.get().closes_at == CLOSES


def test_closed_round_extended_to_a_time_already_over_is_refused(omar_officer):
    with pytest.raises(ValidationError) as raised:
        extend(RoundFactory(), omar_officer, until=LATER, at=LATER + MICROSECOND)

    assert errors_of(raised) == {"until": ["This time has passed already: choose one that lies ahead."]}


def test_round_extended_without_a_reason_is_refused(omar_officer):
    with pytest.raises(ValidationError) as raised:
        extend(RoundFactory(), omar_officer, reason="  ")

    assert errors_of(raised) == {"reason": ["Say why; the teams read it."]}


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (RoundState.DRAFT, "This round is a draft: change its dates instead."),
        (RoundState.DECIDED, "This round is decided, so its deadline stays as it was."),
    ],
)
def test_round_that_is_a_draft_or_decided_is_not_extended(omar_officer, state, sentence):
    with pytest.raises(Refused, match=sentence):
        extend(RoundFactory(state=state), omar_officer)


@pytest.mark.parametrize("person", ["dina_director", "fay_finance", "otto_auditor", "ana_applicant"])
def test_round_is_extended_by_officers_only(request, person):
    with pytest.raises(Refused, match="Only program officers run funding rounds"):
        extend(RoundFactory(), request.getfixturevalue(person))


def test_teams_of_an_extended_round_are_each_told_once(omar_officer, ana_applicant):
    round_ = RoundFactory()
    ProposalFactory(round=round_, site=a_site(ana_applicant), title="Every student")
    ProposalFactory(round=round_, state=ProposalState.WITHDRAWN)
    extend(round_, omar_officer)
    job = Job.objects.get(kind="tell-extension")

    jobs.run(str(job.pk))
    Job.objects.update(state="queued", finished_at=None)
    jobs.run(str(job.pk))

    mail = Message.objects.get(template="extension_round")
    assert (mail.to, mail.subject) == (
        ana_applicant.email, f"More time: {round_} closes Fri 6 Nov 2026, 4:00 pm Eastern",
    )  # fmt: skip


def test_extension_is_never_changed_or_removed(omar_officer):
    extension = extend(RoundFactory(), omar_officer)

    with pytest.raises(IntegrityError, match=REFUSAL), transaction.atomic():
        Extension.objects.update(reason="Another one.")
    with pytest.raises(IntegrityError, match=REFUSAL), transaction.atomic():
        extension.delete()


def test_warnings_name_a_weekend_and_a_promised_decision():
    round_ = RoundFactory()

    assert warnings_about(round_, datetime(2027, 3, 6, 20, 0, tzinfo=UTC)) == [
        "6 Mar 2027 is a Saturday.",
        "The call promises a decision by 1 Mar 2027, which is earlier.",
    ]
    assert warnings_about(round_, LATER) == []


# --- an outage ---


def test_outage_extends_by_at_least_its_length(omar_officer):
    round_ = RoundFactory()

    extension = outage(round_, omar_officer, hours=2)

    assert extension.until == CLOSES + timedelta(hours=2)
    assert extension.kind == ExtensionKind.OUTAGE


def test_outage_with_a_shorter_extension_is_refused(omar_officer):
    with pytest.raises(ValidationError) as raised:
        outage(RoundFactory(), omar_officer, hours=2, until=CLOSES + timedelta(hours=1))

    sentence = "The outage took 2 hours: choose Fri 30 Oct 2026, 7:00 pm Eastern or later."
    assert errors_of(raised) == {"until": [sentence]}


@pytest.mark.parametrize(
    ("minutes", "at", "offered"),
    [
        (67, NOON, CLOSES + timedelta(minutes=75)),
        (180, CLOSES, CLOSES + timedelta(hours=3)),
        (180, CLOSES + timedelta(seconds=1), CLOSES + timedelta(days=1)),
        # The clocks went back in between: five in the afternoon is an hour later.
        (180, CLOSES + timedelta(hours=22), CLOSES + timedelta(days=2, hours=1)),
    ],
)
def test_outage_offers_its_length_on_a_full_quarter_or_the_usual_hour_with_notice(minutes, at, offered):
    assert after_outage(RoundFactory(), NOON - timedelta(minutes=minutes), NOON, at) == offered


@pytest.mark.parametrize(
    ("ended", "hours", "field", "sentence"),
    [
        (NOON + timedelta(hours=1), 2, "down_until", "This lies ahead. Note an outage when it is over."),
        (NOON - timedelta(hours=1), 0, "down_until", "The outage has to end after it began."),
        (datetime(2026, 8, 1, tzinfo=UTC), 2, "down_until", "The call was not open yet."),
    ],
)
def test_outage_at_an_impossible_time_is_refused(omar_officer, ended, hours, field, sentence):
    with pytest.raises(ValidationError) as raised:
        outage(RoundFactory(), omar_officer, ended=ended, hours=hours)

    assert errors_of(raised) == {field: [sentence]}


def test_outage_after_the_closing_is_refused(omar_officer):
    with pytest.raises(ValidationError) as raised:
        outage(RoundFactory(), omar_officer, at=CLOSES + timedelta(hours=9))

    assert errors_of(raised) == {"down_from": ["The call had closed before that, on Fri 30 Oct 2026, 5:00 pm Eastern."]}


# --- one proposal ---


def test_proposal_extended_has_a_deadline_of_its_own_and_its_team_is_told(omar_officer, ana_applicant):
    proposal = ProposalFactory(site=a_site(ana_applicant), title="Every student")
    other = ProposalFactory(round=proposal.round)

    give(proposal, omar_officer)

    proposal.refresh_from_db()
    assert (deadline_of(proposal), deadline_of(other)) == (LATER, CLOSES)
    assert latest_extension(proposal).reason == "Their server burned down."
    assert latest_extension(other) is None
    mail = Message.objects.get()
    assert (mail.to, mail.subject) == (ana_applicant.email, "You have more time: Every student")


def test_round_extended_past_a_proposals_own_time_counts_for_it(omar_officer):
    proposal = ProposalFactory()
    give(proposal, omar_officer, until=CLOSES + timedelta(days=1))

    extend(proposal.round, omar_officer)

    proposal.refresh_from_db()
    assert deadline_of(proposal) == LATER


def test_proposal_extended_less_than_it_has_is_refused(omar_officer):
    proposal = ProposalFactory()
    give(proposal, omar_officer)

    with pytest.raises(ValidationError) as raised:
        give(proposal, omar_officer, until=LATER - MICROSECOND)

    sentence = "A deadline is never shortened: choose a time after Fri 6 Nov 2026, 4:00 pm Eastern."
    assert errors_of(raised) == {"until": [sentence]}


@pytest.mark.parametrize("state", sorted(set(ProposalState) - {ProposalState.DRAFT, ProposalState.SUBMITTED}))
def test_proposal_nobody_writes_any_more_is_not_extended(omar_officer, state):
    with pytest.raises(Refused):
        give(ProposalFactory(state=state), omar_officer)


@pytest.mark.parametrize(("shift", "in_time"), [(-MICROSECOND, True), (timedelta(0), True), (MICROSECOND, False)])
def test_extended_proposal_is_in_time_to_the_microsecond(omar_officer, ana_applicant, shift, in_time):
    proposal = a_complete_proposal(actor=ana_applicant)
    give(proposal, omar_officer)
    proposal.refresh_from_db()

    if in_time:
        assert submit_proposal(proposal, actor=ana_applicant, at=LATER + shift, key=KEY).number == 1
    else:
        with pytest.raises(Refused, match="The call closed on Fri 6 Nov 2026, 4:00:00 pm Eastern"):
            submit_proposal(proposal, actor=ana_applicant, at=LATER + shift, key=KEY)


def test_extended_proposal_is_screened_only_after_its_own_time(omar_officer):
    proposal = ProposalFactory(state=ProposalState.SUBMITTED)
    give(proposal, omar_officer)
    proposal.refresh_from_db()

    with clock.at(CLOSES + timedelta(hours=1)):
        assert obstacles_to_screening(proposal) == [
            "The team has more time, until Fri 6 Nov 2026, 4:00 pm Eastern; it may still change its proposal."
        ]
    with clock.at(LATER + IN_FLIGHT):
        assert obstacles_to_screening(proposal) == [
            "The call has just closed. Proposals that came in time may still be on their way: try again in a minute."
        ]
    with clock.at(LATER + IN_FLIGHT + MICROSECOND):
        assert obstacles_to_screening(proposal) == []


# --- asking ---


def ask(proposal, actor, reason="The superintendent is in hospital.", at=CLOSES + timedelta(hours=1)):
    return ask_for_time(proposal, reason=reason, actor=actor, at=at)


@pytest.fixture
def late(ana_applicant):
    return ProposalFactory(site=a_site(ana_applicant), title="Every student")


def test_request_for_time_reaches_officers_and_waits(late, ana_applicant, omar_officer):
    asked = ask(late, ana_applicant)

    assert asked.state == RequestState.OPEN
    mail = Message.objects.get()
    assert (mail.to, mail.subject) == (omar_officer.email, "More time wanted: Every student")
    with pytest.raises(Refused, match="Your team has asked already"):
        ask(late, ana_applicant)


@pytest.mark.parametrize(("shift", "may"), [(timedelta(0), True), (MICROSECOND, False)])
def test_request_for_time_is_possible_for_three_days(late, shift, may):
    assert bool(may_ask(late, CLOSES + ASKED_UNTIL + shift, None)) == may


@pytest.mark.parametrize(("shift", "may"), [(-MICROSECOND, False), (timedelta(0), True)])
def test_request_for_time_is_possible_in_the_last_week(late, shift, may):
    assert bool(may_ask(late, CLOSES - ASKED_FROM + shift, None)) == may


def test_request_in_a_round_that_takes_none_is_refused(late, ana_applicant):
    late.round.takes_late_requests = False
    late.round.save()

    with pytest.raises(Refused, match="gives no extra time to single teams"):
        ask(late, ana_applicant)


def test_request_by_a_viewer_is_refused(late, sam_stranger):
    with pytest.raises(Refused):
        ask(late, sam_stranger)


def test_request_without_a_reason_is_refused(late, ana_applicant):
    with pytest.raises(ValidationError) as raised:
        ask(late, ana_applicant, reason=" ")

    assert errors_of(raised) == {"reason": ["Say why you need more time; the foundation decides by it."]}


def test_request_granted_by_extending_the_proposal(late, ana_applicant, omar_officer):
    ask(late, ana_applicant)

    give(late, omar_officer, at=CLOSES + timedelta(hours=2), reason="Get well soon.")

    asked = ExtensionRequest.objects.get()
    assert (asked.state, asked.answer, asked.answered_by) == (RequestState.GRANTED, "Get well soon.", omar_officer)


def test_request_declined_tells_the_team_why(late, ana_applicant, omar_officer):
    asked = ask(late, ana_applicant)

    decline_request(asked, answer="The round is full.", actor=omar_officer, at=CLOSES + timedelta(hours=2))

    asked.refresh_from_db()
    assert (asked.state, asked.answer) == (RequestState.DECLINED, "The round is full.")
    mail = Message.objects.get(template="extension_declined")
    assert (mail.to, "The round is full." in mail.text) == (ana_applicant.email, True)


def test_request_answered_twice_is_refused(late, ana_applicant, omar_officer):
    asked = ask(late, ana_applicant)
    decline_request(asked, answer="No.", actor=omar_officer, at=CLOSES + timedelta(hours=2))

    with pytest.raises(Refused, match=f"{omar_officer} has answered this already: declined"):
        decline_request(asked, answer="No.", actor=omar_officer, at=CLOSES + timedelta(hours=2))
