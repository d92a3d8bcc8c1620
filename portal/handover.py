"""What somebody who takes over a seat has to know: each app contributes its chapter without the others knowing of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class Line:
    """One thing: a sentence, where it is, by when, and what it lacks or says, a sentence each."""

    text: str
    url: str = ""
    due: datetime | date | None = None
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chapter:
    """Lines under a heading; a chapter without lines is left out. What is to be done comes before who is who."""

    title: str
    lines: tuple[Line, ...]
    comes_last: bool = False


Provider = Callable[[Any, datetime], Iterable[Chapter]]
_providers: list[Provider] = []


def provides_hand_over(provider: Provider) -> Provider:
    """Register a function `(site, at) -> chapters`; what it tells, every seat of the site may read."""
    _providers.append(provider)
    return provider


def chapters_for(site: Any, at: datetime) -> list[Chapter]:
    """Everything there is to know, in the order in which the apps registered."""
    found = [chapter for provider in _providers for chapter in provider(site, at) if chapter.lines]
    return sorted(found, key=lambda chapter: chapter.comes_last)
