"""The ordered lists a round is built from (questions, criteria, documents to attach): what changing any has in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet

from grants import rules
from grants.domain.round import lock_draft
from grants.models import FundingRound
from portal.access import Refused, demand
from portal.activity.domain import record
from portal.record import bump


class RoundList(ABC):
    """One kind of list. Its rows have a `round` and a `position`; `fields` are what staff enter.

    Every act locks the round's row, raises `Refused` when the list may not be changed now, `Stale` when the round moved
    on since `version`, ValidationError keyed by field for what cannot be, and counts the round's version up.
    """

    model: Any
    noun: str
    fields: tuple[str, ...]

    # --- what a kind of list says about itself ---

    @abstractmethod
    def errors(self, row: Any) -> dict[str, str]:
        """Tidy a filled row and say what is wrong with it, by field."""

    def open(self, round_: FundingRound, *, version: int | None, at: datetime) -> FundingRound:
        """Lock a round whose list may be changed now."""
        return lock_draft(round_, version=version)

    def rows(self, round_: FundingRound) -> QuerySet:
        """The rows as staff edit them, in order."""
        return self.model.objects.filter(round=round_)

    def beside(self, row: Any) -> QuerySet:
        """The rows among which a row can move."""
        return self.rows(row.round)

    def fresh(self, round_: FundingRound) -> Any:
        """A row to be filled; its position is set by `add`."""
        return self.model(round=round_)

    def why_fixed(self, row: Any, fields: dict[str, Any] | None) -> str:
        """Why a row stays as it is, empty when it may change. `fields` are to be changed; None: moved or removed."""
        return ""

    def writable(self, row: Any) -> Any:
        """The row that takes a change."""
        return row

    def drop(self, row: Any) -> None:
        """Take a row out of the list."""
        row.delete()

    def settle(self, row: Any) -> None:
        """Save a changed row, and what follows from it."""
        row.save()

    # --- the acts ---

    def add(self, round_: FundingRound, *, actor: Any, at: datetime, **fields: Any) -> Any:
        """Add a row at the end of the list. `fields` are among `self.fields`."""
        with self._opened(round_, actor=actor, at=at, version=None) as locked:
            row = self.fresh(locked)
            last = self.model.objects.filter(round=locked).aggregate(last=Max("position"))["last"] or 0
            row.position = last + 1
            self._fill(row, fields)
            row.save(force_insert=True)
            self.log(locked, "add", "added", row, actor=actor, at=at)
        return row

    def change(self, row: Any, *, actor: Any, at: datetime, version: int | None = None, **fields: Any) -> Any:
        """Change a row; `version` is the round's."""
        with self._taken(row, fields, actor=actor, at=at, version=version) as (locked, own):
            own = self.writable(own)
            self._fill(own, fields)
            self.settle(own)
            self.log(locked, "change", "changed", own, actor=actor, at=at)
        return own

    def remove(self, row: Any, *, actor: Any, at: datetime, version: int | None = None) -> None:
        """Take a row out of the list."""
        with self._taken(row, None, actor=actor, at=at, version=version) as (locked, own):
            self.drop(own)
            self.log(locked, "remove", "removed", own, actor=actor, at=at)

    def move(self, row: Any, *, up: bool, actor: Any, at: datetime, version: int | None = None) -> None:
        """Swap a row with its neighbor; at the end it stays."""
        with self._taken(row, None, actor=actor, at=at, version=version) as (locked, own):
            order = list(self.beside(own))
            place = next(index for index, each in enumerate(order) if each.pk == own.pk)
            target = place - 1 if up else place + 1
            if not 0 <= target < len(order):
                return
            one, other = order[place], order[target]
            places = other.position, one.position
            for each, position in zip((one, other), places, strict=True):
                moved = self.writable(each)
                moved.position = position
                self.settle(moved)
            self.log(locked, "move", "moved", own, actor=actor, at=at)

    def log(self, round_: FundingRound, verb: str, done: str, row: Any, *, actor: Any, at: datetime) -> None:
        """Count the round's version up and write down what was done."""
        bump(round_)
        summary = f"{self.noun.capitalize()} {done}: {row}"
        record(round_, f"{verb}_{self.noun.split()[0]}", actor=actor, at=at, summary=summary)

    # --- how they are carried out ---

    @contextmanager
    def _opened(self, round_: FundingRound, *, actor: Any, at: datetime, version: int | None) -> Iterator[FundingRound]:
        demand(rules.may_run_rounds(round_, actor))
        with transaction.atomic():
            yield self.open(round_, version=version, at=at)

    @contextmanager
    def _taken(
        self, row: Any, fields: dict[str, Any] | None, *, actor: Any, at: datetime, version: int | None
    ) -> Iterator[tuple[FundingRound, Any]]:
        with self._opened(row.round, actor=actor, at=at, version=version) as locked:
            own = self.rows(locked).filter(pk=row.pk).first()
            if own is None:
                raise Refused(f"Somebody else has removed this {self.noun}.")
            own.round = locked
            reason = self.why_fixed(own, fields)
            if reason:
                raise Refused(reason)
            yield locked, own

    def _fill(self, row: Any, fields: dict[str, Any]) -> None:
        unknown = sorted(set(fields) - set(self.fields))
        if unknown:
            raise TypeError(f"A {self.noun} has no field of these names to enter: {', '.join(unknown)}")
        for name, value in fields.items():
            setattr(row, name, value)
        errors = self.errors(row)
        if errors:
            raise ValidationError(errors)
        row.clean_fields(exclude=["round"])
