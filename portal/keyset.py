"""Paging by keyset: the next page starts after a row, not after a count, so the last page costs what the first does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

SIZE = 50


@dataclass(frozen=True)
class Page:
    """Some rows in order, and the addresses of the pages before and after (empty at either end)."""

    rows: list[Any]
    previous_url: str
    next_url: str

    def __iter__(self):
        return iter(self.rows)

    def __len__(self):
        return len(self.rows)


def page(rows: QuerySet, request: HttpRequest, *, moment: str, size: int = SIZE, oldest_first: bool = False) -> Page:
    """The page of `rows` that `?after=<pk>` or `?before=<pk>` asks for, ordered by (`moment`, pk).

    Newest first, or `oldest_first` for a queue. One query for the rows, one more for the row the address names; an
    index on (…, moment, pk) keeps both flat. An address that names no row shows the first page.
    """
    for name, onward in (("after", True), ("before", False)):
        anchor = _anchor(rows, moment, request.GET.get(name, ""))
        if anchor is not None:
            found = _beyond(rows, moment, anchor, falling=onward != oldest_first)[: size + 1]
            break
    else:
        name, onward = "", True
        sign = "" if oldest_first else "-"
        found = rows.order_by(f"{sign}{moment}", f"{sign}pk")[: size + 1]
    shown = list(found)
    more, shown = len(shown) > size, shown[:size]
    if not onward:
        shown.reverse()
    has_previous, has_next = (bool(name), more) if onward else (more, True)
    return Page(
        shown,
        _url(request, before=shown[0]) if has_previous and shown else "",
        _url(request, after=shown[-1]) if has_next and shown else "",
    )


def _anchor(rows: QuerySet, moment: str, key: str) -> tuple[Any, Any] | None:
    """The place of the row the address names, whether or not the filters let it through."""
    try:
        wanted = rows.model._meta.pk.to_python(key or None)
    except ValidationError:
        return None
    return rows.model._base_manager.filter(pk=wanted).values_list(moment, "pk").first() if wanted else None


def _beyond(rows: QuerySet, moment: str, anchor: tuple[Any, Any], *, falling: bool) -> QuerySet:
    """The rows on one side of a place. The first condition repeats half of the second in a form an index can use."""
    at, pk = anchor
    less, minus = ("lt", "-") if falling else ("gt", "")
    return (
        rows.filter(**{f"{moment}__{less}e": at})
        .filter(Q(**{f"{moment}__{less}": at}) | Q(**{moment: at, f"pk__{less}": pk}))
        .order_by(f"{minus}{moment}", f"{minus}pk")
    )


def _url(request: HttpRequest, **place: Model) -> str:
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    for name, row in place.items():
        query[name] = str(row.pk)
    return f"?{query.urlencode()}"
