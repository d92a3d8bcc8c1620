"""Which function does which kind of job; apps register theirs in `tasks.py`, where only workers look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

# How long a worker may be silent before its job counts as abandoned. `progress()` starts the time again.
LEASE = timedelta(seconds=60)

Handler = Callable[[Any, Any], dict[str, Any]]


class JobFailed(Exception):
    """Raised by a handler that cannot succeed however often it is tried; its text is shown to the person waiting."""


class LeaseLost(Exception):
    """The job was cancelled, or another worker took it over: stop, and let the transaction roll back."""


@dataclass(frozen=True)
class Registered:
    """A handler with the silence it is allowed."""

    run: Handler
    lease: timedelta


_handlers: dict[str, Registered] = {}


def handles(kind: str, *, lease: timedelta = LEASE) -> Callable[[Handler], Handler]:
    """Register the decorated `(job, progress) -> dict` for one kind of job.

    The handler may run more than once for the same job (a killed worker), so it must be idempotent. What it returns
    becomes the job's outcome; `{"url": "/…", "label": "…"}` is shown as a link. Raises ValueError for a second one.
    """

    def register(run: Handler) -> Handler:
        if kind in _handlers:
            raise ValueError(f"Two handlers for jobs of the kind {kind}.")
        _handlers[kind] = Registered(run, lease)
        return run

    return register


def handler_of(kind: str) -> Registered:
    """The handler of a kind; raises KeyError when none is registered."""
    return _handlers[kind]
