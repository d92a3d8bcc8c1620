"""Who sits on a site's team: handing a seat over, ending it, changing its role. Each locks the site's row first.

A site never loses its last lead: a seat moves to a successor, or the lead appoints another one before leaving.
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from portal.access import Refused, demand
from portal.accounts.models import User
from portal.activity.domain import record
from portal.handover import chapters_for
from portal.mail.domain import send
from portal.record import lock
from sites.enums import SeatRole
from sites.models import Invitation, Seat, Site
from sites.rules import may_end_seat, may_hand_over, may_hold_seat, may_manage_seats

_LAST_LEAD = "This is the site's only lead. Hand the seat over, or make somebody else a lead first."


def hand_over(seat: Seat, *, to: User, actor: User, at: datetime) -> Seat:
    """Give a seat to a colleague of the same team, who gives up the one they hold. Returns the successor's seat.

    Somebody outside the team is invited to it instead (`invite` with `hand_over_of`). Raises `Refused`.
    """
    with transaction.atomic():
        site = lock(seat.site)
        row = _held(seat, site)
        demand(may_hand_over(row, actor))
        if not site.seats.current().filter(holder=to).exists():
            raise Refused(f"{to} is not on the team of {site}. Invite them by e-mail instead.")
        return succeed(row, to=to, actor=actor, at=at)


def end_seat(seat: Seat, *, actor: User, at: datetime) -> None:
    """End a seat without a successor. Raises `Refused`, also for the site's only lead."""
    with transaction.atomic():
        site = lock(seat.site)
        row = _held(seat, site)
        demand(may_end_seat(row, actor))
        if is_last_lead(row):
            raise Refused(_LAST_LEAD)
        _end(row, at)
        _tell_holder(row, actor)
        record(
            site, "end-seat", actor=actor, at=at,
            summary=f"Ended the seat of {row.holder} as {_role(row)}.", facts={"person": row.holder.email, "role": row.role},
        )  # fmt: skip


def change_role(seat: Seat, *, role: str, actor: User, at: datetime) -> Seat:
    """Give the holder of a seat another role. Raises `Refused`, also for the only lead, ValidationError for no such role."""
    if role not in SeatRole.values:
        raise ValidationError({"role": "Choose one of the roles."})
    with transaction.atomic():
        site = lock(seat.site)
        row = _held(seat, site)
        demand(may_manage_seats(site, actor))
        if row.role == role:
            return row
        if is_last_lead(row):
            raise Refused(_LAST_LEAD)
        before, row.role = row.role, role
        row.save(update_fields=["role"])
        forget(row.holder, actor)
        record(
            site, "change-role", actor=actor, at=at, summary=f"Made {row.holder} {_role(row)}.",
            facts={"person": row.holder.email, "before": before, "after": role},
        )  # fmt: skip
    return row


def succeed(seat: Seat, *, to: User, actor: User, at: datetime) -> Seat:
    """Move a held seat to its successor and tell both. The caller has locked the site and knows that this is allowed."""
    demand(may_hold_seat(to))
    site = seat.site
    if seat.holder_id == to.pk:
        raise Refused(f"{to} holds this seat already.")
    own = site.seats.current().filter(holder=to).first()
    if own is not None and seat.role != SeatRole.LEAD and is_last_lead(own):
        raise Refused(_LAST_LEAD)
    for ended in filter(None, (seat, own)):
        _end(ended, at)
    successor = Seat.objects.create(site=site, holder=to, role=seat.role, started_at=at, predecessor=seat)
    forget(to, seat.holder, actor)
    send("seat_handed_over", to.email, context=summary(successor, at=at))
    _tell_holder(seat, actor, successor=to)
    record(
        site, "hand-over", actor=actor, at=at,
        summary=f"The seat of {seat.holder} as {_role(seat)} went to {to}.",
        facts={"from": seat.holder.email, "to": to.email, "role": seat.role},
    )  # fmt: skip
    return successor


def summary(seat: Seat, *, at: datetime) -> dict:
    """What a successor has to know on the first day: the predecessor's note, and what every app knows of the site."""
    return {
        "site": seat.site,
        "seat": seat,
        "note": seat.predecessor.hand_over_note if seat.predecessor else "",
        "chapters": chapters_for(seat.site, at),
    }


def forget(*people: User) -> None:
    """Let every person in memory whose seats were touched read them again."""
    for person in people:
        person.forget_seats()


def _held(seat: Seat, site: Site) -> Seat:
    """The seat as it stands now, of the locked site. Raises `Refused` when it has ended."""
    row = Seat.objects.select_related("holder").get(pk=seat.pk)
    row.site = site
    if row.ended_at is not None:
        raise Refused(f"The seat of {row.holder} has ended already.")
    return row


def is_last_lead(seat: Seat) -> bool:
    """Whether the site would have no lead without this seat."""
    others = Seat.objects.current().filter(site=seat.site, role=SeatRole.LEAD).exclude(pk=seat.pk)
    return seat.role == SeatRole.LEAD and not others.exists()


def _end(seat: Seat, at: datetime) -> None:
    """Close the seat, and what was on its way to it."""
    seat.ended_at = max(at, seat.started_at)
    seat.save(update_fields=["ended_at"])
    Invitation.objects.filter(hand_over_of=seat, accepted_at=None, withdrawn_at=None).update(withdrawn_at=at)
    forget(seat.holder)


def _tell_holder(seat: Seat, actor: User, successor: User | None = None) -> None:
    """A mail to whoever lost a seat by somebody else's hand."""
    if seat.holder_id != actor.pk:
        send("seat_ended", seat.holder.email, context={"site": seat.site, "seat": seat, "successor": successor})


def _role(seat: Seat) -> str:
    return seat.get_role_display().lower()
