"""Reminding who has not signed an agreement: five days after they were asked, and three days before the link ends."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from grants.domain.agreement_signature import mail_again, may_answer, token_of
from grants.enums import AgreementState, SignOffState
from grants.models import AgreementSignature
from portal.activity.domain import record
from portal.record import lock

AFTER = timedelta(days=5)
BEFORE = timedelta(days=3)


def remind_parties(*, at: datetime) -> int:
    """Remind everybody whose moment has come since they were asked or reminded last; returns how many.

    Each moment counts once, as with sign-offs: the request is locked and read again, and remembers when it was
    reminded, so two beats do not double it and a day of downtime ends in one mail, not two.
    """
    waiting = AgreementSignature.objects.filter(
        Q(reminded_at=None) | Q(reminded_at__lte=at), state=SignOffState.REQUESTED, expires_at__gte=at,
        requested_at__lt=at, agreement__state=AgreementState.OUT,
    )  # fmt: skip
    rows = waiting.select_related("agreement__award__round", "agreement__award__site").order_by("pk")
    return sum(_remind(each, at) for each in rows.iterator(500) if is_due(each, at))


def is_due(signature: AgreementSignature, at: datetime) -> bool:
    """Whether one of the two moments lies between the last mail and now."""
    last = max(signature.requested_at, signature.reminded_at or signature.requested_at)
    return any(last < moment <= at for moment in (signature.requested_at + AFTER, signature.expires_at - BEFORE))


def _remind(signature: AgreementSignature, at: datetime) -> bool:
    with transaction.atomic():
        award = lock(signature.agreement.award)
        agreement = lock(signature.agreement)
        agreement.award = award
        row = AgreementSignature.objects.select_for_update(of=("self",)).select_related("partner").get(pk=signature.pk)
        row.agreement = agreement
        if row.state != SignOffState.REQUESTED or not is_due(row, at) or not may_answer(row, at) or not token_of(row):
            return False
        key = f"agreement-reminder:{row.token_digest}:{row.reminded_at.isoformat() if row.reminded_at else ''}"
        row.reminded_at = at
        row.save(update_fields=["reminded_at"])
        mail_again(row, key=key)
        summary = f"The portal reminded {row.asked_name or row.email} to sign for {row.partner}."
        record(agreement, "remind_signatory", actor=None, at=at, summary=summary)
    return True
