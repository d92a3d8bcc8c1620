"""When a colleague saved first: the form comes back with what was typed, beside it what stands there now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import QueryDict

from portal.forms import PortalFormMixin
from portal.record import Stale


@dataclass(frozen=True)
class Difference:
    """One field in which the two texts differ."""

    label: str
    saved: str
    typed: str


def overtaken(form: PortalFormMixin, stale: Stale) -> list[Difference]:
    """Prepare a bound form for another try on top of the colleague's version, and list where the texts differ."""
    data = QueryDict(mutable=True)
    data.update(form.data)
    data[form.add_prefix("version")] = str(stale.current.version)
    form.data = data
    form.add_refusal(stale)
    found = []
    for bound in form.visible_fields():
        if not hasattr(stale.current, bound.name):
            continue
        saved, typed = _shown(stale.current, bound.name), _worded(bound.field, form.cleaned_data.get(bound.name))
        if saved != typed:
            found.append(Difference(str(bound.label), saved, typed))
    return found


def _shown(row: models.Model, name: str) -> str:
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    return _together(value.all()) if hasattr(value, "all") else "" if value is None else str(value)


def _together(rows: Iterable[Any]) -> str:
    """Several choices as they are listed."""
    return ", ".join(str(each) for each in rows)


def _worded(field: Any, value: Any) -> str:
    if isinstance(value, models.QuerySet):
        return _together(value)
    choices = dict(getattr(field, "choices", ()))
    return "" if value is None else str(choices.get(value, value))
