"""Ringing the workers' bell: a Celery message that may get lost, sent quickly or not at all.

Rows are the truth and a sweep finds what was not rung for, so a broker that is down, or frozen, must cost the
request that rings next to nothing.
"""

from __future__ import annotations

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from portal import breaker

logger = logging.getLogger(__name__)


class Bell:
    """Sends messages to the workers; keeps quiet while the broker's breaker is open."""

    def ring(self, task: str, **kwargs: str) -> bool:
        """Publish the named Celery task now. Returns whether the broker took it; never raises, never waits long."""
        if breaker.redis.open:
            return False
        try:
            current_app.send_task(task, kwargs=kwargs, retry=False)
        except (OperationalError, RedisError, OSError) as error:
            breaker.redis.trip()
            logger.warning("The broker did not take %s: %s. The sweep will ring again.", task, error)
            return False
        return True


bell = Bell()


def ring_on_commit(task: str, **kwargs: str) -> None:
    """Ring when the caller's transaction commits, or now when there is none."""
    transaction.on_commit(lambda: bell.ring(task, **kwargs), robust=True)
