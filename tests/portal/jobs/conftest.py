"""Handlers that exist for one test."""

import pytest

from portal.jobs import handlers


@pytest.fixture
def handler(monkeypatch):
    """Register handlers for one test: `handler("kind", function)`."""
    monkeypatch.setattr(handlers, "_handlers", {})

    def register(kind, run, **options):
        handlers.handles(kind, **options)(run)
        return run

    return register
