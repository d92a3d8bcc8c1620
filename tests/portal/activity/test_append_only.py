"""What the database itself refuses, on SQLite and PostgreSQL alike."""

import sqlite3
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from portal.activity.domain import record
from portal.activity.models import Entry
from portal.activity.triggers import REFUSAL, AppendOnly, expected, standing
from portal.documents.models import Document

NOON = datetime(2026, 10, 5, 16, 0, tzinfo=UTC)
only_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="INSERT OR REPLACE is SQLite's")
only_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="TRUNCATE is PostgreSQL's")


@pytest.fixture
def entry(omar_officer):
    return record(omar_officer, "greet", actor=omar_officer, at=NOON, summary="Greeted.")


def _refused(statement):
    with pytest.raises(IntegrityError, match=REFUSAL), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return True


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE activity_entry SET summary = 'Nothing happened.'",
        "UPDATE activity_entry SET hash = hash",
        "DELETE FROM activity_entry",
        # Constraints that wait for the commit would refuse a TRUNCATE before the trigger does.
        pytest.param("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE activity_entry", marks=only_postgresql),
        pytest.param("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE accounts_user CASCADE", marks=only_postgresql),
        pytest.param("INSERT OR REPLACE INTO activity_entry SELECT * FROM activity_entry", marks=only_sqlite),
        pytest.param(
            "INSERT OR REPLACE INTO activity_entry SELECT 2, at, actor_label, verb, noun, subject_pk, reference, "
            "summary, facts, previous_hash, 'x', actor_id FROM activity_entry",
            marks=only_sqlite,
        ),
    ],
)
def test_entry_tampered_with_is_refused(entry, statement):
    assert _refused(statement)
    assert Entry.objects.get().summary == "Greeted."


def test_entry_saved_again_is_refused(entry):
    entry.summary = "Nothing happened."

    with pytest.raises(IntegrityError, match=REFUSAL), transaction.atomic():
        entry.save()


def test_entry_deleted_by_the_orm_is_refused(entry):
    with pytest.raises(IntegrityError, match=REFUSAL), transaction.atomic():
        entry.delete()


def _kept_append_only():
    """Every model a migration of the portal wants kept, in whatever app."""
    migrations = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return {
        apps.get_model(label, operation.model_name)
        for (label, _), migration in migrations.items()
        for operation in migration.operations
        if isinstance(operation, AppendOnly)
    }


@pytest.mark.django_db
def test_triggers_after_all_migrations_stand():
    """SQLite drops the triggers of a table that a later migration rebuilds."""
    kept = _kept_append_only()

    assert {Entry, Document} <= kept
    assert {model: expected(connection, model) - standing(connection) for model in kept} == {
        model: set() for model in kept
    }


@only_sqlite
@pytest.mark.django_db(transaction=True)
def test_entry_replaced_by_another_program_is_refused(entry):
    """Another program opens the file without the portal's pragmas, so that DELETE triggers sleep during REPLACE."""
    with sqlite3.connect(connection.settings_dict["NAME"], uri=True) as beside:
        assert beside.execute("PRAGMA recursive_triggers").fetchone() == (0,)
        with pytest.raises(sqlite3.IntegrityError, match=REFUSAL):
            beside.execute("INSERT OR REPLACE INTO activity_entry SELECT * FROM activity_entry")
    beside.close()
