"""The page of attachments: uploading, downloading, removing, and who is let in."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from grants.enums import ProposalState
from grants.models import Attachment
from portal import clock
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory
from tests.factories.sites import a_site
from tests.portal.documents.files import PDF

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _place(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with clock.at(NOON):
        yield


@pytest.fixture
def proposal(ana_applicant, ben_colleague):
    return ProposalFactory(site=a_site(ana_applicant, viewers=[ben_colleague]))


@pytest.fixture
def attachment(client, proposal, ana_applicant):
    client.force_login(ana_applicant)
    send(client, proposal)
    return Attachment.objects.get()


def page(proposal):
    return reverse("grants:proposal-attachments", args=[proposal.reference])


def file_url(attachment, name="attachment"):
    return reverse(f"grants:{name}", args=[attachment.proposal.reference, attachment.document_id])


def send(client, proposal, content=PDF, name="letter.pdf", title="Letter of the mayor"):
    upload = SimpleUploadedFile(name, content, "application/pdf")
    return client.post(page(proposal), {"title": title, "file": upload})


def test_attachment_uploaded_is_listed_and_downloaded(client, proposal, attachment):
    assert b"Letter of the mayor" in client.get(page(proposal)).content

    response = client.get(file_url(attachment))

    assert b"".join(response.streaming_content) == PDF
    assert response.headers["Content-Disposition"] == 'attachment; filename="letter.pdf"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "facts", [{"content": b"MZ a program"}, {"name": "letter.exe"}, {"content": b""}, {"title": " "}]
)
def test_attachment_that_is_refused_says_so_on_the_page(facts, client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    response = send(client, proposal, **facts)

    assert (response.status_code, bool(response.context["form"].errors)) == (422, True)
    assert Attachment.objects.count() == 0


def test_attachment_removed_asks_first(client, proposal, attachment):
    url = file_url(attachment, "attachment-remove")
    assert b"Remove the file?" in client.get(url).content
    assert Attachment.objects.count() == 1

    assert client.post(url).url == page(proposal)
    assert Attachment.objects.count() == 0
    assert client.get(file_url(attachment)).status_code == 404


def test_attachment_is_read_by_the_team_and_staff_and_nobody_else(
    client, attachment, ben_colleague, omar_officer, sam_stranger, rita_reviewer
):
    answers = []
    for user in (ben_colleague, omar_officer, sam_stranger, rita_reviewer, None):
        client.logout()
        if user:
            client.force_login(user)
        response = client.get(file_url(attachment))
        answers.append(response.status_code)
        response.close()

    assert answers == [200, 200, 404, 404, 302]


def test_attachment_of_another_proposal_is_not_found_under_ones_own(client, attachment, ana_applicant):
    own = ProposalFactory(site=a_site(ana_applicant))
    url = reverse("grants:attachment", args=[own.reference, attachment.document_id])

    assert client.get(url).status_code == 404
    assert client.get(reverse("grants:attachment", args=[own.reference, uuid.uuid4()])).status_code == 404


def test_attachment_page_of_a_viewer_leads_to_the_text(client, proposal, attachment, ben_colleague):
    client.force_login(ben_colleague)

    assert client.get(page(proposal)).url.endswith("/read/#content-attachments")
    assert send(client, proposal).status_code == 403
    assert client.post(file_url(attachment, "attachment-remove")).status_code == 403


def test_attachment_to_a_proposal_in_review_is_refused(client, ana_applicant):
    proposal = ProposalFactory(site=a_site(ana_applicant), state=ProposalState.IN_REVIEW)
    client.force_login(ana_applicant)

    response = send(client, proposal)

    assert response.status_code == 409
    assert b"The foundation is working on this proposal now" in response.content
