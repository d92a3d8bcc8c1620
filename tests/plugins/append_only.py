"""Lets transactional tests empty tables that are append-only, and gives the next test what the migrations had written.

Django ends such a test by flushing every table. The triggers would refuse that, and rows that migrations wrote (the
head of the activity log's chain, the core components) would be missing afterwards. So flushing, the one door through
which the test runner empties tables, lifts the triggers inside its own transaction, and puts those rows back.
"""

import json
from contextlib import contextmanager

from django.core import serializers
from django.db import transaction
from django.db.backends.base.creation import BaseDatabaseCreation
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.sqlite3.creation import DatabaseCreation as SqliteCreation

from portal.activity.triggers import PREFIX
from tests.plugins import migrated

# Django writes these anew after every flush by itself.
_DJANGO_WRITES = {"contenttypes.contenttype", "auth.permission"}
_written_by_migrations = {}
_create_test_db = BaseDatabaseCreation.create_test_db
_execute_sql_flush = BaseDatabaseOperations.execute_sql_flush
_begin_sqlite = SqliteCreation._create_test_db


def create_test_db(self, *args, **kwargs):
    """Begin with a copy of the migrated database and remember what its migrations wrote."""
    if self.connection.vendor == "postgresql":
        self.connection.settings_dict["TEST"]["TEMPLATE"] = migrated.postgresql()
    name = _create_test_db(self, *args, **kwargs)
    rows = json.loads(self.serialize_db_to_string())
    _written_by_migrations[self.connection.alias] = [row for row in rows if row["model"] not in _DJANGO_WRITES]
    return name


def begin_sqlite(self, *args, **kwargs):
    """Put the migrated database where Django has made room for its own."""
    name = _begin_sqlite(self, *args, **kwargs)
    migrated.copy_sqlite(name)
    return name


def execute_sql_flush(self, sql_list):
    """Empty the tables with their triggers lifted, and write the migrations' rows again."""
    alias = self.connection.alias
    with transaction.atomic(using=alias), lifted(self.connection):
        _execute_sql_flush(self, sql_list)
        for row in serializers.deserialize("python", _written_by_migrations.get(alias, []), using=alias):
            row.save(using=alias)


@contextmanager
def lifted(connection):
    """Take the append-only triggers away inside the block, as only the owner of the database can. In a transaction."""
    lift = _lift_postgresql if connection.vendor == "postgresql" else _lift_sqlite
    with connection.cursor() as cursor:
        put_back = lift(cursor)
    yield
    with connection.cursor() as cursor:
        for statement in put_back:
            cursor.execute(statement)


def _lift_postgresql(cursor):
    # A table cannot be altered while constraints on it wait for the commit.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute(
        "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND starts_with(tgname, %s)",
        [PREFIX],
    )
    tables = [table for (table,) in cursor.fetchall()]
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    return [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]


def _lift_sqlite(cursor):
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND instr(name, %s) = 1", [PREFIX])
    triggers = cursor.fetchall()
    for name, _ in triggers:
        cursor.execute(f"DROP TRIGGER {name}")
    return [statement for _, statement in triggers]


BaseDatabaseCreation.create_test_db = create_test_db
SqliteCreation._create_test_db = begin_sqlite
BaseDatabaseOperations.execute_sql_flush = execute_sql_flush
