"""What a visitor takes away from a call without an account, and the record a team or staff takes away."""

import pytest
from django.urls import reverse

from grants import tasks  # noqa: F401 - registers the handler, as a worker does
from grants.domain.call_file import refresh_call_files
from grants.domain.record_copy import KEPT_FOR, ask_for_record
from grants.enums import RoundState
from grants.models import RecordCopy
from portal import clock
from portal.jobs.domain import run
from portal.jobs.enums import JobState
from portal.jobs.models import Job
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory
from tests.factories.rounds import QuestionFactory, RoundFactory
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


def at(name, *args):
    return reverse(f"grants:{name}", args=args)


def work():
    for job in Job.objects.filter(state=JobState.QUEUED):
        run(str(job.pk))


def text_of(response):
    return " ".join(response.content.decode().split())


# --- a call ---


def test_visitor_downloads_the_call_as_a_pdf_and_as_a_template(client):
    round_ = RoundFactory()
    refresh_call_files(at=NOON)
    work()

    pdf, word = client.get(at("call-pdf", round_.reference)), client.get(at("call-template", round_.reference))

    assert b"".join(pdf.streaming_content).startswith(b"%PDF")
    assert b"".join(word.streaming_content).startswith(b"PK")
    assert pdf.headers["Content-Disposition"] == f'attachment; filename="{round_.reference}.pdf"'
    assert pdf.headers["Cache-Control"] == "public, max-age=300"
    page = text_of(client.get(at("call-detail", round_.reference)))
    assert at("call-pdf", round_.reference) in page
    assert at("call-template", round_.reference) in page


def test_download_asked_for_too_early_renders_nothing_and_says_when_to_come_back(client):
    round_ = RoundFactory()

    response = client.get(at("call-pdf", round_.reference))

    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")
    assert "This file is being made" in text_of(response)
    assert Job.objects.count() == 0
    page = text_of(client.get(at("call-detail", round_.reference)))
    assert "They are here in a minute" in page
    assert at("call-pdf", round_.reference) not in page


@pytest.mark.parametrize("name", ["call-pdf", "call-template", "call-dates"])
def test_files_of_a_draft_are_not_there(name, client, omar_officer):
    round_ = RoundFactory(state=RoundState.DRAFT)
    client.force_login(omar_officer)

    assert client.get(at(name, round_.reference)).status_code == 404


def test_visitor_takes_the_dates_for_a_calendar(client):
    round_ = RoundFactory()

    response = client.get(at("call-dates", round_.reference))

    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{round_.reference}.ics"'
    assert response.content.count(b"BEGIN:VEVENT") == 3


@pytest.mark.parametrize("extra", [0, 30])
def test_download_costs_the_same_however_much_is_asked(extra, client, django_assert_max_num_queries):
    round_ = RoundFactory()
    for _ in range(extra):
        QuestionFactory(round=round_)

    with django_assert_max_num_queries(5):
        client.get(at("call-pdf", round_.reference))


def test_call_page_says_documents_money_and_what_comes_after(client):
    text = text_of(client.get(at("call-detail", RoundFactory().reference)))

    assert "What happens after you submit" in text
    assert "Kinds of cost:" in text
    assert "You hear of the decision by 1 Mar 2027" in text
    assert "Check whether you can apply" in text
    assert 'data-left="' in text


# --- the record of a proposal ---


def test_team_asks_for_the_record_and_downloads_it(client, ana_applicant):
    proposal = ProposalFactory(site=a_site(ana_applicant))
    page = at("proposal-record", proposal.reference)
    client.force_login(ana_applicant)
    assert "Make the file" in text_of(client.get(page))

    assert client.post(page).url == page
    assert "One is being made." in text_of(client.get(page))
    work()

    copy = RecordCopy.objects.get()
    download = at("record-copy", proposal.reference, copy.public_id)
    assert download in text_of(client.get(page))
    answer = client.get(download)
    assert b"".join(answer.streaming_content).startswith(b"PK")
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_record_whose_time_is_over_is_gone_before_the_sweep(client, ana_applicant):
    proposal = ProposalFactory(site=a_site(ana_applicant))
    ask_for_record(proposal, actor=ana_applicant)
    work()
    client.force_login(ana_applicant)
    download = at("record-copy", proposal.reference, RecordCopy.objects.get().public_id)

    with clock.at(NOON + KEPT_FOR * 1.01):
        client.force_login(ana_applicant)
        assert client.get(download).status_code == 404


def test_record_of_another_proposal_is_not_served_under_ones_own(client, ana_applicant, sam_stranger):
    mine, theirs = ProposalFactory(site=a_site(ana_applicant)), ProposalFactory(site=a_site(sam_stranger))
    ask_for_record(theirs, actor=sam_stranger)
    work()
    client.force_login(ana_applicant)

    assert client.get(at("record-copy", mine.reference, RecordCopy.objects.get().public_id)).status_code == 404
    assert client.get(at("record-copy", theirs.reference, RecordCopy.objects.get().public_id)).status_code == 404


@pytest.mark.parametrize("copies", [1, 30])
def test_record_page_costs_the_same_however_many_copies_there_are(
    copies, client, ana_applicant, django_assert_max_num_queries
):
    proposal = ProposalFactory(site=a_site(ana_applicant))
    ask_for_record(proposal, actor=ana_applicant)
    work()
    first = RecordCopy.objects.select_related("document").get()
    for number in range(copies - 1):
        document = first.document
        document.pk, document.file = None, f"copy/{number}"
        document._state.adding = True
        document.save(force_insert=True)
        RecordCopy.objects.create(proposal=proposal, document=document, asked_by=ana_applicant, made_at=NOON)
    client.force_login(ana_applicant)

    with django_assert_max_num_queries(9):
        client.get(at("proposal-record", proposal.reference))
