"""A job's page: who sees it, how it asks again while the job lives, and how it is called off."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from portal.jobs.domain import enqueue, run
from portal.jobs.enums import JobState
from portal.jobs.models import Job

NOON = datetime(2026, 10, 5, 16, 0, tzinfo=UTC)


@pytest.fixture
def job(ana_applicant, rings):
    return enqueue("book", actor=ana_applicant, key="1", title="Make a book")


@pytest.mark.parametrize("who", ["ana_applicant", "omar_officer", "ada_admin", "otto_auditor"])
def test_job_detail_for_its_maker_and_staff_is_shown(client, request, job, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(job.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("who", ["ben_colleague", "rita_reviewer", "sam_stranger"])
def test_job_detail_for_others_is_not_found(client, request, job, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(job.get_absolute_url()).status_code == 404
    assert client.post(reverse("jobs:job-cancel", args=[job.pk])).status_code == 404


def test_job_card_while_live_asks_again(client, ana_applicant, job):
    client.force_login(ana_applicant)
    card = client.get(job.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()

    assert f'hx-get="{job.get_absolute_url()}" hx-trigger="every 1s"' in card
    assert "<html" not in card


def test_job_card_when_done_stops_asking_and_links_to_the_result(client, ana_applicant, job, handler):
    handler("book", lambda job, progress: {"url": "/books/1/", "label": "Open the book"})
    run(str(job.pk))
    client.force_login(ana_applicant)
    card = client.get(job.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()

    assert "hx-get" not in card
    assert '<a class="btn btn-primary" href="/books/1/">Open the book</a>' in card


def test_job_page_when_failed_says_why_and_offers_no_cancel(client, ana_applicant, job):
    Job.objects.update(state=JobState.FAILED, failure="No figures yet.", finished_at=NOON)
    client.force_login(ana_applicant)
    page = client.get(job.get_absolute_url()).content.decode()

    assert "No figures yet." in page
    assert "Cancel this job" not in page


def test_job_cancel_by_its_maker_ends_it(client, ana_applicant, job):
    client.force_login(ana_applicant)

    response = client.post(reverse("jobs:job-cancel", args=[job.pk]), follow=True)

    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert "The job is cancelled." in response.content.decode()


def test_job_cancel_by_an_auditor_says_why_not(client, otto_auditor, job):
    client.force_login(otto_auditor)

    response = client.post(reverse("jobs:job-cancel", args=[job.pk]), follow=True)

    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    assert "Only the person who started this job" in response.content.decode()


def test_job_cancel_by_get_is_not_allowed(client, ana_applicant, job):
    client.force_login(ana_applicant)

    assert client.get(reverse("jobs:job-cancel", args=[job.pk])).status_code == 405


def test_job_detail_costs_a_fixed_number_of_queries(client, ana_applicant, job, django_assert_max_num_queries):
    client.force_login(ana_applicant)
    client.get(job.get_absolute_url())

    with django_assert_max_num_queries(5):
        client.get(job.get_absolute_url())
