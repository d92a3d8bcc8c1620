"""Tables the database itself keeps append-only: the one module that knows which database it is talking to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations.base import Operation
from django.db.models import Model

# Both databases raise this as an IntegrityError.
REFUSAL = "append-only: rows of this table are never changed or removed"
PREFIX = "append_only_"
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {PREFIX}refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{REFUSAL} (%)', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


class AppendOnly(Operation):
    """Refuse UPDATE and DELETE on a model's table, on PostgreSQL also TRUNCATE, on SQLite also INSERT OR REPLACE.

    `when` is a SQL condition on the OLD row that limits this to some rows, such as `OLD.issued`; TRUNCATE is refused
    all the same. `once` names fields that may be filled in later, each a single time and for good. SQLite drops a
    table's triggers when a later migration rebuilds the table (most ALTERs do), so such a migration must end with this
    operation again; a test looks for the triggers after all migrations.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, model_name: str, when: str = "", once: Sequence[str] = ()) -> None:
        self.model_name = model_name
        self.when = when
        self.once = once

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The state of the models is not touched."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        self.database_backwards(app_label, schema_editor, from_state, to_state)
        for statement in _create(schema_editor.connection.vendor, model, self.when, self.once):
            schema_editor.execute(statement, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        for statement in _drop(schema_editor.connection.vendor, model):
            schema_editor.execute(statement, params=None)

    def describe(self) -> str:
        return f"Keep {self.model_name} append-only"

    @property
    def migration_name_fragment(self) -> str:
        return f"append_only_{self.model_name.lower()}"


def standing(connection: Any) -> set[str]:
    """The names of the append-only triggers this database has."""
    catalogue = {
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    }
    with connection.cursor() as cursor:
        cursor.execute(catalogue[connection.vendor])
        return {name for (name,) in cursor.fetchall() if name.startswith(PREFIX)}


def expected(connection: Any, model: type[Model]) -> set[str]:
    """The names of the triggers that keep this model's table."""
    return {_name(model, act) for act in _ACTS[connection.vendor]}


_ACTS = {"postgresql": ("update", "delete", "truncate"), "sqlite": ("update", "delete", "replace")}


def _name(model: type[Model], act: str) -> str:
    return f"{PREFIX}{model._meta.db_table}_{act}"


def _create(vendor: str, model: type[Model], when: str, once: Sequence[str]) -> list[str]:
    return _postgresql(model, when, once) if vendor == "postgresql" else _sqlite(model, when, once)


def _changed(model: type[Model], once: Sequence[str], differs: str) -> str:
    """Which updates are refused where some fields may be filled in once: any other column, or one that is filled."""
    tests = []
    for field in model._meta.local_fields:
        different = f'OLD."{field.column}" {differs} NEW."{field.column}"'
        tests.append(f'(OLD."{field.column}" IS NOT NULL AND {different})' if field.name in once else different)
    return " OR ".join(tests)


def _conditions(model: type[Model], when: str, once: Sequence[str], differs: str) -> list[tuple[str, str]]:
    """The acts on a row that are refused, each with its condition, empty for always."""
    change = _changed(model, once, differs) if once else ""
    both = f"({when}) AND ({change})" if when and change else when or change
    return [("update", both), ("delete", when)]


def _postgresql(model: type[Model], when: str, once: Sequence[str]) -> list[str]:
    table = f'"{model._meta.db_table}"'
    each_row = [
        f"CREATE TRIGGER {_name(model, act)} BEFORE {act.upper()} ON {table} FOR EACH ROW "
        f"{f'WHEN ({condition})' if condition else ''} EXECUTE FUNCTION {PREFIX}refuse()"
        for act, condition in _conditions(model, when, once, "IS DISTINCT FROM")
    ]
    return [
        _FUNCTION,
        *each_row,
        f"CREATE TRIGGER {_name(model, 'truncate')} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
        f"EXECUTE FUNCTION {PREFIX}refuse()",
    ]


def _sqlite(model: type[Model], when: str, once: Sequence[str]) -> list[str]:
    table = f'"{model._meta.db_table}"'
    each_row = [
        f"CREATE TRIGGER {_name(model, act)} BEFORE {act.upper()} ON {table} FOR EACH ROW "
        f"{f'WHEN {condition}' if condition else ''} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for act, condition in _conditions(model, when, once, "IS NOT")
    ]
    # INSERT OR REPLACE removes the row in its way without a DELETE trigger unless recursive_triggers is on. The
    # settings turn it on; a tool that opens the file beside the portal has it off, so the insert is refused as well.
    same = " OR ".join(
        f'OLD."{field.column}" = NEW."{field.column}"' for field in model._meta.local_fields if field.unique
    )
    in_the_way = f"SELECT 1 FROM {table} AS OLD WHERE ({same})"  # noqa: S608 - names of our own tables and columns
    if when:
        in_the_way = f"{in_the_way} AND {when}"
    return [
        *each_row,
        f"CREATE TRIGGER {_name(model, 'replace')} BEFORE INSERT ON {table} FOR EACH ROW "
        f"WHEN EXISTS ({in_the_way}) BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    ]


def _drop(vendor: str, model: type[Model]) -> list[str]:
    on_table = f' ON "{model._meta.db_table}"' if vendor == "postgresql" else ""
    return [f"DROP TRIGGER IF EXISTS {_name(model, act)}{on_table}" for act in _ACTS[vendor]]
