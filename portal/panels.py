"""Places on a page that apps further up may fill: a site's page shows awards without knowing what an award is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Panel:
    """One card: a template, and what it may use under the name `panel.facts`."""

    template: str
    facts: dict[str, Any] = field(default_factory=dict)


Provider = Callable[[Any, Any, datetime], Panel | None]
_providers: dict[str, list[Provider]] = {}


def provides_panel(place: str) -> Callable[[Provider], Provider]:
    """Register a function `(subject, user, at) -> Panel or None` for a place such as `site`; it asks its own rules."""

    def register(provider: Provider) -> Provider:
        _providers.setdefault(place, []).append(provider)
        return provider

    return register


def panels_for(place: str, subject: Any, user: Any, at: datetime) -> list[Panel]:
    """What the apps have to show there to this person, in the order in which they registered."""
    found = (provider(subject, user, at) for provider in _providers.get(place, ()))
    return [panel for panel in found if panel is not None]
