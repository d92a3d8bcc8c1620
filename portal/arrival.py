"""When a request reached this machine: told by the web server to whoever serves it, however long it waited for a turn."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

_reached: ContextVar[datetime | None] = ContextVar("request_reached_us", default=None)


def reached() -> datetime | None:
    """The instant the request being served reached us; None where the web server did not say."""
    return _reached.get()


@contextmanager
def at(moment: datetime | None) -> Iterator[None]:
    """Serve a request that reached us at `moment` inside the block."""
    token = _reached.set(moment)
    try:
        yield
    finally:
        _reached.reset(token)
