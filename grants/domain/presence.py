"""Who has which section of a proposal open. It lives in the cache alone: without one nobody is seen, and nothing waits."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.core.cache import cache

from grants.models import Proposal

# An open page says so every twenty seconds (static/js/presence.js); after two misses it is taken for closed.
GONE_AFTER = timedelta(seconds=50)
MOST = 40


class _Open(NamedTuple):
    key: str
    person: int
    name: str
    at: datetime


def note(proposal: Proposal, key: str, *, person: Any, editor: str, at: datetime) -> dict[str, list[str]]:
    """Note that a page of this section is open, by its random word. Returns who else is where, as `writing`.

    Two pages that say so in the same instant may cost one of them its turn until its next word: nothing is locked.
    """
    known = _known(proposal, at)
    known[editor] = _Open(key, person.pk, str(person), at)
    newest = sorted(known.items(), key=lambda item: item[1].at)[-MOST:]
    cache.set(_place(proposal), {word: tuple(each) for word, each in newest}, GONE_AFTER.total_seconds())
    return _names(known, person)


def leave(proposal: Proposal, *, editor: str, at: datetime) -> None:
    """Note that the page with this word was closed."""
    known = _known(proposal, at)
    if known.pop(editor, None) is not None:
        cache.set(_place(proposal), {word: tuple(each) for word, each in known.items()}, GONE_AFTER.total_seconds())


def writing(proposal: Proposal, *, reader: Any, at: datetime) -> dict[str, list[str]]:
    """By section, the names of the people other than the reader who have it open now."""
    return _names(_known(proposal, at), reader)


def _names(known: dict[str, _Open], reader: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in known.values():
        if each.person != reader.pk and each.name not in found.setdefault(each.key, []):
            found[each.key].append(each.name)
    return {key: sorted(names) for key, names in found.items() if names}


def _known(proposal: Proposal, at: datetime) -> dict[str, _Open]:
    kept = cache.get(_place(proposal)) or {}
    return {word: _Open(*each) for word, each in kept.items() if at - each[3] < GONE_AFTER}


def _place(proposal: Proposal) -> str:
    return f"writing:{proposal.reference}"
