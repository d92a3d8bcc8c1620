"""A database that other processes can reach too, for tests that need more than one connection.

It is a copy of the run's own empty test database (a file on SQLite, a template on PostgreSQL), so its schema is there
in a moment, without a migration.
"""

import os
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connections

from tests.plugins.migrated import on_server


@pytest.fixture
def real_database(transactional_db, tmp_path):
    """The `DATABASE_URL` of a migrated, empty database, gone after the test."""
    connection = connections["default"]
    if connection.vendor == "sqlite":
        path = tmp_path / "portal.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(path)])
        yield f"sqlite:///{path}"
        return
    # A database is copied only while nobody is connected to it.
    connection.close()
    name = f"throughline_copy_{os.getpid()}"
    on_server(f'CREATE DATABASE "{name}" TEMPLATE "{connection.settings_dict["NAME"]}"')
    try:
        yield urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
    finally:
        on_server(f'DROP DATABASE "{name}" WITH (FORCE)')
