"""Pages that move deadlines: they ask once more, refuse beside the field, and say what happens."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from grants.domain.extension import ask_for_time, extend_round, note_outage
from grants.enums import RequestState
from grants.models import Extension, ExtensionRequest, FundingRound, Proposal
from portal import clock
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory
from tests.factories.rounds import RoundFactory
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db
CLOSES = datetime(2026, 10, 30, 21, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


@pytest.fixture
def officer(client, omar_officer):
    client.force_login(omar_officer)
    return client


@pytest.fixture
def late(ana_applicant):
    return ProposalFactory(site=a_site(ana_applicant), title="Every student")


def page(record, name):
    return reverse(f"grants:{name}", args=[record.reference])


def text_of(response):
    return " ".join(response.content.decode().split())


def kept(response):
    """What the page that asks once more sends along."""
    return dict(response.context["kept"]) | {"confirmed": "yes"}


# --- a round ---


def test_round_extended_in_two_steps(officer, ana_applicant):
    round_ = RoundFactory()
    ProposalFactory(round=round_, site=a_site(ana_applicant))
    facts = {"until": "2026-11-06T17:00", "reason": "A storm.", "version": round_.version}

    asked = officer.post(page(round_, "round-extend"), facts)

    assert (asked.status_code, Extension.objects.count()) == (200, 0)
    assert "Fri 6 Nov 2026, 5:00 pm Eastern</time>" in text_of(asked)
    assert "1 member of teams that started a proposal gets a mail." in text_of(asked)
    done = officer.post(page(round_, "round-extend"), kept(asked), follow=True)
    assert FundingRound.objects.get().closes_at == datetime(2026, 11, 6, 22, 0, tzinfo=UTC)
    assert "Done: it now closes Fri 6 Nov 2026, 5:00 pm Eastern." in text_of(done)


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        ("2027-03-14T02:30", "There is no 2:30 am on 14 Mar 2027: the clocks skip that hour. Choose another."),
        ("2026-10-30T17:00", "A deadline is never shortened: choose a time after Fri 30 Oct 2026, 5:00 pm Eastern."),
        ("tomorrow", "Enter a day and a time, such as 2027-02-01 17:00."),
        ("", "Fill this in."),
    ],
)
def test_round_extended_to_an_impossible_time_is_refused_beside_the_field(officer, until, sentence):
    round_ = RoundFactory()

    response = officer.post(
        page(round_, "round-extend"), {"until": until, "reason": "A storm.", "version": round_.version}
    )

    assert (response.status_code, dict(response.context["form"].errors)) == (422, {"until": [sentence]})
    assert "A storm." in text_of(response)


def test_closing_in_the_hour_that_happens_twice_is_the_second(officer):
    round_ = RoundFactory()
    facts = {"until": "2026-11-01T01:30", "reason": "A storm.", "version": round_.version, "confirmed": "yes"}

    officer.post(page(round_, "round-extend"), facts)

    assert FundingRound.objects.get().closes_at == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


def test_round_moved_by_a_colleague_meanwhile_is_a_conflict(officer, olga_officer):
    round_ = RoundFactory()
    extend_round(round_, until=CLOSES + timedelta(days=9), reason="A storm.", actor=olga_officer, at=NOON)
    facts = {"until": "2026-11-12T17:00", "reason": "A flood.", "version": round_.version, "confirmed": "yes"}

    response = officer.post(page(round_, "round-extend"), facts)

    assert (response.status_code, Extension.objects.count()) == (409, 1)
    assert "A flood." in text_of(response)


def test_outage_without_a_time_offers_one_and_keeps_it(officer):
    round_ = RoundFactory()
    facts = {
        "down_from": "2026-10-05T09:00", "down_until": "2026-10-05T11:00", "until": "", "reason": "A cable was cut.",
        "version": round_.version,
    }  # fmt: skip

    asked = officer.post(page(round_, "round-outage"), facts)
    officer.post(page(round_, "round-outage"), kept(asked))

    extension = Extension.objects.get()
    assert dict(asked.context["kept"])["until"] == "2026-10-30T19:00"
    assert (extension.until, extension.down_from) == (
        CLOSES + timedelta(hours=2),
        datetime(2026, 10, 5, 13, tzinfo=UTC),
    )


def test_public_page_tells_what_moved_and_why(client, omar_officer):
    round_ = RoundFactory()
    note_outage(
        round_, down_from=NOON - timedelta(hours=3), down_until=NOON - timedelta(hours=1), until=None,
        reason="A cable was cut.", actor=omar_officer, at=NOON,
    )  # fmt: skip

    text = text_of(client.get(page(round_, "call-detail")))

    assert "The portal could not be reached from" in text
    assert "A cable was cut." in text
    assert "Fri 30 Oct 2026, 7:00 pm Eastern" in text


def test_round_page_offers_officers_more_time_and_tells_of_it(officer, omar_officer):
    round_ = RoundFactory()
    extend_round(round_, until=CLOSES + timedelta(days=7), reason="A storm.", actor=omar_officer, at=NOON)

    text = text_of(officer.get(page(round_, "round-detail")))

    assert page(round_, "round-extend") in text
    assert "Extended from" in text
    assert "A storm." in text


# --- one proposal ---


def test_proposal_extended_in_two_steps(officer, late):
    facts = {"until": "2026-11-06T17:00", "reason": "A fire.", "version": late.version}

    asked = officer.post(page(late, "proposal-extend"), facts)
    officer.post(page(late, "proposal-extend"), kept(asked))

    assert "Only this team may submit until then." in text_of(asked)
    assert Proposal.objects.get().extended_until == datetime(2026, 11, 6, 22, 0, tzinfo=UTC)
    assert "This team</dt><dd>has until" in text_of(officer.get(page(late, "proposal-detail")))


def test_team_reads_that_it_has_more_time(client, officer, late, ana_applicant):
    facts = {"until": "2026-11-06T17:00", "reason": "A fire.", "version": late.version, "confirmed": "yes"}
    officer.post(page(late, "proposal-extend"), facts)
    client.force_login(ana_applicant)

    text = text_of(client.get(page(late, "proposal-detail")))

    assert "Your team has more time." in text
    assert "A fire." in text
    assert "Closes <time" in text


# --- asking and answering ---


def test_team_asks_after_the_closing_and_reads_that_it_waits(client, late, ana_applicant):
    client.force_login(ana_applicant)
    with clock.at(CLOSES + timedelta(hours=1)):
        response = client.post(page(late, "proposal-ask-time"), {"reason": "Our internet was down."}, follow=True)

    assert ExtensionRequest.objects.get().state == RequestState.OPEN
    assert "asked for more time on" in text_of(response)
    assert "Sent. The foundation answers by mail" in text_of(response)


def test_team_that_asks_without_a_reason_is_told_beside_the_field(client, late, ana_applicant):
    client.force_login(ana_applicant)
    with clock.at(CLOSES + timedelta(hours=1)):
        response = client.post(page(late, "proposal-ask-time"), {"reason": ""})

    assert (response.status_code, dict(response.context["form"].errors)) == (422, {"reason": ["Fill this in."]})


def test_team_that_asks_too_late_is_told_until_when_it_could(client, late, ana_applicant):
    client.force_login(ana_applicant)
    with clock.at(CLOSES + timedelta(hours=73)):
        text = text_of(client.get(page(late, "proposal-ask-time")))

    assert "More time could be asked for until Mon 2 Nov 2026, 4:00 pm Eastern." in text


@pytest.fixture
def asked(late, ana_applicant):
    return ask_for_time(late, reason="Our internet was down.", actor=ana_applicant, at=CLOSES + timedelta(hours=1))


def test_request_granted_in_two_steps_with_the_teams_reason(officer, late, asked):
    facts = {"answer": "grant", "until": "2026-10-31T17:00", "reason": "", "version": late.version}
    with clock.at(CLOSES + timedelta(hours=2)):
        confirm = officer.post(page(late, "proposal-extend"), facts)
        officer.post(page(late, "proposal-extend"), kept(confirm))

    asked.refresh_from_db()
    assert (asked.state, Extension.objects.get().reason) == (RequestState.GRANTED, "Our internet was down.")


def test_request_declined_in_two_steps(officer, late, asked):
    facts = {"answer": "decline", "until": "", "reason": "We cannot.", "version": late.version}
    with clock.at(CLOSES + timedelta(hours=2)):
        confirm = officer.post(page(late, "proposal-extend"), facts)
        done = officer.post(page(late, "proposal-extend"), kept(confirm), follow=True)

    asked.refresh_from_db()
    assert "Decline the request?" in text_of(confirm)
    assert (asked.state, asked.answer) == (RequestState.DECLINED, "We cannot.")
    assert "Declined. The team is told why." in text_of(done)


@pytest.mark.parametrize(
    ("facts", "errors"),
    [
        ({"answer": "grant"}, {"until": ["Choose until when."]}),
        ({"answer": "decline"}, {"reason": ["Write a reason; the team reads it."]}),
        ({}, {"answer": ["Choose an answer."]}),
    ],
)
def test_answer_that_says_too_little_is_refused_beside_the_field(officer, late, asked, facts, errors):
    with clock.at(CLOSES + timedelta(hours=2)):
        response = officer.post(page(late, "proposal-extend"), facts | {"version": late.version})

    assert (response.status_code, dict(response.context["form"].errors)) == (422, errors)


def test_request_waits_in_the_officers_list_of_things_to_do(officer, asked, late):
    text = text_of(officer.get(reverse("portal:home")))

    assert "Answer a request for more time" in text
    assert page(late, "proposal-extend") in text


@pytest.mark.parametrize("rows", [1, 30])
def test_round_page_costs_the_same_however_many_teams_got_time(
    officer, omar_officer, rows, django_assert_max_num_queries
):
    round_ = RoundFactory()
    for _ in range(rows):
        proposal = ProposalFactory(round=round_)
        Extension.objects.create(
            round=round_, proposal=proposal, kind="granted", was=CLOSES, until=CLOSES + timedelta(days=1),
            reason="A fire.", granted_by=omar_officer, granted_at=NOON,
        )  # fmt: skip
    officer.get(page(round_, "round-detail"))

    with django_assert_max_num_queries(17):
        officer.get(page(round_, "round-detail"))
