"""The book of a docket: asked for, made by a worker, downloaded by staff, and what is said once the docket changes."""

from datetime import timedelta

import pytest
from django.urls import reverse

import grants.tasks  # noqa: F401  registers the handler
from grants.domain.docket_line import share_awards
from grants.models import Docket, DocketBook
from portal import clock
from portal.activity.models import Entry
from portal.jobs.domain import run
from portal.jobs.models import Job
from tests.factories.dockets import DECIDED_AT, a_docket, a_reviewed_proposal
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _an_hour_later():
    with clock.at(DECIDED_AT + timedelta(hours=1)):
        yield


@pytest.fixture
def docket(omar_officer):
    return a_docket(a_reviewed_proposal(site=a_site(name="Harbor Promise")).round, officer=omar_officer)


def url_of(docket, name="docket-detail", *more):
    return reverse(f"grants:{name}", args=[docket.reference, *more])


def test_book_is_made_once_for_a_version_and_served_to_staff(
    client, docket, omar_officer, dina_director, ana_applicant
):
    client.force_login(omar_officer)
    client.post(url_of(docket, "docket-book"))
    assert "The book is being made." in client.get(url_of(docket)).content.decode()

    job = run(str(Job.objects.get(kind="docket-book").pk))
    client.post(url_of(docket, "docket-book"))

    book = DocketBook.objects.get()
    assert (job.state, job.outcome["url"]) == ("done", url_of(docket, "docket-book-file", 1))
    assert (book.docket_version, book.made_by, book.document.issued) == (1, omar_officer, True)
    assert Entry.objects.of(docket).first().verb == "make_book"
    assert Job.objects.filter(kind="docket-book").count() == 1
    assert "as it stands" in client.get(url_of(docket)).content.decode()
    client.force_login(dina_director)
    response = client.get(job.outcome["url"])
    assert response["Content-Type"] == "application/pdf"
    assert b"".join(response.streaming_content).startswith(b"%PDF-1.7")
    client.force_login(ana_applicant)
    assert client.get(job.outcome["url"]).status_code == 404

    share_awards(docket, percent=90, actor=omar_officer, at=DECIDED_AT)
    client.force_login(omar_officer)
    text = client.get(url_of(docket)).content.decode()
    assert "The docket changed since its last book was made." in text
    assert "Make the book of this version" in text
    assert client.get(url_of(docket, "docket-book-file", 2)).status_code == 404


def test_book_asked_for_before_a_change_is_of_the_docket_as_it_stands(docket, client, omar_officer):
    client.force_login(omar_officer)
    client.post(url_of(docket, "docket-book"))
    share_awards(docket, percent=90, actor=omar_officer, at=DECIDED_AT)

    job = run(str(Job.objects.get(kind="docket-book").pk))

    assert DocketBook.objects.get().docket_version == Docket.objects.get().version == 2
    assert job.outcome["url"] == url_of(docket, "docket-book-file", 2)
