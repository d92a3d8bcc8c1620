"""Reading small sets of several models in one statement, where a page or an act needs all of them."""

from __future__ import annotations

from typing import Any

from django.db import connections, models
from django.db.models import F, QuerySet, Value
from django.db.models.functions import JSONObject


def read_together(first: QuerySet, *others: QuerySet) -> list[list[Any]]:
    """The rows of each query set as instances, in the order of their keys, all from one UNION of JSON objects.

    For models of plain columns (numbers, text, UUIDs, JSON, money, foreign keys): what a relation points to is not
    fetched along, and moments are not supported. Every query set must be read from the same database.
    """
    asked = [first, *others]
    told = [_told(number, rows) for number, rows in enumerate(asked)]
    found: list[list[Any]] = [[] for _ in asked]
    for number, row in told[0].union(*told[1:], all=True):
        found[number].append(_instance(asked[number].model, row, first.db))
    for rows in found:
        rows.sort(key=lambda each: each.pk)
    return found


def _told(number: int, rows: QuerySet) -> QuerySet:
    columns = JSONObject(**{field.attname: F(field.attname) for field in rows.model._meta.concrete_fields})
    return rows.order_by().annotate(of=Value(number), told=columns).values_list("of", "told")


def _instance(model: type[models.Model], row: dict[str, Any], alias: str) -> models.Model:
    fields = model._meta.concrete_fields
    values = [_value(field, row[field.attname], alias) for field in fields]
    return model.from_db(alias, [field.attname for field in fields], values)


def _value(field: Any, told: Any, alias: str) -> Any:
    """What the column holds: money and JSON have a spelling of their own in the database."""
    if isinstance(field, models.JSONField) and not isinstance(told, str):
        # PostgreSQL puts the value itself into the object, SQLite its text.
        return told
    if hasattr(field, "from_db_value"):
        return field.from_db_value(told, None, connections[alias])
    return field.to_python(told)
