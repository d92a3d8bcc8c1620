"""The thread of a proposal: messages and what happened between them, who is written to, what waits for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from grants.models import ChangeRequest, Proposal, TeamMessage
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.activity.models import Entry

# What is told between the messages, by the verb of the activity log. Decisions are there once they are announced.
EVENTS = {
    "submit": "Submitted",
    "return": "Changes asked for",
    "extend_changes": "More time for the changes",
    "close_changes": "Goes on without the changes",
    "screen_in": "Eligible, sent to review",
    "screen_out": "Not eligible",
    "withdraw": "Withdrawn by the team",
    "award": "Awarded",
    "waitlist": "On the waitlist",
    "decline": "Not funded",
}


# The reasons written with these steps were written for both sides.
_TOLD = frozenset({"return", "close_changes", "screen_out", "withdraw"})


@dataclass(frozen=True)
class Item:
    """A line of the thread: a message, or something that happened and what was written with it."""

    at: datetime
    message: TeamMessage | None = None
    event: str = ""
    text: str = ""


def messages_of(proposal: Proposal) -> QuerySet[TeamMessage]:
    """Every message on a proposal, with who wrote and who settled it, and whether by an answer (`answered`)."""
    answers = TeamMessage.objects.filter(
        proposal=OuterRef("proposal"), author=OuterRef("settled_by"), sent_at=OuterRef("settled_at")
    )
    rows = TeamMessage.objects.filter(proposal=proposal).select_related("author", "settled_by")
    return rows.annotate(answered=Exists(answers))


def waiting_for(proposal: Proposal, *, foundation: bool) -> QuerySet[TeamMessage]:
    """What the other side wrote and this side has not answered."""
    return TeamMessage.objects.filter(proposal=proposal, from_foundation=not foundation, settled_at=None)


def count_messages(proposal: Proposal, *, foundation: bool) -> tuple[int, int]:
    """How many messages there are, and how many wait for this side. One query."""
    waiting = Q(from_foundation=not foundation, settled_at=None)
    counts = TeamMessage.objects.filter(proposal=proposal).aggregate(
        number=Count("pk"), waiting=Count("pk", filter=waiting)
    )
    return counts["number"], counts["waiting"]


def thread(proposal: Proposal, messages: Iterable[TeamMessage], *, whole: bool, newest: bool) -> list[Item]:
    """A page of messages with what happened meanwhile, the newest first. One query besides the messages.

    `newest` is the first page, with what happened since its last message; `whole` reaches back to the beginning.
    """
    shown = [Item(each.sent_at, message=each) for each in messages]
    events = Entry.objects.of(proposal).filter(verb__in=EVENTS)
    if shown and not newest:
        events = events.filter(at__lte=shown[0].at)
    if shown and not whole:
        events = events.filter(at__gte=shown[-1].at)
    told = [
        Item(each.at, event=EVENTS[each.verb], text=each.facts.get("comment", "") if each.verb in _TOLD else "")
        for each in events
    ]
    return sorted(shown + told, key=lambda item: item.at, reverse=True)


def officers_of(proposal: Proposal) -> list[User]:
    """Who gets a team's message: officers who wrote to it or asked it for changes, and whoever made the round.

    When none of them is an officer any more, all officers get it, so that no message goes unread.
    """
    known = set(TeamMessage.objects.filter(proposal=proposal, from_foundation=True).values_list("author", flat=True))
    known |= set(ChangeRequest.objects.filter(proposal=proposal).values_list("asked_by", flat=True))
    known.add(proposal.round.created_by_id)
    officers = list(User.objects.filter(role_grants__role=Role.OFFICER, is_active=True).order_by("pk"))
    return [each for each in officers if each.pk in known] or officers
