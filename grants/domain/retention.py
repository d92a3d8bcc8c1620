"""How long the papers of an ended award are kept: the retention clock, and legal holds that stop it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from grants import rules
from grants.domain.anniversary import years_later
from grants.models import Award, LegalHold
from portal import programme
from portal.access import Refused, demand
from portal.activity.domain import record
from portal.record import lock


def kept_until(at: datetime) -> date:
    """The last day on which the papers of an award that ended at this moment have to be kept."""
    return years_later(timezone.localdate(at), programme.RETENTION_YEARS)


def place_hold(award: Award, *, reason: str, actor: Any, at: datetime) -> LegalHold:
    """Keep the papers of an award whatever the retention clock says, with a reason; one hold stands at a time.

    Locks the award. Raises `Refused` when the person may not or one stands already, ValidationError without a reason.
    """
    demand(rules.may_hold_papers(award, actor))
    reason = _reason(reason)
    with transaction.atomic():
        row = lock(award)
        if row.legal_holds.filter(lifted_at=None).exists():
            raise Refused(f"A legal hold on {row.reference} stands already.")
        hold = LegalHold.objects.create(award=row, reason=reason, placed_by=actor, placed_at=at)
        summary = f"{actor} placed a legal hold on the papers of {row.reference}: {reason}"
        # Of the hold itself: the team reads the award's history, and this is not for it.
        record(hold, "place", actor=actor, at=at, summary=summary, facts={"reason": reason})
    return hold


def lift_hold(hold: LegalHold, *, reason: str, actor: Any, at: datetime) -> LegalHold:
    """Let the retention clock count again, with a reason.

    Locks the award, then the hold. Raises `Refused` when the person may not or it was lifted already, ValidationError
    without a reason.
    """
    demand(rules.may_hold_papers(hold.award, actor))
    reason = _reason(reason)
    with transaction.atomic():
        award = lock(hold.award)
        row = lock(hold)
        if row.lifted_at is not None:
            raise Refused("This hold was lifted already.")
        row.lifted_by, row.lifted_at, row.lift_reason = actor, at, reason
        row.save(update_fields=["lifted_by", "lifted_at", "lift_reason"])
        summary = f"{actor} lifted the legal hold on the papers of {award.reference}: {reason}"
        record(row, "lift", actor=actor, at=at, summary=summary, facts={"reason": reason})
    return row


def _reason(text: str) -> str:
    if not text.strip():
        raise ValidationError({"reason": "Say why; it is kept with the record."})
    return text.strip()
