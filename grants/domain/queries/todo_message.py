"""Messages that wait for an answer, and changes that were due, for the home pages of both sides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Min, QuerySet
from django.urls import reverse

from grants.models import ChangeRequest, TeamMessage
from portal.accounts.enums import Role
from portal.todo import Todo, provides_todos
from portal.words import counted
from sites.enums import SeatRole

_ANSWERERS = {SeatRole.LEAD, SeatRole.CONTRIBUTOR, SeatRole.FINANCE}
# A home page names this many proposals one by one, those that waited longest first; the next come up as these are done.
NAMED = 10


@provides_todos
def messages_to_answer(user, at: datetime) -> Iterator[Todo]:
    """Messages of the other side: for whoever may act on a team, and for program officers. One query each."""
    sites = [pk for pk, role in user.seat_roles.items() if role in _ANSWERERS]
    if sites:
        ours = TeamMessage.objects.filter(from_foundation=True, proposal__site__in=sites)
        yield from _threads(ours, "{} of the foundation")
    if Role.OFFICER in user.roles:
        yield from _threads(TeamMessage.objects.filter(from_foundation=False), "{} of the team")


@provides_todos
def changes_overdue(user, at: datetime) -> Iterator[Todo]:
    """For officers, teams whose time for changes is over without an answer. One query."""
    if Role.OFFICER not in user.roles:
        return
    late = (
        ChangeRequest.objects.filter(closed_at=None, due_at__lt=at).select_related("proposal").order_by("due_at", "pk")
    )
    for asked in late.defer("proposal__set_aside")[:NAMED]:
        url = reverse("grants:proposal-detail", args=[asked.proposal.reference])
        yield Todo("Give more time for changes, or go on without them", url, str(asked.proposal), asked.due_at)


def _threads(messages: QuerySet[TeamMessage], whose: str) -> Iterator[Todo]:
    rows = messages.filter(settled_at=None).order_by().values("proposal__reference", "proposal__title")
    for row in rows.annotate(number=Count("pk"), first=Min("sent_at")).order_by("first")[:NAMED]:
        url = reverse("grants:proposal-messages", args=[row["proposal__reference"]])
        what = whose.format("the message" if row["number"] == 1 else counted(row["number"], "message"))
        yield Todo(f"Answer {what}", url, row["proposal__title"] or row["proposal__reference"])
