"""What every private link to a signature has in common: its token, how long it works, and what is typed behind it."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac

from grants.enums import SignOffState
from grants.models import AgreementSignature, SignOff
from sites.models import Partner

LINK_LIFETIME = timedelta(days=21)
Asked = SignOff | AgreementSignature
_LONGEST = {each.name: each.max_length for each in SignOff._meta.fields}
_EMPTY = {
    "signed_name": "Type your full name.",
    "signed_title": "Type your title.",
    "decline_reason": "Write a reason; those who asked you read it.",
}


def digest_of(token: str) -> str:
    """What is kept of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_for(salt: str, what: str) -> str:
    """The token of a link: a keyed hash of what the request is, so the table alone opens no door.

    It can be made again, so that a reminder carries the same link. After a change of SECRET_KEY the links in old mails
    still work, and only reminders cannot repeat them.
    """
    return urlsafe_b64encode(salted_hmac(salt, what, algorithm="sha256").digest()).decode().rstrip("=")


def request_facts(partner: Partner, token: str, *, at: datetime) -> dict[str, Any]:
    """The columns of a request that is made, or made anew, at a moment, to the partner's signatory."""
    return {
        "asked_name": partner.signatory_name,
        "email": partner.signatory_email,
        "token_digest": digest_of(token),
        "requested_at": at,
        "expires_at": at + LINK_LIFETIME,
        "reminded_at": None,
    }


def demand_signatory(partner: Partner) -> None:
    """Raise ValidationError unless the coalition's record says who signs for the partner, and where they are reached."""
    if not (partner.signatory_name and partner.signatory_email):
        raise ValidationError(f"Say first who signs for {partner}, and at which e-mail address.")


def is_expired(asked: Asked, at: datetime) -> bool:
    """Whether a request that was never answered can no longer be."""
    return asked.state == SignOffState.REQUESTED and at > asked.expires_at


def put_signature(asked: Asked, *, name: str, title: str, content_sha256: str, at: datetime) -> None:
    """Write a signature into a locked request. Raises ValidationError keyed by field for a missing name or title."""
    facts = {"signed_name": _tidy(name), "signed_title": _tidy(title)}
    _demand_filled(facts)
    _answer(asked, SignOffState.SIGNED, at, **facts, content_sha256=content_sha256)


def put_refusal(asked: Asked, *, name: str, reason: str, at: datetime) -> None:
    """Write into a locked request that it was declined, and why. Raises ValidationError keyed by field."""
    facts = {"signed_name": _tidy(name), "decline_reason": reason.strip()}
    _demand_filled(facts)
    _answer(asked, SignOffState.DECLINED, at, **facts)


def _answer(asked: Asked, state: SignOffState, at: datetime, **facts: str) -> None:
    asked.state, asked.answered_at = state, at
    for name, value in facts.items():
        setattr(asked, name, value)
    asked.save()


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _demand_filled(facts: dict[str, str]) -> None:
    errors = {}
    for name, value in facts.items():
        longest = _LONGEST[name]
        if not value:
            errors[name] = _EMPTY[name]
        elif longest and len(value) > longest:
            errors[name] = f"Shorten this to {longest} characters."
    if errors:
        raise ValidationError(errors)
