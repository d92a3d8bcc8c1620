"""The two PDFs of an agreement: made by a job, kept once, and mailed when all have signed."""

import pytest

from grants import tasks  # noqa: F401 - registers the handler, as a worker does
from grants.domain.agreement import replace_agreement
from grants.domain.agreement_document import SENT, SIGNED, ask_again, facts_of, issue_document, missing_document
from grants.enums import AgreementState
from grants.models import Agreement
from portal import clock
from portal.access import Refused
from portal.documents.models import Document
from portal.jobs.domain import run
from portal.jobs.models import Job
from portal.mail.models import Message
from tests.factories.agreements import WRITTEN_AT, an_agreement
from tests.portal.pdf.samples import text_of

pytestmark = pytest.mark.django_db


def job_of(which):
    return str(Job.objects.get(kind="agreement-pdf", facts__which=which).pk)


def test_jobs_make_both_documents_and_mail_the_signed_one(settings):
    settings.DEMO = True
    agreement = an_agreement(state=AgreementState.IN_FORCE)
    with clock.at(WRITTEN_AT):
        run(job_of(SENT))
        job = run(job_of(SIGNED))

    agreement = Agreement.objects.get()
    assert (agreement.document.name, agreement.signed_document.name) == (
        f"{agreement.award.reference}-agreement-1.pdf", f"{agreement.award.reference}-agreement-1-signed.pdf",
    )  # fmt: skip
    assert agreement.document.issued
    assert job.result_url.endswith("/agreements/1/signed.pdf")
    text = text_of(agreement.signed_document.content())
    assert "Tomás Rivera" in text
    assert str(agreement.countersigned_by) in text
    mails = Message.objects.filter(template="agreement_in_force")
    assert set(mails.values_list("attachment", flat=True)) == {agreement.signed_document_id}


def test_signed_document_is_made_also_when_the_agreement_was_replaced_meanwhile(omar_officer):
    agreement = an_agreement(state=AgreementState.IN_FORCE, officer=omar_officer)
    replace_agreement(agreement, because="A wrong day.", actor=omar_officer, at=WRITTEN_AT)
    agreement = Agreement.objects.get(number=1)

    assert [each.name for each in facts_of(agreement, SIGNED).signatures][:2] == ["Dr. Miriam Okafor", "Tomás Rivera"]
    agreement.document_id = agreement.pk
    assert missing_document(agreement) == SIGNED


def test_document_is_kept_once_however_often_it_is_made(omar_officer):
    agreement = an_agreement(officer=omar_officer)

    def make():
        fresh = Agreement.objects.get(pk=agreement.pk)
        return issue_document(fresh, SENT, actor=omar_officer, progress=lambda *a: None, finish=lambda outcome: None)

    def meanwhile(done, total, message=""):
        if done == 2:
            make()

    issue_document(agreement, SENT, actor=omar_officer, progress=meanwhile, finish=lambda outcome: None)

    assert Document.objects.count() == 1
    assert Agreement.objects.get().document_id == Document.objects.get().pk


def test_document_is_asked_for_again_only_while_it_is_missing(omar_officer, fay_finance):
    agreement = an_agreement(officer=omar_officer)
    Job.objects.all().delete()

    assert missing_document(agreement) == SENT
    with pytest.raises(Refused, match="Only program officers"):
        ask_again(agreement, actor=fay_finance)
    ask_again(agreement, actor=omar_officer)
    assert Job.objects.get().facts["which"] == SENT
    agreement.document_id = agreement.pk
    with pytest.raises(Refused, match="is there already"):
        ask_again(agreement, actor=omar_officer)
