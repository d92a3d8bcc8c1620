"""What a person leaves for whoever takes over their seat: a note of their own beside what the portal knows."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from portal.access import Refused, demand
from portal.accounts.models import User
from portal.activity.domain import record
from portal.record import lock
from sites.models import Seat
from sites.rules import may_hand_over

LONGEST = 4000


def write_note(seat: Seat, note: str, *, actor: User, at: datetime) -> Seat:
    """Keep the note for the successor of a held seat. Raises `Refused`, ValidationError for one that is too long."""
    note = "\n".join(note.strip().splitlines())
    if len(note) > LONGEST:
        raise ValidationError({"note": f"Shorten this to {LONGEST:,} characters."})
    with transaction.atomic():
        site = lock(seat.site)
        row = Seat.objects.select_related("holder").get(pk=seat.pk)
        row.site = site
        demand(may_hand_over(row, actor))
        if row.ended_at is not None:
            raise Refused(f"The seat of {row.holder} has ended already.")
        if row.hand_over_note != note:
            row.hand_over_note = note
            row.save(update_fields=["hand_over_note"])
            summary = f"Wrote a note for whoever takes over the seat of {row.holder}."
            record(site, "hand-over-note", actor=actor, at=at, summary=summary)
    return row
