"""What a team changed after submitting: going back to what it submitted last, while the call is still open."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from grants import rules
from grants.domain import content
from grants.domain.baseline import baseline_state
from grants.domain.budget import budget_state
from grants.domain.completeness import recount
from grants.domain.queries.differences import changes_between
from grants.domain.queries.dossier import Dossier, Part, dossier_of, forget_dossier
from grants.domain.queries.proposal import may_submit_at, signable
from grants.domain.revision import keep, text_state
from grants.domain.submission import restore_submitted
from grants.enums import ProposalState, Section, SignOffState
from grants.models import Proposal, ProposalSection, SignOff
from portal.access import Refused, demand
from portal.activity.domain import record
from portal.record import lock

# What the proposal itself says; the coalition's record and the signatures are not the team's to take back here.
_STATES = {Section.BUDGET: budget_state, Section.BASELINE: baseline_state}


def drop_changes(proposal: Proposal, *, actor: Any, at: datetime, version: int | None = None) -> Proposal:
    """Go back to what was submitted last; the newer text stays readable, and in the versions of each section.

    Signatures that were given for exactly what stands there again hold again. Locks the proposal. Raises `Refused`
    when nothing was submitted, the call is over or the person may not, and `Stale`.
    """
    demand(rules.may_submit(proposal, actor))
    with transaction.atomic():
        row = lock(proposal, version=version)
        if row.state != ProposalState.SUBMITTED:
            raise Refused("Only changes made after submitting can be dropped.")
        demand(may_submit_at(row, at))
        newest = content.build(row)
        number = restore_submitted(row, at=at)
        row.version += 1
        row.save()
        restored = content.build(row)
        for change in changes_between(newest, restored):
            _note(dossier_of(row), change.key, actor=actor, at=at)
        _revive_signatures(row)
        recount(row, at=at)
        summary = f"{actor} dropped the changes made since submission {number}."
        record(row, "drop_changes", actor=actor, at=at, summary=summary, facts={"number": number})
    forget_dossier(proposal)
    return row


def _note(dossier: Dossier, key: str, *, actor: Any, at: datetime) -> None:
    """Count a section's version up, so that whoever has it open is told, and keep what it says as a version."""
    part = dossier.part(key)
    if part is None or part.section in {Section.ATTACHMENTS, Section.SIGNOFFS}:
        return
    section, _ = ProposalSection.objects.get_or_create(
        proposal=dossier.proposal, key=key, defaults={"saved_at": at, "saved_by": actor, "version": 0}
    )
    section.version += 1
    section.saved_at, section.saved_by, section.editor, section.turn = at, actor, "", 0
    section.save()
    keep(dossier.proposal, key, actor=actor, at=at, editor="", content=_state(dossier, part))


def _state(dossier: Dossier, part: Part) -> dict[str, Any]:
    known = _STATES.get(part.section)
    return known(dossier) if known else text_state(dossier, part)


def _revive_signatures(proposal: Proposal) -> None:
    forget_dossier(proposal)
    dossier = dossier_of(proposal)
    standing = [
        latest.pk
        for partner in dossier.partners
        if (latest := dossier.latest_sign_off(partner))
        and latest.state == SignOffState.VOID
        and latest.content_sha256 == signable(dossier)
    ]
    SignOff.objects.filter(pk__in=standing).update(
        state=SignOffState.SIGNED, ended_at=None, ended_by=None, ended_because=""
    )
    forget_dossier(proposal)
