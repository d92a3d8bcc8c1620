"""Fixtures of the reports' pages."""

import pytest


@pytest.fixture
def sign_in(client):
    """`sign_in(person)` gives the client that person's session."""

    def enter(person):
        client.force_login(person)
        return client

    return enter
