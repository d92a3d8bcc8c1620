"""Messages between the foundation and a team about its proposal: written once, mailed, kept for good."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction

from grants import rules
from grants.domain.queries.message import officers_of, waiting_for
from grants.domain.queries.proposal import team_addresses
from grants.models import Proposal, TeamMessage
from portal.access import Refused, demand
from portal.accounts.enums import Role
from portal.activity.domain import record
from portal.mail.domain import send
from portal.record import lock
from portal.words import tidy

LONGEST = 20_000  # characters


def write_message(proposal: Proposal, text: str, *, actor: Any, at: datetime, key: str) -> TeamMessage:
    """Write to the other side, which gets it by mail. What that side had written before counts as answered.

    Locks the proposal. `key` is the random one the form carried: the same text of the same form again returns the
    message there is. Raises ValidationError keyed `text` for an empty or very long one, `Refused` when the person may
    only read.
    """
    demand(rules.may_message(proposal, actor))
    text = tidy(text).strip()
    if not text:
        raise ValidationError({"text": "Write your message first."})
    if len(text) > LONGEST:
        raise ValidationError({"text": f"Shorten this to {LONGEST:,} characters, or send it in two messages."})
    # Another text under the same form's key is another message: the page was kept open and written on.
    public_id = uuid5(UUID(key), f"{proposal.reference} {actor.pk} {text}")
    with transaction.atomic():
        row = lock(proposal)
        known = TeamMessage.objects.filter(public_id=public_id).first()
        if known is not None:
            return known
        ours = Role.OFFICER in actor.roles
        waiting_for(row, foundation=ours).update(settled_by=actor, settled_at=at)
        message = TeamMessage.objects.create(
            public_id=public_id, proposal=row, from_foundation=ours, author=actor, text=text, sent_at=at
        )
        for address in team_addresses(row) if ours else [each.email for each in officers_of(row)]:
            send(
                "team_message" if ours else "message_from_team", address, context={"proposal": row, "message": message}
            )
        record(
            row,
            "write_message",
            actor=actor,
            at=at,
            summary=f"Message from {actor} to {'the team' if ours else 'the foundation'}.",
            facts={"message": str(public_id)},
        )
    return message


def settle(message: TeamMessage, *, actor: Any, at: datetime) -> TeamMessage:
    """Say that a message needs no answer: by the side it waits for. Pressing twice settles once.

    Raises `Refused` for the side that wrote it and for whoever may only read.
    """
    demand(rules.may_message(message.proposal, actor))
    if message.from_foundation == (Role.OFFICER in actor.roles):
        raise Refused("This message waits for the other side, so only they can say that it needs no answer.")
    with transaction.atomic():
        row = lock(message.proposal)
        if not TeamMessage.objects.filter(pk=message.pk, settled_at=None).update(settled_by=actor, settled_at=at):
            message.refresh_from_db()
            return message
        record(
            row,
            "settle_message",
            actor=actor,
            at=at,
            summary=f"A message of {message.author} needs no answer, says {actor}.",
            facts={"message": str(message.public_id)},
        )
    message.settled_by, message.settled_at = actor, at
    return message
