"""What is done to close an award out: what only a person knows is confirmed, and the money is frozen on closing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from grants import rules
from grants.domain.queries.close_out import POINTS, UNSPENT, frozen
from grants.domain.queries.reconciliation import balance_of, balances_by
from grants.enums import AwardState
from grants.models import Award, AwardYear, CloseOut
from portal.access import Refused, demand
from portal.activity.domain import record
from portal.money import ZERO, dollars
from portal.record import Stale, bump, lock

NEW = 0


def save_close_out(
    award: Award,
    *,
    confirmed: Mapping[str, str],
    unspent: Decimal | None,
    note: str,
    actor: Any,
    at: datetime,
    version: int = NEW,
) -> CloseOut:
    """Keep what a person knows: `confirmed` holds a remark for each confirmed point of `POINTS`, maybe an empty one.

    `unspent` is what the last report left over, in dollars, None while nobody knows; what comes back from then on
    counts towards it. Who confirmed a point first stays until it is taken back or its remark changes.

    Locks the award, then the close-out; `version` is the one the person read, `NEW` when there was none. Raises
    `Refused` unless a program officer asks and the award is active, `Stale`, and ValidationError for an unknown point.
    """
    demand(rules.may_manage_awards(award, actor))
    if not confirmed.keys() <= POINTS.keys():
        raise ValidationError("There is no such point on the check list.")
    if unspent is not None and unspent < ZERO:
        raise ValidationError({"unspent": "Enter zero or more."})
    with transaction.atomic():
        row = lock(award)
        if row.state != AwardState.ACTIVE:
            raise Refused(f"{row.reference} is {row.get_state_display().lower()}. Only an active award is closed out.")
        close_out = _locked(row, actor, at, version)
        before = close_out.confirmed
        close_out.confirmed = _points(before, confirmed, actor, at)
        if unspent is not None:
            close_out.confirmed[UNSPENT] = _stated(row, before.get(UNSPENT), unspent, actor, at)
        close_out.note = note.strip()
        bump(close_out, "confirmed", "note")
        done = ", ".join(POINTS[key][0].lower() for key in POINTS if key in close_out.confirmed) or "nothing yet"
        said = f" Unspent: {dollars(unspent)}." if unspent is not None else ""
        summary = f"Close-out of {row.reference}: confirmed are {done}.{said}"
        record(row, "close_out", actor=actor, at=at, summary=summary, facts={"confirmed": sorted(close_out.confirmed)})
    return close_out


def freeze_reconciliation(award: Award) -> None:
    """Keep where the money of a locked award went, together and year by year, as it is closed."""
    years = balances_by(AwardYear.objects.filter(award=award), "number")
    found = {
        "together": frozen(balance_of(award)),
        "years": {str(number): frozen(balance) for (number,), balance in sorted(years.items())},
    }
    CloseOut.objects.filter(award=award).update(reconciliation=found)


def _locked(award: Award, actor: Any, at: datetime, version: int) -> CloseOut:
    found = CloseOut.objects.filter(award=award).first()
    if found is None:
        return CloseOut.objects.create(award=award, begun_by=actor, begun_at=at)
    row = lock(found)
    if row.version != version:
        raise Stale(row)
    return row


def _points(before: Mapping[str, Any], confirmed: Mapping[str, str], actor: Any, at: datetime) -> dict[str, Any]:
    kept = {}
    for key in POINTS:
        if key not in confirmed:
            continue
        remark = confirmed[key].strip()
        said = before.get(key)
        same = said is not None and said["note"] == remark
        kept[key] = said if same else {"by": str(actor), "at": at.isoformat(), "note": remark}
    return kept


def _stated(award: Award, before: Mapping[str, Any] | None, unspent: Decimal, actor: Any, at: datetime) -> Any:
    """What is unspent, and how much had come back before anybody said so; a corrected amount keeps that."""
    if before is not None and Decimal(before["amount"]) == unspent:
        return before
    refunded = before["refunded_before"] if before is not None else str(balance_of(award).refunded)
    return {"amount": str(unspent), "refunded_before": refunded, "by": str(actor), "at": at.isoformat()}
