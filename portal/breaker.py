"""Leaving a server alone that has just failed to answer, so that a frozen one costs a process one wait and not many."""

import time

# Seconds before the server is asked again.
PAUSE = 5.0


class Breaker:
    """One per server and process. `open` after a failure for `PAUSE` seconds, in which callers do without."""

    def __init__(self) -> None:
        self._closes_at = 0.0

    @property
    def open(self) -> bool:
        """Whether the server failed so recently that asking it again would only cost time."""
        return time.monotonic() < self._closes_at

    def trip(self) -> None:
        """Note that the server failed just now."""
        self._closes_at = time.monotonic() + PAUSE

    def reset(self) -> None:
        """Ask again at once."""
        self._closes_at = 0.0


# Broker and cache are one server.
redis = Breaker()
