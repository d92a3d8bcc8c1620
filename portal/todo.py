"""What each person should do next: the apps register who knows, the home page asks them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone


@dataclass(frozen=True)
class Todo:
    """One thing to do: a sentence that starts with a verb, where to do it, what it is about, and by when."""

    text: str
    url: str
    about: str = ""
    due: datetime | date | None = None

    def is_overdue(self, at: datetime) -> bool:
        """Whether its time has passed; what is due on a day may be done until that day ends."""
        if isinstance(self.due, datetime):
            return self.due < at
        return self.due is not None and self.due < timezone.localdate(at)


Provider = Callable[[Any, datetime], Iterable[Todo]]
_providers: list[Provider] = []


def provides_todos(provider: Provider) -> Provider:
    """Register a function `(user, at) -> todos`; each runs a fixed number of queries."""
    _providers.append(provider)
    return provider


def todos_for(user: Any, at: datetime) -> list[Todo]:
    """Everything waiting for this person, the earliest due first, undated ones last."""
    found = [todo for provider in _providers for todo in provider(user, at)]
    return sorted(found, key=lambda todo: (todo.due is None, str(todo.due or ""), todo.text))
