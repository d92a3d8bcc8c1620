"""The page of attachments of a round that asks for documents by name."""

import uuid

import pytest
from django.urls import reverse

from grants.enums import ReviewState
from grants.models import Attachment
from portal import clock
from tests.conftest import NOON
from tests.factories.dockets import a_reviewed_proposal
from tests.factories.proposals import ProposalFactory
from tests.factories.reviews import a_review
from tests.factories.rounds import RoundFactory, SlotFactory
from tests.factories.sites import a_site
from tests.portal.documents.files import PDF, picture, upload

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _place(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with clock.at(NOON):
        yield


@pytest.fixture
def proposal(client, ana_applicant):
    made = ProposalFactory(site=a_site(ana_applicant))
    client.force_login(ana_applicant)
    return made


@pytest.fixture
def slot(proposal):
    return SlotFactory(round=proposal.round, name="Letter of commitment", kinds=["application/pdf"])


def page(proposal):
    return reverse("grants:proposal-attachments", args=[proposal.reference])


def send(client, slot, proposal, file=None):
    return client.post(page(proposal), {"slot": slot.public_id, "file": file or upload(PDF)})


def test_document_is_attached_replaced_and_removed_on_its_own_place(client, proposal, slot):
    assert b"Needed" in client.get(page(proposal)).content

    first = send(client, slot, proposal)
    second = send(client, slot, proposal, upload(PDF, "newer.pdf"))

    assert (first.status_code, second.status_code) == (302, 302)
    attachment = Attachment.objects.get()
    assert (attachment.slot, attachment.document.name) == (slot, "newer.pdf")
    text = client.get(page(proposal)).content.decode()
    assert ("Replace it" in text, "newer.pdf" in text) == (True, True)
    client.post(reverse("grants:attachment-remove", args=[proposal.reference, attachment.document_id]))
    assert Attachment.objects.count() == 0


def test_document_of_another_kind_is_refused_beside_its_own_box(client, proposal, slot):
    SlotFactory(round=proposal.round, name="Another")

    response = send(client, slot, proposal, upload(picture("PNG"), "letter.png"))

    assert response.status_code == 422
    refused = {str(each): list(form.errors.get("file", [])) for each, _, form in response.context["slots"]}
    assert refused == {
        "Letter of commitment": ["“Letter of commitment” takes a file of this kind: PDF. This one is a PNG picture."],
        "Another": [],
    }
    assert Attachment.objects.count() == 0


def test_document_without_a_file_says_so(client, proposal, slot):
    response = client.post(page(proposal), {"slot": slot.public_id})

    (_, _, form), *_ = response.context["slots"]
    assert (response.status_code, form.errors["file"]) == (422, ["Choose a file."])


@pytest.mark.parametrize("named", ["nonsense", "5a3f7f0e-9c1d-4b5e-8a77-0d2a6f1b9c44"])
def test_document_for_no_slot_of_the_round_is_a_404(named, client, proposal):
    assert client.post(page(proposal), {"slot": named, "file": upload(PDF)}).status_code == 404


def test_document_for_a_slot_of_another_round_is_a_404(client, proposal):
    assert send(client, SlotFactory(round=RoundFactory()), proposal).status_code == 404
    assert Attachment.objects.count() == 0


def test_workspace_counts_the_documents(client, proposal, slot):
    SlotFactory(round=proposal.round, required=False)
    send(client, slot, proposal)

    response = client.get(reverse("grants:proposal-detail", args=[proposal.reference]))

    task = next(each for _, each in response.context["tasks"] if each.key == "attachments")
    assert (task.detail, task.state_words) == ("1 of 2 documents", "Complete")


def test_hidden_document_is_not_on_the_page_of_a_review(client, rita_reviewer):
    proposal = a_reviewed_proposal(marks=())
    submission = proposal.submissions.latest("number")
    shown = {"document": str(uuid.uuid4()), "name": "a.pdf", "size": 1, "sha256": "0"}
    submission.content["attachments"] = [
        shown | {"title": "Payroll", "slot": "Payroll", "hidden": True},
        shown | {"title": "Letter", "slot": "", "hidden": False},
    ]
    submission.save(update_fields=["content"])
    review = a_review(proposal, rita_reviewer, state=ReviewState.IN_PROGRESS)
    client.force_login(rita_reviewer)

    text = client.get(reverse("grants:review-detail", args=[review.reference])).content.decode()

    assert ("Payroll" in text, "Letter" in text) == (False, True)


@pytest.mark.parametrize("rows", [1, 30])
def test_page_of_attachments_costs_the_same_for_many(rows, client, proposal, django_assert_max_num_queries):
    for _ in range(rows):
        send(client, SlotFactory(round=proposal.round), proposal)
    client.get(page(proposal))

    with django_assert_max_num_queries(14):
        client.get(page(proposal))
