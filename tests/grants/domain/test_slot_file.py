"""Files in the slots of a round: kinds, one at a time, missing ones, and what reviewers get."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from grants.domain import content
from grants.domain.attachment import attach, remove
from grants.domain.queries.attachment import readable_attachments
from grants.domain.queries.blind import blinded
from grants.domain.queries.blind_names import names_of
from grants.domain.queries.dossier import dossier_of, forget_dossier
from grants.domain.queries.proposal import gaps
from grants.domain.submission import restore_submitted
from grants.enums import ProposalState, ReviewState
from grants.models import Attachment, Proposal
from portal.activity.models import Entry
from portal.documents.models import Document
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory
from tests.factories.reviews import a_review
from tests.factories.rounds import RoundFactory, SlotFactory
from tests.factories.sites import a_site
from tests.portal.documents.files import PDF, picture, upload

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def proposal(ana_applicant):
    return ProposalFactory(site=a_site(ana_applicant, name="Harbor Promise"))


@pytest.fixture
def slot(proposal):
    return SlotFactory(round=proposal.round, name="Letter of commitment", kinds=["application/pdf"])


def put(proposal, actor, slot, **more):
    return attach(proposal, upload(PDF, **more), slot=slot, actor=actor, at=NOON)


def missing(proposal):
    fresh = Proposal.objects.select_related("round", "site").get(pk=proposal.pk)
    return [each.text for each in gaps(dossier_of(fresh)) if each.section == "attachments"]


def test_required_document_stands_in_the_way_until_it_is_attached(proposal, slot, ana_applicant):
    SlotFactory(round=proposal.round, name="Photo", required=False)
    assert missing(proposal) == ["Attachments: add “Letter of commitment”."]

    attachment = put(proposal, ana_applicant, slot)

    assert (attachment.title, attachment.slot, missing(proposal)) == ("Letter of commitment", slot, [])


def test_document_is_known_by_what_it_is_and_not_by_its_name(proposal, slot, ana_applicant, tmp_path):
    with pytest.raises(ValidationError) as raised:
        attach(proposal, upload(picture("PNG"), "letter.png"), slot=slot, actor=ana_applicant, at=NOON)
    assert raised.value.message_dict == {
        "file": ["“Letter of commitment” takes a file of this kind: PDF. This one is a PNG picture."]
    }
    with pytest.raises(ValidationError, match="not what its name says"):
        attach(proposal, upload(picture("PNG"), "letter.pdf"), slot=slot, actor=ana_applicant, at=NOON)
    assert (Document.objects.count(), [each for each in tmp_path.rglob("*") if each.is_file()]) == (0, [])


def test_newer_file_takes_the_place_of_the_one_in_the_slot(proposal, slot, ana_applicant):
    put(proposal, ana_applicant, slot)

    newer = put(proposal, ana_applicant, slot, name="newer.pdf")

    assert (list(Attachment.objects.all()), Document.objects.count()) == ([newer], 1)
    assert Entry.objects.of(proposal).first().summary == "Letter of commitment replaced by Ana Applicant."


def test_file_of_a_submission_is_kept_when_another_takes_its_slot(proposal, slot, ana_applicant):
    first = put(proposal, ana_applicant, slot)
    Proposal.objects.filter(pk=proposal.pk).update(state=ProposalState.SUBMITTED, submitted_at=NOON)
    proposal.refresh_from_db()

    newer = put(proposal, ana_applicant, slot)

    assert list(Attachment.objects.current()) == [newer]
    first.refresh_from_db()
    assert first.removed_at == NOON


def test_submitted_file_comes_back_to_its_slot_when_it_is_restored(proposal, slot, ana_applicant):
    first = put(proposal, ana_applicant, slot)
    row = Proposal.objects.select_related("round", "site").get(pk=proposal.pk)
    row.state, row.submitted_at = ProposalState.SUBMITTED, NOON
    row.save()
    frozen = content.build(row)
    row.submissions.create(number=1, at=NOON, by=ana_applicant, content=frozen, sha256="0" * 64, key="k")
    put(row, ana_applicant, slot, name="newer.pdf")
    forget_dossier(row)

    restore_submitted(row, at=NOON)

    assert list(Attachment.objects.current()) == [first]


def test_removed_document_is_missing_again(proposal, slot, ana_applicant):
    remove(put(proposal, ana_applicant, slot), actor=ana_applicant, at=NOON)

    assert missing(proposal) == ["Attachments: add “Letter of commitment”."]


def test_content_names_the_slot_and_whether_reviewers_see_it(proposal, slot, ana_applicant):
    hidden = SlotFactory(round=proposal.round, name="Payroll", hidden_from_reviewers=True)
    put(proposal, ana_applicant, slot)
    put(proposal, ana_applicant, hidden)
    attach(proposal, upload(PDF), title="Letter of the mayor", actor=ana_applicant, at=NOON)

    said = content.build(Proposal.objects.select_related("round", "site").get(pk=proposal.pk))["attachments"]

    assert [(each["slot"], each["title"], each["hidden"]) for each in said] == [
        ("Letter of commitment", "Letter of commitment", False),
        ("Payroll", "Payroll", True),
        ("", "Letter of the mayor", False),
    ]


def test_reviewer_gets_every_file_but_what_the_round_hides(rita_reviewer, ana_applicant):
    reviewed = ProposalFactory(site=a_site(ana_applicant), round=RoundFactory())
    slots = [SlotFactory(round=reviewed.round, hidden_from_reviewers=hidden) for hidden in (False, True)]
    shown, _, free = [put(reviewed, ana_applicant, each) for each in slots] + [
        attach(reviewed, upload(PDF), title="Letter", actor=ana_applicant, at=NOON)
    ]
    Proposal.objects.filter(pk=reviewed.pk).update(
        state=ProposalState.IN_REVIEW, submitted_at=NOON, screened_at=NOON, amount_requested=Decimal("1")
    )
    a_review(Proposal.objects.get(pk=reviewed.pk), rita_reviewer, state=ReviewState.IN_PROGRESS)

    assert list(readable_attachments(rita_reviewer, reviewed.reference)) == [shown, free]
    assert readable_attachments(ana_applicant, reviewed.reference).count() == 3


def test_name_of_a_slot_is_no_secret_in_a_blind_reading(proposal, slot, ana_applicant):
    put(proposal, ana_applicant, slot)
    row = Proposal.objects.select_related("round", "site").get(pk=proposal.pk)
    said = content.build(row)
    answers = next(each for each in said["sections"] if each["key"] == "need")["answers"]
    answers[0]["text"] = "Our letter of commitment is attached, says Harbor Promise."

    read = blinded(said, names_of(row, said))

    need = next(each for each in read["sections"] if each["key"] == "need")
    assert need["answers"][0]["text"] == "Our letter of commitment is attached, says [the coalition]."
    assert "attachments" not in read
