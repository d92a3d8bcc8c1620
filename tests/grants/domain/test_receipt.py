"""The receipt: mailed to everybody who may act, with its PDF when that is ready in time, and one PDF for good."""

import pytest
from django.db import IntegrityError, transaction

from grants import tasks  # noqa: F401 - registers the handler, as a worker does
from grants.domain.receipt import PATIENCE, facts_of, issue_receipt, remake_receipt
from grants.models import Submission
from grants.pdf.proposal import proposal_pdf
from portal import clock
from portal.documents.models import Document
from portal.jobs.domain import JobFailed, run
from portal.jobs.models import Job
from portal.mail.domain import deliver
from portal.mail.enums import MessageState
from portal.mail.models import Message
from portal.pdf.bounded import produce
from sites.enums import SeatRole
from tests.conftest import NOON
from tests.factories.accounts import UserFactory
from tests.factories.proposals import a_submitted_proposal
from tests.factories.sites import SeatFactory, a_site
from tests.portal.pdf.samples import failures, text_of
from tests.refusals import refuses

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(settings):
    settings.EMAIL_URL = "smtp://mail.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with clock.at(NOON):
        yield


@pytest.fixture
def submission(ana_applicant, ben_colleague):
    """Submitted by Ana; Ben may act as well, Vera may only look."""
    site = a_site(ana_applicant, name="Łukasz Wiśniewski Dvořák")
    SeatFactory(site=site, holder=ben_colleague, role=SeatRole.CONTRIBUTOR)
    SeatFactory(site=site, holder=UserFactory(email="vera@viewer.example"), role=SeatRole.VIEWER)
    a_submitted_proposal(site, actor=ana_applicant)
    return Submission.objects.select_related("proposal__round", "by").get()


def receipts():
    return Message.objects.filter(template="proposal_receipt")


def issue(submission, during=lambda: None):
    def progress(done, total, message=""):
        if done == 2:
            during()

    fresh = Submission.objects.select_related("proposal__round", "by").get(pk=submission.pk)
    return issue_receipt(fresh, actor=submission.by, progress=progress, finish=lambda outcome: None)


def test_receipt_is_written_to_everybody_who_may_act_and_waits_for_its_pdf(submission, ana_applicant, ben_colleague):
    assert set(receipts().values_list("to", flat=True)) == {ana_applicant.email, ben_colleague.email}
    for message in receipts():
        assert (message.state, message.due_at, message.attachment) == (MessageState.QUEUED, NOON + PATIENCE, None)
        assert submission.sha256 in message.text
        assert "Received: Mon 5 Oct 2026, 12:00 noon Eastern" in message.text
        assert not deliver(str(message.pk))


def test_receipt_job_makes_the_pdf_and_sends_the_mail_with_it_at_once(submission, mailoutbox):
    job = run(str(Job.objects.get(kind="receipt-pdf").pk))

    submission.refresh_from_db()
    assert job.result_url == f"/proposals/{submission.proposal.reference}/submissions/1/receipt.pdf"
    assert submission.receipt.issued
    assert {each.attachment for each in receipts()} == {submission.receipt}
    for message in receipts():
        assert deliver(str(message.pk))
    name, content, kind = mailoutbox[0].attachments[0]
    assert (name, kind) == (f"{submission.proposal.reference}-1.pdf", "application/pdf")
    assert content == submission.receipt.content()
    assert failures(content, "3a") == failures(content, "ua1") == []
    for words in (submission.sha256, "Łukasz Wiśniewski Dvořák", "Mon 5 Oct 2026, 12:00 noon Eastern"):
        assert words in text_of(content)


def test_receipt_whose_pdf_is_late_goes_without_it_and_is_not_sent_again(submission, mailoutbox):
    with clock.at(NOON + PATIENCE):
        for message in receipts():
            assert deliver(str(message.pk))
    issue(submission)

    assert [each.attachments for each in mailoutbox] == [[], []]
    assert set(receipts().values_list("state", flat=True)) == {MessageState.SENT}
    assert Submission.objects.get().receipt is not None


def test_receipt_mail_goes_without_a_pdf_that_storage_lost(submission, mailoutbox):
    issue(submission)
    document = Submission.objects.select_related("receipt").get().receipt
    document.file.storage.delete(document.file.name)

    assert deliver(str(receipts().first().pk))
    assert mailoutbox[0].attachments == []


def test_receipt_made_twice_or_by_two_workers_at_once_is_one(submission):
    issue(submission, during=lambda: issue(submission))
    issue(submission)

    assert Document.objects.count() == 1


def test_receipt_of_the_same_submission_has_the_same_bytes(submission):
    issue(submission)

    assert produce(proposal_pdf, facts_of(submission)) == Document.objects.get().content()


def test_receipt_document_cannot_be_changed(submission):
    issue(submission)

    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.update(name="other.pdf")


def test_receipt_that_cannot_be_made_fails_in_words_and_keeps_the_mail(submission, monkeypatch):
    monkeypatch.setattr("grants.pdf.proposal.TEMPLATE", "pdf/no_such_template.html")

    with pytest.raises(JobFailed, match="A fault in the portal"):
        issue(submission)
    assert set(receipts().values_list("due_at", flat=True)) == {NOON + PATIENCE}


def test_receipt_that_is_there_is_not_made_again(submission):
    issue(submission)
    submission.refresh_from_db()

    with refuses("The PDF of this receipt is there already."):
        remake_receipt(submission, actor=submission.by)


def test_receipt_is_not_asked_for_by_a_stranger(submission, sam_stranger):
    with refuses(f"You need a lead or contributor seat on {submission.proposal.site} to write here."):
        remake_receipt(submission, actor=sam_stranger)
