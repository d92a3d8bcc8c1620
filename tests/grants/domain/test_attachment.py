"""Files of a proposal: putting them there, taking them away, who may have them."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from grants.domain.attachment import attach, remove
from grants.domain.queries.attachment import readable_attachments
from grants.enums import ProposalState, ReviewState
from grants.models import Attachment, SignOff
from portal.activity.models import Entry
from portal.documents.models import Document
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory, a_complete_proposal
from tests.factories.reviews import a_review
from tests.factories.rounds import RoundFactory
from tests.factories.sites import a_site
from tests.portal.documents.files import PDF
from tests.refusals import refuses

# A file goes to storage before its row, outside any transaction, so these tests need real ones.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def proposal(ana_applicant):
    return ProposalFactory(site=a_site(ana_applicant, name="Harbor Promise"))


def upload(content=PDF, name="letter.pdf"):
    return SimpleUploadedFile(name, content, "application/pdf")


def put(proposal, actor, title="Letter of the mayor", **more):
    return attach(proposal, upload(**more), title=title, actor=actor, at=NOON)


def files(tmp_path):
    return [path for path in tmp_path.rglob("*") if path.is_file()]


def test_attachment_is_kept_and_logged(proposal, ana_applicant, tmp_path):
    attachment = put(proposal, ana_applicant, title=" Letter of  the mayor ")

    assert (attachment.title, attachment.document.name) == ("Letter of the mayor", "letter.pdf")
    assert len(files(tmp_path)) == 1
    assert Entry.objects.of(proposal).first().summary == "Letter of the mayor attached by Ana Applicant."


@pytest.mark.parametrize("title", ["", "  ", "x" * 161])
def test_attachment_without_a_usable_title_is_refused_before_anything_is_stored(
    title, proposal, ana_applicant, tmp_path
):
    with pytest.raises(ValidationError) as raised:
        put(proposal, ana_applicant, title=title)

    assert list(raised.value.message_dict) == ["title"]
    assert files(tmp_path) == []


def test_attachment_that_is_not_what_its_name_says_is_refused(proposal, ana_applicant):
    with pytest.raises(ValidationError):
        put(proposal, ana_applicant, content=b"MZ this is a program")
    assert Attachment.objects.count() == 0


def test_attachment_of_a_stranger_or_to_a_closed_proposal_is_refused(proposal, ana_applicant, sam_stranger):
    with refuses("You need a lead or contributor seat on Harbor Promise to write here."):
        put(proposal, sam_stranger)
    reviewed = ProposalFactory(site=a_site(ana_applicant), state=ProposalState.IN_REVIEW)
    with refuses("The foundation is working on this proposal now, so its text stays as you submitted it."):
        put(reviewed, ana_applicant)
    assert Document.objects.count() == 0


def test_attachment_removed_from_a_draft_is_gone_for_good(proposal, ana_applicant, tmp_path):
    remove(put(proposal, ana_applicant), actor=ana_applicant, at=NOON)

    assert (Attachment.objects.count(), Document.objects.count(), files(tmp_path)) == (0, 0, [])


def test_attachment_removed_after_submitting_stays_with_the_submission(ana_applicant, tmp_path):
    proposal = ProposalFactory(site=a_site(ana_applicant), state=ProposalState.SUBMITTED)

    remove(put(proposal, ana_applicant), actor=ana_applicant, at=NOON)

    assert list(proposal.attachments.current()) == []
    assert (Attachment.objects.get().removed_at, len(files(tmp_path))) == (NOON, 1)


def test_attachment_removed_twice_is_removed_once(proposal, ana_applicant):
    attachment = put(proposal, ana_applicant)
    remove(attachment, actor=ana_applicant, at=NOON)

    remove(attachment, actor=ana_applicant, at=NOON)

    assert Entry.objects.of(proposal).filter(verb="remove_attachment").count() == 1


def test_attachment_after_signing_voids_the_signatures(ana_applicant):
    proposal = a_complete_proposal(actor=ana_applicant)

    put(proposal, ana_applicant)

    assert set(SignOff.objects.values_list("state", flat=True)) == {"void"}


# --- who may have a file ---


def test_attachment_is_for_the_team_and_staff(proposal, ana_applicant, omar_officer, sam_stranger, rita_reviewer):
    put(proposal, ana_applicant)

    def seen(user):
        return readable_attachments(user, proposal.reference).count()

    assert [seen(ana_applicant), seen(omar_officer), seen(sam_stranger), seen(rita_reviewer)] == [1, 1, 0, 0]


@pytest.mark.parametrize(
    ("state", "blind", "number"),
    [
        (ReviewState.ASSIGNED, False, 0),
        (ReviewState.IN_PROGRESS, False, 1),
        (ReviewState.SUBMITTED, False, 1),
        (ReviewState.RECUSED, False, 0),
        (ReviewState.IN_PROGRESS, True, 0),
    ],
)
def test_attachment_is_for_reviewers_without_a_conflict_who_may_know_names(
    state, blind, number, ana_applicant, rita_reviewer
):
    proposal = ProposalFactory(
        round=RoundFactory(blind=blind), site=a_site(ana_applicant), state=ProposalState.IN_REVIEW
    )
    document = Document.objects.create(
        name="letter.pdf", content_type="application/pdf", size=1, sha256="0" * 64, file="aa/letter", scan="none",
        quota_group="x", created_at=NOON,
    )  # fmt: skip
    Attachment.objects.create(proposal=proposal, document=document, title="Letter")
    a_review(proposal, reviewer=rita_reviewer, state=state)

    assert readable_attachments(rita_reviewer, proposal.reference).count() == number
