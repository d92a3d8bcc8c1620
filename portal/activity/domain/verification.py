"""Walking the chain of entries to see whether anything was changed, removed or slipped in."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from portal.activity.models import Entry, Head
from portal.activity.models.head import GENESIS
from portal.activity.triggers import expected, standing

_CHUNK = 2000


class Broken(Exception):
    """The log is not what was written; the text says what is wrong at the first place where it shows."""


@dataclass(frozen=True)
class Mark:
    """A place in the chain, such as `1234:ab…`, to be noted outside the database and compared later."""

    sequence: int
    hash: str

    def __str__(self) -> str:
        return f"{self.sequence}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> Mark:
        """The mark that `str` wrote. Raises ValueError for anything else."""
        sequence, colon, digest = text.strip().partition(":")
        if not colon or len(digest) != len(GENESIS):
            raise ValueError(f"“{text}” is not a mark such as 1234:ab12… (a number, a colon, 64 letters and digits).")
        return cls(int(sequence), digest.lower())


def verify(*, known: Mark | None = None) -> Mark:
    """Check every entry's hash, the chain, the head and the triggers. Returns the mark of the last entry.

    Whoever can rewrite the whole database can also rewrite the whole chain, so a `known` mark, noted elsewhere
    earlier, is what shows that nothing before it was rewritten. Raises `Broken`. Holds no lock; constant memory.
    """
    missing = expected(connection, Entry) - standing(connection)
    if missing:
        raise Broken(f"The database no longer refuses changes to the log: {', '.join(sorted(missing))} is missing.")
    wanted = {mark.sequence: mark.hash for mark in (_head(), known) if mark}
    last = Mark(0, GENESIS)
    for entry in Entry.objects.order_by("sequence").iterator(_CHUNK):
        _check(entry, last)
        last = Mark(entry.sequence, entry.hash)
        if wanted.pop(last.sequence, last.hash) != last.hash:
            raise Broken(f"Entry {last.sequence} is not the one that was noted when it was written.")
    wanted.pop(0, None)
    if wanted:
        raise Broken(f"The log ends with entry {last.sequence}, but entry {max(wanted)} was written.")
    if last.sequence > _head().sequence:
        raise Broken(f"Entry {last.sequence} stands after the end of the log.")
    return last


def _check(entry: Entry, last: Mark) -> None:
    if entry.sequence != last.sequence + 1:
        raise Broken(f"Entry {last.sequence + 1} is missing.")
    if entry.previous_hash != last.hash:
        raise Broken(f"Entry {entry.sequence} does not follow from the entry before it.")
    if entry.digest() != entry.hash:
        raise Broken(f"Entry {entry.sequence} was changed after it was written.")


def _head() -> Mark:
    head = Head.objects.get(pk=Head.ONLY)
    return Mark(head.sequence, head.hash)
