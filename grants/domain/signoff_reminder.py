"""Reminding signatories who have not answered: five days after they were asked, and three days before the deadline."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from grants.domain.queries.deadline import deadline_of
from grants.domain.signoff import mail_again, may_answer, token_of
from grants.domain.voiding import CHANGEABLE
from grants.enums import SignOffState
from grants.models import SignOff
from portal.activity.domain import record
from portal.record import lock

AFTER = timedelta(days=5)
BEFORE = timedelta(days=3)


def remind_signatories(*, at: datetime) -> int:
    """Remind everybody whose moment has come since they were asked or reminded last; returns how many.

    Each moment counts once: the request is locked and read again, and remembers when it was reminded, so two beats do not
    double it and a day of downtime ends in one mail, not two. A deadline that moves has a moment of its own.
    """
    waiting = SignOff.objects.filter(
        Q(reminded_at=None) | Q(reminded_at__lte=at), state=SignOffState.REQUESTED, expires_at__gte=at,
        requested_at__lt=at, proposal__state__in=CHANGEABLE,
    )  # fmt: skip
    rows = waiting.select_related("proposal__round", "proposal__site", "partner").order_by("pk")
    return sum(_remind(each, at) for each in rows.iterator(500) if is_due(each, at))


def is_due(sign_off: SignOff, at: datetime) -> bool:
    """Whether one of the two moments lies between the last mail and now."""
    last = max(sign_off.requested_at, sign_off.reminded_at or sign_off.requested_at)
    moments = (sign_off.requested_at + AFTER, deadline_of(sign_off.proposal) - BEFORE)
    return any(last < moment <= at for moment in moments)


def _remind(sign_off: SignOff, at: datetime) -> bool:
    with transaction.atomic():
        proposal = lock(sign_off.proposal)
        rows = SignOff.objects.select_for_update(of=("self",)).select_related("partner", "proposal__round")
        row = rows.get(pk=sign_off.pk)
        if row.state != SignOffState.REQUESTED or not is_due(row, at) or not may_answer(row, at):
            return False
        token = token_of(row)
        if not token:
            return False
        row.proposal = proposal
        key = f"sign-off-reminder:{row.token_digest}:{row.reminded_at.isoformat() if row.reminded_at else ''}"
        row.reminded_at = at
        row.save(update_fields=["reminded_at"])
        mail_again(row, token, key=key)
        summary = f"The portal reminded {row.asked_name or row.email} to sign for {row.partner}."
        record(proposal, "remind_signatory", actor=None, at=at, summary=summary)
    return True
