"""Taking back signatures that were given for other words: by a save of a section, or by a change of the coalition's record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from grants.domain.queries.dossier import dossier_of, forget_dossier
from grants.domain.queries.proposal import may_change, signable
from grants.enums import ProposalState, SignOffState
from grants.models import Proposal, SignOff
from portal.activity.domain import record
from portal.record import lock_all
from sites.models import Site
from sites.signals import coalition_changed

# The states in which a team may still change what its partners sign.
CHANGEABLE = (ProposalState.DRAFT, ProposalState.SUBMITTED, ProposalState.RETURNED)
_LONGEST = SignOff._meta.get_field("ended_because").max_length


def void_outdated(
    proposal: Proposal, *, actor: Any = None, at: datetime | None = None, because: str = ""
) -> list[SignOff]:
    """Mark the signatures under a locked proposal that were given for other words; returns them.

    Who changed what and when stays on each: `because` names what was changed (`the five-year budget`).
    """
    forget_dossier(proposal)
    dossier = dossier_of(proposal)
    if not dossier.has_signature:
        return []
    outdated = [
        each
        for each in dossier.sign_offs
        if each.state == SignOffState.SIGNED and each.content_sha256 != signable(dossier)
    ]
    end(outdated, SignOffState.VOID, actor=actor, at=at, because=because)
    forget_dossier(proposal)
    return outdated


def end(sign_offs: list[SignOff], state: SignOffState, *, actor: Any, at: datetime | None, because: str) -> None:
    """End requests or signatures of a locked proposal without their signatory."""
    SignOff.objects.filter(pk__in=[each.pk for each in sign_offs]).update(
        state=state, ended_at=at, ended_by=actor, ended_because=because[:_LONGEST]
    )


@receiver(coalition_changed)
def void_after_change_of_coalition(
    sender: Any, *, site: Site, actor: Any, at: datetime, what: str, **kwargs: Any
) -> None:
    """The record of a coalition is part of what its partners sign. Locks its open proposals, so that none is signed meanwhile."""
    rows = Proposal.objects.filter(site=site, state__in=CHANGEABLE)
    locked = [row for row in lock_all(rows) if may_change(row, at)]
    voided = [(row, found) for row in locked if (found := void_outdated(row, actor=actor, at=at, because=what))]
    for row, found in voided:
        names = " and ".join(each.signed_name for each in found)
        summary = f"{actor} changed {what} on the coalition’s record. No longer signed by {names}."
        record(row, "void_sign_offs", actor=actor, at=at, summary=summary, facts={"what": what})
