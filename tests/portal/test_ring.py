"""The workers' bell and the cache while Redis is frozen: accepts connections and never answers (kill -STOP)."""

import socket
import time

import pytest
from celery import Celery, current_app
from django.core.cache import caches
from django.urls import reverse

from portal import breaker
from portal.mail.enums import MessageState
from portal.mail.models import Message
from portal.ring import bell

# On a machine that is busy with other things; to wait for Redis each time would take many times as long.
WORST_REQUEST = 6  # seconds


@pytest.fixture(autouse=True)
def _closed_breaker():
    breaker.redis.reset()
    yield
    breaker.redis.reset()


@pytest.fixture
def frozen():
    """The port of a server whose backlog takes every connection, and which says nothing on any."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield server.getsockname()[1]


@pytest.fixture
def frozen_broker(frozen, settings):
    """Celery as the settings make it, but with the broker frozen."""
    usual = current_app._get_current_object()
    app = Celery("frozen", set_as_current=True)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.conf.broker_url = f"redis://127.0.0.1:{frozen}/0"
    yield app
    app.close()
    usual.set_current()


@pytest.fixture
def frozen_cache(frozen, settings):
    """The cache of the settings, frozen as well."""
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": f"redis://127.0.0.1:{frozen}/0"}}
    return caches["default"]


def _seconds(act):
    start = time.monotonic()
    answer = act()
    return answer, time.monotonic() - start


def test_ring_at_a_frozen_broker_is_given_up_soon(frozen_broker):
    rung, seconds = _seconds(lambda: bell.ring("portal.jobs.tasks.run", job_id="1"))

    assert not rung
    assert seconds < WORST_REQUEST


def test_ring_after_a_failure_costs_nothing_for_a_while(frozen_broker):
    bell.ring("portal.jobs.tasks.run", job_id="1")

    rung, seconds = _seconds(lambda: [bell.ring("portal.jobs.tasks.run", job_id=str(n)) for n in range(100)])

    assert not any(rung)
    assert seconds < WORST_REQUEST


def test_ring_after_the_pause_asks_again(frozen_broker, monkeypatch):
    monkeypatch.setattr(breaker, "PAUSE", 0.0)
    bell.ring("portal.jobs.tasks.run", job_id="1")

    assert not breaker.redis.open


def test_ring_at_a_broker_that_is_gone_is_given_up_soon(frozen_broker):
    frozen_broker.conf.broker_url = "redis://127.0.0.1:1/0"

    rung, seconds = _seconds(lambda: bell.ring("portal.jobs.tasks.run", job_id="1"))

    assert not rung
    assert seconds < WORST_REQUEST


def test_ring_at_the_real_broker_arrives(settings):
    assert bell.ring("portal.jobs.tasks.run", job_id="1")


def test_cache_that_is_frozen_misses_and_waits_once(frozen_cache):
    def use():
        frozen_cache.set("a", 1)
        return [frozen_cache.get("a", "nothing") for _ in range(50)]

    answers, seconds = _seconds(use)

    assert answers == ["nothing"] * 50
    assert seconds < WORST_REQUEST


def test_request_that_rings_while_redis_is_frozen_is_answered_in_time(
    client, omar_officer, settings, frozen_broker, frozen_cache, django_capture_on_commit_callbacks
):
    settings.EMAIL_URL = "smtp://mail.example"
    message = Message.objects.create(
        to="a@b.example", subject="Hello", template="x", state=MessageState.FAILED, failure="Nobody there."
    )
    client.force_login(omar_officer)

    def post():
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(reverse("mail:message-send-again", args=[message.pk]))

    response, seconds = _seconds(post)

    message.refresh_from_db()
    assert (response.status_code, message.state) == (302, MessageState.QUEUED)
    assert seconds < WORST_REQUEST
