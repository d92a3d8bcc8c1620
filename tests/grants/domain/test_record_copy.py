"""The record as one file: what is in it, what it is called, who may have it, and that it goes after a week."""

import hashlib
import io
import json
import tracemalloc
import zipfile
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile

from grants import tasks  # noqa: F401 - registers the handler, as a worker does
from grants.domain.agreement import replace_agreement
from grants.domain.attachment import attach
from grants.domain.record_copy import ask_for_record, make_record
from grants.models import Agreement, Attachment, Proposal, RecordCopy, TeamMessage
from portal import clock
from portal.activity.models import Entry
from portal.documents.domain import store_issued, sweep
from portal.documents.models import Document
from portal.jobs.domain import run
from portal.jobs.enums import JobState
from tests.conftest import NOON
from tests.factories.agreements import an_agreement
from tests.factories.proposals import ProposalFactory, a_submitted_proposal
from tests.factories.sites import a_site
from tests.portal.documents.files import PDF, upload
from tests.portal.pdf.samples import text_of
from tests.refusals import refuses

pytestmark = pytest.mark.django_db


def made(proposal, actor, at=NOON):
    """The zip of a proposal, opened."""
    fresh = Proposal.objects.select_related("round", "site").get(pk=proposal.pk)
    make_record(fresh, actor=actor, at=at, progress=lambda *args: None, finish=lambda outcome: None)
    return zipfile.ZipFile(io.BytesIO(RecordCopy.objects.first().document.content()))


def names(archive):
    return [name.partition("/")[2] for name in archive.namelist()]


def read(archive, proposal, path):
    return archive.read(f"{proposal.reference}/{path}")


def test_record_of_an_empty_draft_is_marked_as_not_submitted(ana_applicant):
    proposal = ProposalFactory(site=a_site(ana_applicant))

    archive = made(proposal, ana_applicant)

    assert names(archive) == ["proposal-now.pdf", "proposal-now.json", "index.txt"]
    assert "Draft, not submitted" in text_of(read(archive, proposal, "proposal-now.pdf"))


def test_record_holds_submissions_files_messages_and_an_index(ana_applicant, omar_officer):
    site = a_site(ana_applicant, name="Łukasz Wiśniewski Dvořák")
    proposal = a_submitted_proposal(site, actor=ana_applicant)
    attach(proposal, upload(PDF, "../../plan.pdf"), title="Plan", actor=ana_applicant, at=NOON)
    TeamMessage.objects.create(
        proposal=proposal, from_foundation=True, author=omar_officer, text="Is year 2 right?", sent_at=NOON
    )

    archive = made(proposal, ana_applicant)

    assert archive.testzip() is None
    assert names(archive) == [
        "proposal-now.pdf", "proposal-now.json", "submission-1/receipt.pdf", "submission-1/content.json",
        f"attachments/01-{Attachment.objects.get().document.name}", "messages.txt", "index.txt",
    ]  # fmt: skip
    submission = proposal.submissions.get()
    frozen = read(archive, proposal, "submission-1/content.json")
    assert hashlib.sha256(frozen).hexdigest() == submission.sha256
    assert json.loads(frozen)["coalition"]["name"] == "Łukasz Wiśniewski Dvořák"
    assert submission.sha256 in text_of(read(archive, proposal, "submission-1/receipt.pdf"))
    assert "Changed since submission 1, not submitted" in text_of(read(archive, proposal, "proposal-now.pdf"))
    assert "Is year 2 right?" in read(archive, proposal, "messages.txt").decode("utf-8-sig")
    index = read(archive, proposal, "index.txt").decode("utf-8-sig")
    for name in names(archive)[:-1]:
        assert name in index
        assert hashlib.sha256(read(archive, proposal, name)).hexdigest() in index


def test_record_of_what_was_submitted_says_so(ana_applicant):
    proposal = a_submitted_proposal(actor=ana_applicant)

    assert "As submitted, number 1" in text_of(read(made(proposal, ana_applicant), proposal, "proposal-now.pdf"))


def test_record_holds_the_agreements_that_were_sent_out(lea_site_lead, omar_officer):
    agreement = an_agreement(lead=lea_site_lead, officer=omar_officer)
    proposal = agreement.award.proposal
    issued = store_issued("agreement.pdf", PDF, "application/pdf", at=NOON, actor=None)
    Agreement.objects.update(document=issued)
    replace_agreement(agreement, because="A wrong day.", actor=omar_officer, at=NOON)

    archive = made(proposal, lea_site_lead)

    assert [name for name in names(archive) if name.startswith("agreement")] == [
        "agreement-1/agreement.pdf", "agreement-1/content.json",
    ]  # fmt: skip
    frozen = read(archive, proposal, "agreement-1/content.json")
    assert hashlib.sha256(frozen).hexdigest() == agreement.sha256


def test_record_names_a_file_that_storage_lost(ana_applicant):
    proposal = ProposalFactory(site=a_site(ana_applicant))
    attach(proposal, upload(PDF, "plan.pdf"), title="Plan", actor=ana_applicant, at=NOON)
    Attachment.objects.get().document.file.storage.delete(Attachment.objects.get().document.file.name)

    archive = made(proposal, ana_applicant)

    assert "because the file is lost" in read(archive, proposal, "index.txt").decode("utf-8-sig")


def test_record_job_ends_with_a_document_that_goes_after_a_week(ana_applicant):
    proposal = ProposalFactory(site=a_site(ana_applicant))
    with clock.at(NOON):
        job = run(str(ask_for_record(proposal, actor=ana_applicant).pk))

    copy = RecordCopy.objects.get()
    assert job.state == JobState.DONE
    assert job.result_url == f"/proposals/{proposal.reference}/record/{copy.public_id}.zip"
    assert Entry.objects.of(proposal).first().verb == "take_record"
    assert sweep(at=NOON + timedelta(days=7)) == 0

    assert sweep(at=NOON + timedelta(days=7, seconds=1)) == 1
    assert (RecordCopy.objects.count(), Document.objects.count()) == (0, 0)
    assert Proposal.objects.count() == 1


def test_record_asked_for_twice_is_one_job(ana_applicant):
    proposal = ProposalFactory(site=a_site(ana_applicant))

    assert ask_for_record(proposal, actor=ana_applicant) == ask_for_record(proposal, actor=ana_applicant)


def test_record_is_refused_to_strangers_and_to_who_lost_their_seat(ana_applicant, sam_stranger):
    proposal = ProposalFactory(site=a_site(ana_applicant))

    with refuses("Only foundation staff see this."):
        ask_for_record(proposal, actor=sam_stranger)
    with refuses("Only foundation staff see this."):
        made(proposal, sam_stranger)
    assert Document.objects.count() == 0


def test_record_of_large_files_is_written_in_pieces(ana_applicant):
    """Six attachments of 5 MB: what Python holds at once stays far below their sum."""
    proposal = ProposalFactory(site=a_site(ana_applicant))
    for number in range(6):
        attach(proposal, upload(PDF, f"{number}.pdf"), title="Big", actor=ana_applicant, at=NOON)
    for attachment in Attachment.objects.select_related("document"):
        stored = attachment.document.file
        stored.storage.delete(stored.name)
        stored.storage.save(stored.name, ContentFile(b"%PDF" + bytes(range(256)) * 20_000))
    tracemalloc.start()

    fresh = Proposal.objects.select_related("round", "site").get(pk=proposal.pk)
    make_record(fresh, actor=ana_applicant, at=NOON, progress=lambda *args: None, finish=lambda outcome: None)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16 * 1024 * 1024
