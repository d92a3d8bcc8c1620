"""Keeping the number of finished sections on a proposal's row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from grants.domain.queries.completeness import count_sections, to_count_again
from grants.domain.queries.dossier import forget_dossier
from grants.enums import ProposalState
from grants.models import Proposal
from sites.models import Site
from sites.signals import coalition_changed

# Proposals counted in one run of the sweep: about ten queries each, none of which locks anything.
AT_ONCE = 100


def recount(proposal: Proposal, *, at: datetime) -> None:
    """Count its sections as they are stored now. Not a change of the proposal: its version stays."""
    forget_dossier(proposal)
    done, total = count_sections(proposal)
    forget_dossier(proposal)
    proposal.sections_done, proposal.sections_total, proposal.sections_counted_at = done, total, at
    Proposal.objects.filter(pk=proposal.pk).update(sections_done=done, sections_total=total, sections_counted_at=at)


def recount_oldest(*, at: datetime) -> int:
    """Count again where the numbers may be old, a batch a run; see `to_count_again`. Returns how many."""
    rows = list(to_count_again(at)[:AT_ONCE])
    for proposal in rows:
        recount(proposal, at=at)
    return len(rows)


@receiver(coalition_changed)
def recount_after_change_of_coalition(sender: Any, *, site: Site, at: datetime, **kwargs: Any) -> None:
    """Partners and schools are a section of each of the site's drafts."""
    for proposal in Proposal.objects.filter(site=site, state=ProposalState.DRAFT).select_related("round", "site"):
        recount(proposal, at=at)
