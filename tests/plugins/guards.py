"""Holds every test to the rules of the house: a GET writes nothing, and nobody leaves this machine."""

import re
import socket

import pytest
from django.db import connection

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|TRUNCATE|CREATE|ALTER|DROP)\b", re.IGNORECASE)
# What a visit itself leaves behind: the session, which device it came from, and that recovery codes were shown (once).
OF_THE_VISIT = ("django_session", "usersessions_usersession", '"mfa_authenticator" SET')
_SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
_LOCAL = ("127.", "::1", "localhost", "0.0.0.0")


class WroteOnGet(AssertionError):
    """A request that must only read has written."""


class ReadOnlyGets:
    """Middleware of the tests: refuses, at the SQL level, every write while a safe request is answered."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in _SAFE:
            return self.get_response(request)
        with connection.execute_wrapper(_refuse_writes):
            return self.get_response(request)


def _refuse_writes(execute, sql, params, many, context):
    if WRITES.match(sql) and not any(table in sql for table in OF_THE_VISIT):
        raise WroteOnGet(sql)
    return execute(sql, params, many, context)


@pytest.fixture(autouse=True)
def _gets_only_read(settings):
    settings.MIDDLEWARE = ["tests.plugins.guards.ReadOnlyGets", *settings.MIDDLEWARE]


@pytest.fixture(autouse=True)
def _nobody_leaves(monkeypatch):
    real = socket.socket.connect

    def connect(self, address):
        if self.family in {socket.AF_INET, socket.AF_INET6} and not str(address[0]).startswith(_LOCAL):
            raise AssertionError(f"A test tried to reach {address}.")
        return real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
