"""What a worker does with a job: one worker at a time, a lease that runs out, an end that is written once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from portal import clock
from portal.activity.domain import allocate
from portal.activity.models import Counter
from portal.jobs.domain import JobFailed, LeaseLost, cancel, enqueue, run, sweep
from portal.jobs.domain.sweeper import RING_AGAIN
from portal.jobs.enums import JobState
from portal.jobs.handlers import LEASE
from portal.jobs.models import Job
from portal.jobs.tasks import run as run_task

NOON = datetime(2026, 10, 5, 16, 0, tzinfo=UTC)
LATER = NOON + LEASE + timedelta(seconds=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def job(rings):
    with clock.at(NOON):
        return enqueue("book", actor=None, key="1", title="Make a book")


def _die(job, progress):
    """Stands for kill -9: nothing after it runs in this worker, not even the giving back."""
    raise SystemExit


def test_run_does_the_job_and_writes_the_end(job, handler):
    handler("book", lambda job, progress: {"url": "/books/1/", "pages": 12})

    with clock.at(NOON):
        run(str(job.pk))

    job.refresh_from_db()
    assert (job.state, job.outcome, job.attempts) == (JobState.DONE, {"url": "/books/1/", "pages": 12}, 1)
    assert (job.started_at, job.finished_at, job.lease_token) == (NOON, NOON, None)


def test_run_twice_does_it_once(job, handler):
    calls = []
    handler("book", lambda job, progress: calls.append(job.pk) or {})

    assert run(str(job.pk)).state == JobState.DONE
    assert run(str(job.pk)) is None
    assert calls == [job.pk]


def test_run_while_another_worker_has_it_does_nothing(job, handler):
    seen = []

    def work(job, progress):
        seen.append(run(str(job.pk)))
        return {}

    handler("book", work)
    run(str(job.pk))

    assert seen == [None]


def test_run_of_no_job_does_nothing(handler):
    assert run("00000000-0000-0000-0000-000000000000") is None


def test_progress_shows_counts_and_renews_the_lease(job, handler):
    seen = []

    def work(job, progress):
        with clock.at(NOON + timedelta(seconds=50)):
            progress(3, 12, "Page 3")
        seen.append(Job.objects.values("state", "done", "total", "message", "lease_until").get())
        return {}

    handler("book", work)
    with clock.at(NOON):
        run(str(job.pk))

    lease_until = NOON + timedelta(seconds=50) + LEASE
    assert seen == [{"state": "running", "done": 3, "total": 12, "message": "Page 3", "lease_until": lease_until}]


def test_run_with_a_longer_lease_keeps_it(job, handler):
    seen = []
    handler(
        "book",
        lambda job, progress: seen.append(job.lease_until) or {},
        lease=timedelta(minutes=10),
    )
    with clock.at(NOON):
        run(str(job.pk))

    assert seen == [NOON + timedelta(minutes=10)]


def test_progress_after_cancel_stops_the_worker(job, handler, omar_officer):
    after = []

    def work(job, progress):
        cancel(job, actor=omar_officer, at=NOON)
        progress(1, 2)
        after.append("went on")
        return {}

    handler("book", work)
    ended = run(str(job.pk))

    assert (ended.state, after) == (JobState.CANCELLED, [])


@pytest.mark.django_db(transaction=True)
def test_finish_after_the_lease_was_lost_rolls_the_result_back(job, handler):
    """Two workers on one job: the first came back after its lease had run out, and its result must not count twice."""
    depth = []

    def work(job, progress):
        depth.append(1)
        if len(depth) == 1:
            with clock.at(LATER):
                run(str(job.pk))
        with transaction.atomic():
            allocate("book", 2026)
            progress.finish({"by": len(depth)})
        return {}

    handler("book", work)
    with clock.at(NOON):
        ended = run(str(job.pk))

    assert (ended.state, ended.attempts, len(depth)) == (JobState.DONE, 2, 2)
    assert Counter.objects.get().last == 1


def test_finish_keeps_its_outcome_over_what_the_handler_returns(job, handler):
    def work(job, progress):
        progress(1, 4)
        progress.finish({"kept": True})
        return {"kept": False}

    handler("book", work)
    ended = run(str(job.pk))

    assert (ended.outcome, ended.done, ended.total) == ({"kept": True}, 4, 4)


def test_handler_that_gives_up_ends_the_job_with_its_sentence(job, handler):
    def work(job, progress):
        raise JobFailed("The report has no figures yet.")

    handler("book", work)
    ended = run(str(job.pk))

    assert (ended.state, ended.failure, ended.attempts) == (JobState.FAILED, "The report has no figures yet.", 1)


def test_handler_that_breaks_gets_another_attempt_later(job, handler, rings):
    def work(job, progress):
        raise ZeroDivisionError

    handler("book", work)
    rings.clear()
    with clock.at(NOON), pytest.raises(ZeroDivisionError):
        run(str(job.pk))
    job.refresh_from_db()

    assert (job.state, job.attempts, job.lease_token) == (JobState.QUEUED, 1, None)
    assert sweep(at=NOON + RING_AGAIN - timedelta(seconds=1)) == 0
    assert sweep(at=NOON + RING_AGAIN) == 1
    assert rings == [("portal.jobs.tasks.run", {"job_id": str(job.pk)})]


def test_handler_that_always_breaks_fails_with_a_sentence(job, handler):
    def work(job, progress):
        raise ZeroDivisionError

    handler("book", work)
    for _ in range(Job.MAX_ATTEMPTS):
        with pytest.raises(ZeroDivisionError):
            run(str(job.pk))
    job.refresh_from_db()

    assert (job.state, job.attempts) == (JobState.FAILED, Job.MAX_ATTEMPTS)
    assert job.failure.startswith("This did not work, though we tried 5 times.")
    assert run(str(job.pk)) is None


def test_worker_that_died_loses_the_job_when_its_lease_runs_out(job, handler, rings):
    handler("book", _die)
    with clock.at(NOON), pytest.raises(SystemExit):
        run(str(job.pk))

    rings.clear()
    assert sweep(at=NOON + LEASE) == 0
    with clock.at(LATER):
        assert sweep(at=LATER) == 1
        assert sweep(at=LATER) == 0
    assert rings == [("portal.jobs.tasks.run", {"job_id": str(job.pk)})]


def test_job_of_a_dead_worker_is_done_by_the_next(job, handler):
    lives = []

    def work(job, progress):
        lives.append(1)
        if len(lives) == 1:
            raise SystemExit
        return {"life": len(lives)}

    handler("book", work)
    with clock.at(NOON), pytest.raises(SystemExit):
        run(str(job.pk))
    with clock.at(LATER):
        ended = run(str(job.pk))

    assert (ended.state, ended.outcome, ended.attempts, ended.started_at) == (JobState.DONE, {"life": 2}, 2, NOON)


def test_job_that_kills_every_worker_fails_with_a_sentence(job, handler):
    handler("book", _die)
    moment = NOON
    for _ in range(Job.MAX_ATTEMPTS):
        with clock.at(moment), pytest.raises(SystemExit):
            run(str(job.pk))
        moment += LEASE + timedelta(seconds=1)
    with clock.at(moment):
        assert run(str(job.pk)) is None
    assert sweep(at=moment) == 0

    job.refresh_from_db()
    assert (job.state, job.finished_at) == (JobState.FAILED, moment)
    assert job.failure.startswith("This did not work, though we tried 5 times.")


def test_job_of_an_unknown_kind_is_left_for_a_newer_worker(job, handler):
    with pytest.raises(KeyError):
        run(str(job.pk))

    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.QUEUED, 0)


def test_second_handler_of_a_kind_is_refused(handler):
    handler("book", lambda job, progress: {})

    with pytest.raises(ValueError, match="Two handlers"):
        handler("book", lambda job, progress: {})


def test_sweep_rings_for_a_job_whose_ring_was_lost(job, rings):
    rings.clear()
    assert sweep(at=NOON + RING_AGAIN) == 1
    assert sweep(at=NOON + RING_AGAIN) == 0
    assert sweep(at=NOON + 2 * RING_AGAIN) == 1


def test_sweep_stops_at_a_broker_that_is_down(job, monkeypatch):
    monkeypatch.setattr("portal.ring.bell.ring", lambda task, **kwargs: False)

    assert sweep(at=NOON + RING_AGAIN) == 0
    job.refresh_from_db()
    assert job.rung_at == NOON


def test_run_task_runs_the_job(job, handler):
    handler("book", lambda job, progress: {})

    run_task.apply(kwargs={"job_id": str(job.pk)}).get()

    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_lease_lost_is_no_error_of_the_worker(job, handler):
    def work(job, progress):
        raise LeaseLost

    handler("book", work)

    assert run(str(job.pk)).state == JobState.RUNNING
