"""Asking for work and calling it off: rows that commit with their cause, one live job a key, one ring a job."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from portal.access import Refused
from portal.activity.models import Entry
from portal.jobs.domain import cancel, enqueue
from portal.jobs.enums import JobState
from portal.jobs.models import Job

NOON = datetime(2026, 10, 5, 16, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_enqueue_writes_a_waiting_job(omar_officer, rings):
    job = enqueue("report-pdf", actor=omar_officer, key="R-1", report="R-1", amount=Decimal("1.50"))

    stored = Job.objects.get()
    assert (stored.pk, stored.state, stored.title) == (job.pk, JobState.QUEUED, "Report pdf")
    assert stored.facts == {"report": "R-1", "amount": "1.50"}
    assert stored.created_by == omar_officer


def test_enqueue_rings_when_the_transaction_commits(rings, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = enqueue("report-pdf", actor=None, key="R-1")
        assert rings == []

    assert rings == [("portal.jobs.tasks.run", {"job_id": str(job.pk)})]


def test_enqueue_rolled_back_leaves_nothing(rings, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        enqueue("report-pdf", actor=None, key="R-1")
        transaction.set_rollback(True)

    assert (Job.objects.count(), rings) == (0, [])


@pytest.mark.parametrize(
    "live", [{}, {"state": "running", "lease_token": "0" * 32, "lease_until": NOON, "started_at": NOON}]
)
def test_enqueue_same_key_while_live_returns_the_first(live, rings, django_capture_on_commit_callbacks):
    first = enqueue("report-pdf", actor=None, key="R-1", report="first")
    Job.objects.update(**live)

    with django_capture_on_commit_callbacks(execute=True):
        second = enqueue("report-pdf", actor=None, key="R-1", report="second")

    assert (second.pk, second.facts, Job.objects.count(), rings) == (first.pk, {"report": "first"}, 1, [])


def test_enqueue_same_key_after_the_end_makes_another(omar_officer, rings):
    first = enqueue("report-pdf", actor=omar_officer, key="R-1")
    cancel(first, actor=omar_officer, at=NOON)

    assert enqueue("report-pdf", actor=omar_officer, key="R-1").pk != first.pk


def test_enqueue_same_key_of_another_kind_makes_another(rings):
    enqueue("report-pdf", actor=None, key="R-1")
    enqueue("report-csv", actor=None, key="R-1")

    assert Job.objects.count() == 2


def test_cancel_by_its_maker_ends_it_and_is_logged(ana_applicant, rings):
    job = enqueue("report-pdf", actor=ana_applicant, key="R-1")

    cancel(job, actor=ana_applicant, at=NOON)

    job.refresh_from_db()
    assert (job.state, job.finished_at) == (JobState.CANCELLED, NOON)
    assert Entry.objects.get().summary == "Cancelled the job “Report pdf”."


@pytest.mark.parametrize("who", ["sam_stranger", "otto_auditor", "fay_finance"])
def test_cancel_by_others_is_refused(request, ana_applicant, rings, who):
    job = enqueue("report-pdf", actor=ana_applicant, key="R-1")

    with pytest.raises(Refused, match="Only the person who started this job"):
        cancel(job, actor=request.getfixturevalue(who), at=NOON)


def test_cancel_of_what_is_over_is_refused(ana_applicant, rings):
    job = enqueue("report-pdf", actor=ana_applicant, key="R-1")
    cancel(job, actor=ana_applicant, at=NOON)

    with pytest.raises(Refused, match="This job is over: it is cancelled"):
        cancel(job, actor=ana_applicant, at=NOON)


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "lost"},
        {"state": "running"},
        {"state": "running", "lease_token": "0" * 32, "lease_until": NOON},
        {"lease_token": "0" * 32, "lease_until": NOON},
        {"finished_at": NOON},
        {"state": "done", "started_at": NOON},
        {"state": "done", "finished_at": NOON},
        {"state": "failed", "finished_at": NOON},
        {"failure": "No reason."},
        {"done": 2, "total": 1},
    ],
)
def test_job_that_contradicts_itself_is_refused_by_the_database(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind="report-pdf", key="R-1", title="Report", **wrong)


@pytest.mark.parametrize(
    ("outcome", "url"),
    [
        ({}, ""),
        ({"url": "/reports/1/"}, "/reports/1/"),
        ({"url": "https://elsewhere.example/"}, ""),
        ({"url": "//elsewhere.example/"}, ""),
        ({"url": "javascript:alert(1)"}, ""),
    ],
)
def test_result_url_leads_into_the_portal_only(outcome, url):
    assert Job(outcome=outcome).result_url == url
