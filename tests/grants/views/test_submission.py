"""Checking the answers, submitting once however often it is pressed, and the receipt."""

import hashlib
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.html import escape

from grants import tasks  # noqa: F401 - registers the handlers, as a worker does
from grants.domain.queries.dossier import dossier_of
from grants.enums import ProposalState
from grants.models import Submission
from portal import clock
from portal.jobs.domain import run
from portal.jobs.enums import JobState
from portal.jobs.models import Job
from sites.enums import SeatRole
from tests.conftest import NOON
from tests.factories.accounts import UserFactory
from tests.factories.proposals import ProposalFactory, a_complete_proposal, a_submitted_proposal
from tests.factories.sites import SeatFactory, a_site

pytestmark = pytest.mark.django_db
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


@pytest.fixture
def proposal(ana_applicant, ben_colleague):
    return a_complete_proposal(a_site(ana_applicant, viewers=[ben_colleague]), actor=ana_applicant)


def page(proposal):
    return reverse("grants:proposal-submit", args=[proposal.reference])


def receipt(proposal, number=1, name="submission-detail"):
    return reverse(f"grants:{name}", args=[proposal.reference, number])


def text_of(response):
    return " ".join(response.content.decode().split())


def test_check_page_shows_every_answer_and_a_key_of_its_own(client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    first, second = client.get(page(proposal)), client.get(page(proposal))

    for section in first.context["content"]["sections"]:
        for answer in section["answers"]:
            assert answer["prompt"] in text_of(first)
    assert first.context["key"] != second.context["key"]


def test_check_page_of_an_unfinished_proposal_lists_and_links_what_is_missing(client, ana_applicant):
    proposal = ProposalFactory(site=a_site(ana_applicant))
    client.force_login(ana_applicant)

    response = client.get(page(proposal))

    assert "Not ready to submit yet" in text_of(response)
    gaps = response.context["gaps"]
    assert f"Not ready to submit yet: {len(gaps)} things missing" in text_of(response)
    for url, text in gaps:
        # Once on top as a link to the place, once in the section that lacks it.
        assert f'<a href="{url}">{escape(text)}</a>' in response.content.decode()
        assert f"<li>{escape(text)}</li>" in response.content.decode()
    assert "Submit proposal" not in text_of(response)


def test_submit_pressed_twice_submits_once_and_shows_the_same_receipt(client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    first, second = (client.post(page(proposal), {"key": KEY}) for _ in range(2))

    assert first.url == second.url == receipt(proposal)
    assert Submission.objects.count() == 1


def test_submit_ignores_fields_nobody_enters(client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    client.post(
        page(proposal),
        {"key": KEY, "state": "awarded", "number": 7, "at": "2026-01-01", "content": "{}", "amount_requested": "1"},
    )

    submission = Submission.objects.get()
    proposal.refresh_from_db()
    assert (submission.number, submission.at, proposal.state) == (1, NOON, ProposalState.SUBMITTED)


@pytest.mark.parametrize("key", ["", "short", "x" * 32])
def test_submit_without_a_usable_key_is_refused(key, client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    response = client.post(page(proposal), {"key": key})

    assert (response.status_code, Submission.objects.count()) == (422, 0)
    assert "This page is incomplete. Open it again and press Submit once more." in text_of(response)
    assert client.post(page(proposal), {"key": response.context["key"]}).status_code == 302


def test_submit_that_arrived_in_time_counts_however_long_it_waits(client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    with clock.at(proposal.round.closes_at):
        response = client.post(page(proposal), {"key": KEY})

    assert response.url == receipt(proposal)


def test_submit_after_the_deadline_says_exactly_when_it_closed(client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    with clock.at(proposal.round.closes_at + timedelta(microseconds=1)):
        response = client.post(page(proposal), {"key": KEY})

    assert (response.status_code, Submission.objects.count()) == (409, 0)
    assert "The call closed on Fri 30 Oct 2026, 5:00" in text_of(response)


def test_submit_is_refused_from_a_viewers_seat(client, proposal, ben_colleague):
    client.force_login(ben_colleague)

    assert client.get(page(proposal)).status_code == 403
    assert client.post(page(proposal), {"key": KEY}).status_code == 403
    assert Submission.objects.count() == 0


def test_submit_page_of_what_was_submitted_already_offers_no_button(client, ana_applicant):
    proposal = a_submitted_proposal(actor=ana_applicant)
    client.force_login(ana_applicant)

    text = text_of(client.get(page(proposal)))

    assert "nothing has changed since" in text
    assert "Submit again" not in text


def test_receipt_names_number_instant_zone_and_fingerprint(client, ana_applicant):
    proposal = a_submitted_proposal(actor=ana_applicant)
    client.force_login(ana_applicant)

    text = text_of(client.get(receipt(proposal)))

    assert f"{proposal.reference}, submission 1" in text
    assert "Mon 5 Oct 2026, 12:00 noon Eastern" in text
    assert Submission.objects.get().sha256 in text


def test_receipt_file_has_the_fingerprint_of_the_receipt(client, ana_applicant):
    proposal = a_submitted_proposal(actor=ana_applicant)
    client.force_login(ana_applicant)

    content = client.get(receipt(proposal, name="submission-content")).content

    assert hashlib.sha256(content).hexdigest() == Submission.objects.get().sha256


def test_receipt_of_a_number_that_was_not_submitted_is_not_found(client, ana_applicant):
    proposal = a_submitted_proposal(actor=ana_applicant)
    client.force_login(ana_applicant)

    assert client.get(receipt(proposal, 2)).status_code == 404


def test_set_aside_text_is_shown_to_the_team(client, ana_applicant):
    proposal = a_submitted_proposal(actor=ana_applicant)
    url = reverse("grants:proposal-set-aside", args=[proposal.reference])
    client.force_login(ana_applicant)
    assert client.get(url).status_code == 404

    proposal.set_aside = Submission.objects.get().content
    proposal.save()

    assert "Changes you did not submit" in text_of(client.get(url))


@pytest.mark.parametrize("page_of", [page, receipt])
def test_submission_pages_cost_a_fixed_number_of_queries(page_of, client, ana_applicant, django_assert_max_num_queries):
    proposal = a_submitted_proposal(actor=ana_applicant)
    client.force_login(ana_applicant)
    client.get(page_of(proposal))

    with django_assert_max_num_queries(17):
        client.get(page_of(proposal))


def test_submit_costs_twenty_queries_however_large_the_team_is(
    client, proposal, ana_applicant, django_assert_max_num_queries
):
    for _ in range(30):
        SeatFactory(site=proposal.site, holder=UserFactory(), role=SeatRole.CONTRIBUTOR)
    client.force_login(ana_applicant)

    # Twenty and the savepoint's two: five for who asks and what for, six that read every part, nine that write.
    with django_assert_max_num_queries(22):
        client.post(page(proposal), {"key": KEY})


def test_check_page_marks_what_reviewers_do_not_see(client, proposal, ana_applicant):
    question = proposal.round.questions.get(key="gaps")
    question.hidden_from_reviewers = True
    question.save()
    client.force_login(ana_applicant)

    assert text_of(client.get(page(proposal))).count("Reviewers do not see this answer") == 1


def test_check_page_has_a_link_to_change_each_section(client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    body = client.get(page(proposal)).content.decode()

    for key in (*[each.key for each in dossier_of(proposal).parts],):
        assert f'href="/proposals/{proposal.reference}/sections/{key}/"' in body


# --- the receipt as a PDF ---


def test_receipt_page_shows_how_far_its_pdf_is_and_then_the_pdf(client, ana_applicant, ben_colleague):
    proposal = a_submitted_proposal(a_site(ana_applicant, viewers=[ben_colleague]), actor=ana_applicant)
    client.force_login(ben_colleague)
    assert "is being made" in text_of(client.get(receipt(proposal)))
    assert client.get(receipt(proposal, name="submission-pdf")).status_code == 404
    client.force_login(ana_applicant)
    assert "Waiting for its turn" in text_of(client.get(receipt(proposal)))

    run(str(Job.objects.get(kind="receipt-pdf").pk))

    assert "Download the receipt (PDF)" in text_of(client.get(receipt(proposal)))
    pdf = client.get(receipt(proposal, name="submission-pdf"))
    assert pdf.headers["Content-Disposition"] == f'attachment; filename="{proposal.reference}-1.pdf"'
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")


def test_receipt_page_lists_the_versions_before_and_after(client, ana_applicant):
    proposal = a_submitted_proposal(actor=ana_applicant)
    first = Submission.objects.get()
    Submission.objects.create(
        proposal=proposal, number=2, at=NOON, by=ana_applicant, content=first.content, sha256="0" * 64, key="x"
    )
    client.force_login(ana_applicant)

    before, latest = text_of(client.get(receipt(proposal))), text_of(client.get(receipt(proposal, 2)))

    assert "Replaced by" in before
    assert "You submitted a newer version since" in before
    assert "Submitted before" in latest


def test_receipt_whose_pdf_failed_can_be_asked_for_again(client, ana_applicant, ben_colleague):
    proposal = a_submitted_proposal(a_site(ana_applicant, viewers=[ben_colleague]), actor=ana_applicant)
    Job.objects.update(state=JobState.FAILED, failure="It broke.", finished_at=NOON)
    again = receipt(proposal, name="submission-pdf-again")
    client.force_login(ben_colleague)
    assert "Make the PDF again" not in text_of(client.get(receipt(proposal)))
    assert client.post(again).status_code == 403
    client.force_login(ana_applicant)
    assert "Make the PDF again" in text_of(client.get(receipt(proposal)))

    client.post(again)
    client.post(again)

    assert Job.objects.filter(state=JobState.QUEUED).count() == 1
