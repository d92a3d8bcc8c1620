"""Asking a team to change named sections of what it submitted, giving it longer for that, going on without."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from grants import rules
from grants.domain.proposal import tell_team
from grants.domain.queries.dossier import dossier_of, forget_dossier
from grants.domain.submission import restore_submitted
from grants.models import ChangeItem, ChangeRequest, Proposal
from grants.workflow import PROPOSAL
from portal.access import Refused, demand
from portal.activity.domain import record
from portal.certain import certain
from portal.record import bump, lock
from portal.words import when_words


def ask_for_changes(
    proposal: Proposal,
    *,
    actor: Any,
    at: datetime,
    note: str,
    due_at: datetime,
    items: Mapping[str, str],
    version: int | None = None,
) -> ChangeRequest:
    """Return a submitted proposal to its team: `items` says by the section's key what to change there, by `due_at`.

    Raises ValidationError keyed `note`, `due_at`, `items` or `what_<key>` for what is missing, `Refused` when the
    person may not or not now, `Stale` when the proposal has moved on since `version`.
    """
    demand(rules.may_screen(proposal, actor))
    wanted = {key: text.strip() for key, text in items.items()}
    check_request(proposal, note=note, due_at=due_at, at=at, items=wanted)
    row = PROPOSAL.perform(
        proposal, "return", actor=actor, at=at, comment=note, version=version, due_at=due_at, items=wanted
    )
    return certain(dossier_of(row).change_request)


def open_for_changes(
    proposal: Proposal, *, actor: Any, at: datetime, comment: str, due_at: datetime, items: Mapping[str, str]
) -> None:
    """Effect of `return`: the named sections are open again, and the team reads what is asked for."""
    forget_dossier(proposal)
    asked = ChangeRequest.objects.create(proposal=proposal, note=comment, due_at=due_at, asked_by=actor, asked_at=at)
    dossier = dossier_of(proposal)
    rows = [
        ChangeItem(request=asked, section=part.key, what=items[part.key]) for part in dossier.parts if part.key in items
    ]
    ChangeItem.objects.bulk_create(rows)
    tell_team(
        proposal,
        "proposal_returned",
        asked=asked,
        items=[(certain(dossier.part(each.section)).title, each.what) for each in rows],
        due=when_words(due_at, proposal.round.time_zone),
        officer=actor,
    )


def extend_request(asked: ChangeRequest, *, actor: Any, at: datetime, due_at: datetime) -> ChangeRequest:
    """Give the team longer for its changes. Locks the proposal, so that an answer under way counts as it arrived.

    Raises `Refused` when the request is closed or the person may not, ValidationError keyed `due_at` for a moment that
    is past or not later than the one there is.
    """
    demand(rules.may_screen(asked.proposal, actor))
    with transaction.atomic():
        proposal = lock(asked.proposal)
        row = ChangeRequest.objects.select_for_update(of=("self",)).get(pk=asked.pk)
        if row.closed_at is not None:
            raise Refused("This request is closed, so there is nothing to give more time for.")
        if due_at <= at:
            raise ValidationError({"due_at": "Choose a moment that is still to come."})
        if due_at <= row.due_at:
            raise ValidationError(
                {"due_at": "Choose a moment later than the present one; a deadline is not shortened."}
            )
        was, row.due_at = row.due_at, due_at
        row.save(update_fields=["due_at"])
        bump(proposal)
        due = when_words(due_at, proposal.round.time_zone)
        tell_team(proposal, "proposal_changes_longer", asked=row, due=due, officer=actor)
        record(
            proposal,
            "extend_changes",
            actor=actor,
            at=at,
            summary=f"More time for the changes: until {due}.",
            facts={"was": was, "until": due_at},
        )
    forget_dossier(asked.proposal)
    return row


def go_on_without(proposal: Proposal, *, actor: Any, at: datetime, comment: str) -> None:
    """Effect of `close_changes`: the proposal counts as it was submitted; what was written since is set aside, kept."""
    ChangeRequest.objects.filter(proposal=proposal, closed_at=None).update(closed_at=at)
    forget_dossier(proposal)
    restore_submitted(proposal, at=at)
    tell_team(proposal, "proposal_changes_closed", reason=comment, officer=actor)


def check_request(proposal: Proposal, *, note: str, due_at: datetime, at: datetime, items: Mapping[str, str]) -> None:
    """Raise ValidationError keyed `note`, `due_at`, `items` or `what_<key>` for what is missing or cannot be."""
    known = {part.key for part in dossier_of(proposal).parts}
    errors = {f"what_{key}": "Say what to change here; the team reads it." for key, text in items.items() if not text}
    if not items or not items.keys() <= known:
        errors["items"] = "Choose at least one section of this proposal."
    if not note.strip():
        errors["note"] = "Write a few words to the team; they open the mail with them."
    if due_at <= at:
        errors["due_at"] = "Choose a moment that is still to come."
    if errors:
        raise ValidationError(errors)
