"""Fixtures of the portal apps' tests."""

import pytest

from portal import ring


@pytest.fixture
def rings(monkeypatch):
    """What the workers' bell was rung for, as (task, facts), with no broker behind it."""
    heard = []

    def hear(task, **kwargs):
        heard.append((task, kwargs))
        return True

    monkeypatch.setattr(ring.bell, "ring", hear)
    return heard
