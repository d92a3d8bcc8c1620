"""Writing the activity log, and reading one record's share of it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from portal.activity.models import Entry, Head
from portal.workflow import Transition, workflow_of

NOBODY = "The portal"


def record(
    subject: models.Model,
    verb: str,
    *,
    actor: Any,
    at: datetime,
    summary: str,
    facts: dict[str, Any] | None = None,
    actor_label: str = "",
) -> Entry:
    """Append one act to the log, in the caller's transaction.

    `actor` is the person, or None when the portal acted by itself or `actor_label` names somebody without an account
    (a partner who signed through a link). `facts` may hold text, numbers, dates, decimals and lists of them.
    Locks the head of the chain until the transaction ends: lock every other row first, call this last.
    """
    person = actor if actor is not None and actor.pk else None
    with transaction.atomic(savepoint=False):
        head = Head.objects.select_for_update().get(pk=Head.ONLY)
        entry = Entry(
            sequence=head.sequence + 1,
            at=at,
            actor=person,
            actor_label=actor_label or (_label(person) if person else NOBODY),
            verb=verb,
            noun=subject._meta.label_lower,
            subject_pk=str(subject.pk),
            reference=str(getattr(subject, "reference", "") or subject)[:200],
            summary=summary,
            facts=_storable(facts or {}),
            previous_hash=head.hash,
        )
        entry.hash = entry.digest()
        entry.save(force_insert=True)
        head.sequence, head.hash = entry.sequence, entry.hash
        head.save(update_fields=["sequence", "hash"])
    return entry


def record_step(
    sender: type[models.Model],
    *,
    subject: models.Model,
    step: Transition,
    actor: Any,
    at: datetime,
    comment: str,
    before: str,
    **kwargs: Any,
) -> None:
    """Receiver of `step_performed`: one entry for every step of every workflow."""
    field = workflow_of(subject._meta.label_lower).field
    after = getattr(subject, f"get_{field}_display")()
    record(
        subject,
        step.name,
        actor=actor,
        at=at,
        summary=f"{step.label}: {subject} is now {after.lower()}.",
        facts={"before": before, "after": step.target, "comment": comment},
    )


def timeline(subject: models.Model, limit: int = 20) -> list[Entry]:
    """The latest acts on one record, newest first, for the history beside it, whose page knows who may read it."""
    return list(Entry.objects.of(subject).only("at", "summary")[:limit])


def _label(person: Any) -> str:
    return f"{person} ({person.email})" if str(person) != person.email else person.email


def _storable(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts as both databases give them back, so that the hash can be taken again from the stored row."""
    return _whole(json.loads(json.dumps(facts, cls=DjangoJSONEncoder, allow_nan=False)))


def _whole(value: Any) -> Any:
    """PostgreSQL keeps numbers, not spellings: 2.0 may come back as 2, so a whole float is stored as an integer."""
    if isinstance(value, dict):
        return {key: _whole(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_whole(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
