"""What a reviewer takes away from the desk: the PDF with its scoring sheet, and files of a blind round."""

import io
import zipfile
from datetime import timedelta

import docx
import pikepdf
import pytest
from django.urls import reverse

from grants import tasks  # noqa: F401 - registers the handler, as a worker does
from grants.domain.blind_file import without_author
from grants.domain.queries.blind_names import COALITION, compiled, name_spellings
from grants.domain.reading_copy import KEPT_FOR, ask_for_reading_copy, facts_of, make_reading_copy
from grants.enums import ProposalState, ReviewState
from grants.models import Proposal, ReadingCopy, Review
from grants.pdf.reading import reading_pdf
from grants.workflow import REVIEW
from portal import clock
from portal.access import Refused
from portal.documents.domain import sweep
from portal.jobs.domain import run
from tests.factories.proposals import ProposalFactory, a_submitted_proposal
from tests.factories.reviews import REVIEWED_AT, a_review
from tests.grants.views.reviewing import url_of
from tests.portal.documents.files import office
from tests.portal.pdf.samples import failures, sound, text_of
from tests.refusals import refuses

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_day_later():
    with clock.at(REVIEWED_AT + timedelta(days=1)):
        yield


@pytest.fixture
def review(rita_reviewer):
    proposal = a_submitted_proposal()
    Proposal.objects.filter(pk=proposal.pk).update(state=ProposalState.IN_REVIEW, screened_at=REVIEWED_AT)
    proposal.refresh_from_db()
    return a_review(proposal, rita_reviewer, state=ReviewState.IN_PROGRESS)


def test_reading_copy_is_asked_for_made_and_downloaded(client, review, rita_reviewer):
    client.force_login(rita_reviewer)

    response = client.post(url_of(review, "reading-copy-ask"))
    [job_page] = [response.url]
    waiting = client.get(url_of(review)).content.decode()
    job = run(job_page.strip("/").rpartition("/")[2])

    assert "Your PDF is being made" in waiting
    assert job.state == "done"
    assert job.result_url in client.get(url_of(review)).content.decode()
    pdf = b"".join(client.get(job.result_url).streaming_content)
    text = text_of(pdf)
    proposal = review.proposal
    for words in (
        proposal.title, proposal.site.name, "Scoring sheet", "Hardly answered.", "Answered fully and convincingly.",
        "Reading copy for Rita Reviewer", "numbers about small groups are protected", "Five-year budget",
    ):  # fmt: skip
        assert words in text
    assert [tax for tax in proposal.site.partners.values_list("ein", flat=True) if tax and tax in text] == []
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert list(opened.attachments) == []
    assert failures(pdf, "3a") == failures(pdf, "ua1") == []
    assert sound(pdf)


def test_reading_copy_of_the_same_facts_is_the_same_file(review):
    facts = facts_of(review, at=REVIEWED_AT)

    assert reading_pdf(facts) == reading_pdf(facts)


def test_reading_copy_is_for_its_reviewer_and_staff_until_its_time_is_over(
    client, review, rita_reviewer, rolf_reviewer, omar_officer, ana_applicant
):
    make_reading_copy(review, actor=rita_reviewer, at=REVIEWED_AT, progress=lambda *a: None, finish=lambda o: None)
    copy = ReadingCopy.objects.get()
    url = reverse("grants:reading-copy", args=[review.reference, copy.public_id])
    found = {}
    for each in (rita_reviewer, omar_officer, rolf_reviewer, ana_applicant):
        client.force_login(each)
        response = client.get(url)
        if response.streaming:
            list(response.streaming_content)
        found[each.name] = response.status_code

    assert list(found.values()) == [200, 200, 404, 404]
    client.force_login(rita_reviewer)
    with clock.at(REVIEWED_AT + KEPT_FOR + timedelta(minutes=1)):
        assert client.get(url).status_code == 404
        sweep(at=clock.now())
    assert not ReadingCopy.objects.exists()


def test_reading_copy_is_gone_for_who_stepped_back(client, review, rita_reviewer):
    make_reading_copy(review, actor=rita_reviewer, at=REVIEWED_AT, progress=lambda *a: None, finish=lambda o: None)
    url = reverse("grants:reading-copy", args=[review.reference, ReadingCopy.objects.get().public_id])
    job = ask_for_reading_copy(review, actor=rita_reviewer)
    REVIEW.perform(Review.objects.get(pk=review.pk), "recuse", actor=rita_reviewer, at=REVIEWED_AT, comment="Known.")
    client.force_login(rita_reviewer)

    assert client.get(url).status_code == 404
    assert run(str(job.pk)).state == "failed"


@pytest.mark.parametrize("state", [ReviewState.ASSIGNED, ReviewState.RECUSED])
def test_reading_copy_before_the_conflict_question_is_refused(state, rita_reviewer):
    review = a_review(ProposalFactory(state=ProposalState.IN_REVIEW), rita_reviewer, state=state)

    with refuses("Answer the conflict question first."):
        ask_for_reading_copy(review, actor=rita_reviewer)


# --- files of a blind round ---

NAMES = compiled(name_spellings("Harbor Promise", COALITION))


def word(text="What the school will do.", **about):
    document = docx.Document()
    for name, value in about.items():
        setattr(document.core_properties, name, value)
    document.add_paragraph().add_run(text[:5])
    document.paragraphs[-1].add_run(text[5:])
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


@pytest.mark.once
def test_file_without_author_opens_and_knows_nobody():
    clean = without_author(word(author="Miriam Okafor", title="Harbor Promise", comments="By M."), NAMES)

    opened = docx.Document(io.BytesIO(clean))
    assert opened.paragraphs[-1].text == "What the school will do."
    assert (opened.core_properties.author, opened.core_properties.title, opened.core_properties.comments) == (
        "",
        "",
        "",
    )
    with zipfile.ZipFile(io.BytesIO(clean)) as archive:
        assert {each.date_time[0] for each in archive.infolist()} == {1980}
        assert not [each for each in archive.namelist() if "thumbnail" in each]


@pytest.mark.once
@pytest.mark.parametrize(
    "content",
    [
        word("Harbor-Promise is our name, cut into runs."),
        word("Write to us: team@somewhere.example."),
        office(more=[("word/media/image1.png", b"PNG")]),
        office(more=[("word/comments.xml", b"<w:comments/>")]),
        office(more=[("word/_rels/document.xml.rels", b'<Relationship Target="http://x/harbor-promise"/>')]),
        b"PK not a zip",
    ],
    ids=["name", "address", "picture", "comments", "link", "broken"],
)
def test_file_that_tells_or_cannot_be_looked_through_is_kept_back(content):
    with pytest.raises(Refused, match="This file is kept back"):
        without_author(content, NAMES)
