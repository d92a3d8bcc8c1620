"""Values that must be there although their type allows them to be missing."""

from __future__ import annotations

from typing import TypeVar

Value = TypeVar("Value")


def certain(value: Value | None) -> Value:
    """What a constraint of the database, or the state a record is in, promises to be there.

    Raises ValueError when it is not, so that a broken promise is noticed where it was relied on.
    """
    if value is None:
        raise ValueError("A value is missing that its record's state promises.")
    return value
