"""Rewording and reordering the core components and the key issues; their codes never change."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from portal.access import demand
from portal.accounts.models import User
from portal.activity.domain import record
from portal.record import lock_all
from sites.models import Component, KeyIssue
from sites.rules import may_reword

# Further than any list is long: rows are parked there while they change places, because places are unique.
_ASIDE = 1000


def reword(
    row: Component | KeyIssue, *, position: int, actor: User, at: datetime, **words: str
) -> Component | KeyIssue:
    """Change the words of a component or key issue and its place in the list (from 1).

    Locks every row of the list. Raises `Refused`, ValidationError for a name that another one has.
    """
    demand(may_reword(row, actor))
    with transaction.atomic():
        others = [each for each in sorted(lock_all(type(row).objects.all()), key=_position) if each.pk != row.pk]
        if any(each.name.casefold() == words["name"].casefold() for each in others):
            raise ValidationError({"name": "Another one has this name already."})
        current = type(row).objects.get(pk=row.pk)
        before = {name: getattr(current, name) for name in words} | {"position": current.position}
        for name, value in words.items():
            setattr(current, name, value)
        current.save(update_fields=list(words))
        _place(current, others, position)
        after = words | {"position": current.position}
        if after != before:
            record(
                current, "reword", actor=actor, at=at, summary=f"Changed the words or the place of “{current}”.",
                facts={"before": before, "after": after},
            )  # fmt: skip
    return current


def _place(row: Component | KeyIssue, others: list, position: int) -> None:
    """Put the row at its place; the others close up."""
    ordered = list(others)
    ordered.insert(min(max(position, 1), len(others) + 1) - 1, row)
    for offset in (_ASIDE, 0):
        for place, each in enumerate(ordered, 1):
            type(row).objects.filter(pk=each.pk).update(position=offset + place)
    row.position = ordered.index(row) + 1


def _position(row: Component | KeyIssue) -> int:
    return row.position
