"""What a record's page says first: what comes next, and who holds it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NextStep:
    """What has to happen next, why, and who holds the record meanwhile; `done` when nothing is left to do."""

    title: str
    text: str
    holder: str
    done: bool = False
    items: tuple[str, ...] = ()
