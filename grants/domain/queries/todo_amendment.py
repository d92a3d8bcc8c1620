"""What amendments and ended awards ask of a person: to finish a draft, to recommend, to decide, to make room, to close out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from grants.domain.queries.amendment import asked_grid
from grants.domain.queries.tolerance import by_year
from grants.enums import AmendmentKind, AmendmentState, AwardState
from grants.models import Amendment, Award
from portal.accounts.enums import Role
from portal.money import ZERO, dollars
from portal.todo import Todo, provides_todos
from sites.enums import SeatRole

MOST = 50


@provides_todos
def amendments_to_decide(user: Any, at: datetime) -> Iterator[Todo]:
    """Officers read what sites ask for, directors decide on what somebody else recommended. Two queries at most."""
    rows = Amendment.objects.select_related("award__site").order_by("requested_at", "pk")
    if Role.OFFICER in user.roles:
        yield from _todos("Read the amendment", rows.filter(state=AmendmentState.REQUESTED))
    if Role.DIRECTOR in user.roles:
        waiting = rows.filter(state=AmendmentState.RECOMMENDED).exclude(recommended_by=user)
        yield from _todos("Decide on the amendment", waiting)


@provides_todos
def amendments_to_finish(user: Any, at: datetime) -> Iterator[Todo]:
    """Drafts that the site's lead has not asked for yet. One query for those who lead a site."""
    sites = [site for site, role in user.seat_roles.items() if role == SeatRole.LEAD]
    if sites:
        drafts = Amendment.objects.filter(state=AmendmentState.DRAFT, award__site__in=sites)
        yield from _todos("Ask for the change you wrote down", drafts.select_related("award__site").order_by("pk"))


@provides_todos
def room_to_make(user: Any, at: datetime) -> Iterator[Todo]:
    """For finance, payments to lower before a recommended move can be approved. Three queries."""
    if Role.FINANCE not in user.roles:
        return
    rows = Amendment.objects.filter(state=AmendmentState.RECOMMENDED, kind=AmendmentKind.MOVE_MONEY)
    for each in rows.select_related("award__site").prefetch_related("amounts", "award__years").order_by("pk")[:MOST]:
        after = by_year(asked_grid(each))
        over = sum((max(year.scheduled - after[year.number], ZERO) for year in each.award.years.all()), ZERO)
        if over:
            text = f"Lower scheduled payments by {dollars(over)} for amendment {each.reference}"
            yield Todo(text, reverse("grants:amendment-detail", args=[each.reference]), str(each.award.site))


@provides_todos
def awards_to_close_out(user: Any, at: datetime) -> Iterator[Todo]:
    """For officers, active awards whose last day is over. One query."""
    if Role.OFFICER not in user.roles:
        return
    over = Award.objects.filter(state=AwardState.ACTIVE, ends_on__lt=timezone.localdate(at))
    for award in over.select_related("site").order_by("ends_on", "pk")[:MOST]:
        yield Todo("Close out the award", reverse("grants:close-out", args=[award.reference]), str(award.site))


def _todos(text: str, rows) -> Iterator[Todo]:
    for each in rows[:MOST]:
        url = reverse("grants:amendment-detail", args=[each.reference])
        yield Todo(f"{text} {each.reference}", url, f"{each.award.site}: {each.get_kind_display().lower()}")
