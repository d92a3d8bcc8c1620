"""Real workers, killed and frozen: every job is done, each of them once."""

import os
import signal
import subprocess
import sys
import time

import pytest
from celery import Celery, current_app
from django.db import connection

from portal import breaker, clock, valkey
from portal.activity.models import Counter
from portal.jobs.domain import sweep, sweeper
from portal.jobs.enums import JobState
from portal.jobs.models import Job
from tests.portal.jobs.steady import SERIES, ask

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
PATIENCE = 240  # seconds, for a machine that is busy with other things
# On a machine that is busy with other things; to wait for Redis each time would take many times as long.
WORST_REQUEST = 6  # seconds


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """Sweep at once and ask a broker that failed again at once; what is tested is that nothing is lost."""
    monkeypatch.setattr(sweeper, "RING_AGAIN", sweeper.timedelta(seconds=1))
    monkeypatch.setattr(breaker, "PAUSE", 0.2)
    breaker.redis.reset()


class Broker:
    """A Valkey of our own, which remembers nothing and may be frozen and killed."""

    def __init__(self, folder):
        self.folder = folder
        self.socket = folder / "valkey.sock"
        self.url = f"unix://{self.socket}?db=0"
        self.start()

    def start(self):
        self.process = subprocess.Popen(valkey.command(self.folder, persist=False), stdout=subprocess.DEVNULL)
        _wait_for(self.socket.exists)

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.socket.unlink()

    def freeze(self):
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)


@pytest.fixture
def broker(tmp_path_factory):
    """The broker, with this process's Celery talking to it."""
    made = Broker(tmp_path_factory.mktemp("v"))
    usual = current_app._get_current_object()
    app = Celery("beside", set_as_current=True)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.conf.broker_url = f"redis+socket://{made.socket}?virtual_host=0"
    yield made
    app.close()
    usual.set_current()
    made.kill()


@pytest.fixture
def workers(broker):
    """Starts worker processes on the test database; they are gone after the test."""
    begun = []

    def start():
        worker = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "portal", "worker", "-c", "2", "-I", "tests.portal.jobs.steady",
             "--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "critical"],
            env={**os.environ, "DATABASE_URL": _database_url(), "REDIS_URL": broker.url},
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        begun.append(worker)
        return worker

    yield start
    for worker in begun:
        _kill(worker)


def _database_url():
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    password = f":{values['PASSWORD']}" if values["PASSWORD"] else ""
    return f"postgres://{values['USER']}{password}@{values['HOST']}:{values['PORT']}/{values['NAME']}"


def _kill(worker):
    """The worker and its children, without a word."""
    if worker.poll() is None:
        os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def _wait_for(happened, seconds=PATIENCE):
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "It did not happen in time."
        time.sleep(0.1)


def _all_done():
    sweep(at=clock.now())
    return not Job.objects.exclude(state=JobState.DONE).exists()


def _drawn():
    prefix, year = SERIES
    return Counter.objects.get(prefix=prefix, year=year).last


def _held():
    """The leases that stand, those of workers that were killed included."""
    return set(Job.objects.filter(state=JobState.RUNNING).values_list("lease_token", flat=True))


def _caught(worker, before):
    """Whether the worker stands frozen in the midst of a job that it took; otherwise it goes on."""
    sweep(at=clock.now())
    if not _held() - before:
        return False
    os.killpg(worker.pid, signal.SIGSTOP)
    if _held() - before:
        return True
    os.killpg(worker.pid, signal.SIGCONT)
    return False


def test_jobs_whose_workers_are_killed_are_each_done_once(workers):
    ask(12)
    for _ in range(3):
        before, worker = _held(), workers()
        _wait_for(lambda before=before, worker=worker: _caught(worker, before))
        _kill(worker)
    workers()
    _wait_for(_all_done)

    numbers = {job.outcome["number"] for job in Job.objects.all()}
    assert (len(numbers), _drawn()) == (12, 12)
    assert max(Job.objects.values_list("attempts", flat=True)) > 1


def test_jobs_asked_for_while_the_broker_is_frozen_are_done_when_it_wakes(workers, broker):
    workers()
    ask(1)
    _wait_for(_all_done)
    broker.freeze()

    worst = 0.0
    for n in range(1, 7):
        start = time.monotonic()
        ask(n, first=n * 10)
        worst = max(worst, time.monotonic() - start)
    broker.thaw()
    _wait_for(_all_done)

    assert worst < WORST_REQUEST
    assert (Job.objects.count(), _drawn()) == (22, 22)


def test_jobs_asked_for_while_the_broker_is_gone_are_done_when_another_comes(workers, broker):
    workers()
    ask(4)
    broker.kill()
    ask(4, first=10)
    broker.start()
    _wait_for(_all_done)

    assert (Job.objects.count(), _drawn()) == (8, 8)
