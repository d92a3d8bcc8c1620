"""How complete a proposal is, in sections; kept on its row, because boards and lists show hundreds at once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from grants.domain.queries.dossier import dossier_of
from grants.domain.queries.proposal import gaps_in
from grants.enums import ProposalState, RoundState
from grants.models import Proposal

# In this last stretch of a call people watch the numbers, and they are looked at again every few minutes.
LAST_HOURS = timedelta(hours=48)
SOON, SELDOM = timedelta(minutes=10), timedelta(hours=24)


def count_sections(proposal: Proposal) -> tuple[int, int]:
    """How many of its sections lack nothing for submitting, and how many it has."""
    dossier = dossier_of(proposal)
    return sum(1 for part in dossier.parts if not gaps_in(dossier, part)), len(dossier.parts)


def to_count_again(at: datetime) -> QuerySet[Proposal]:
    """Drafts whose numbers may be old, the oldest first.

    What is saved by hand is counted at once, and what changes in the coalition's record. Autosaves are not, nor a new
    version of the questions: those are caught up with here, within minutes before a call closes, else once a day.
    """
    drafts = Proposal.objects.filter(state__in=[ProposalState.DRAFT, ProposalState.RETURNED])
    drafts = drafts.filter(round__state=RoundState.PUBLISHED, round__opens_at__lte=at)
    closing = Q(round__closes_at__lte=at + LAST_HOURS, round__closes_at__gte=at - LAST_HOURS)
    closing |= Q(extended_until__lte=at + LAST_HOURS, extended_until__gte=at - LAST_HOURS)
    old = Q(sections_counted_at=None) | Q(sections_counted_at__lt=at - SELDOM)
    old |= closing & Q(sections_counted_at__lt=at - SOON)
    rows = drafts.filter(old).select_related("round", "site").defer("set_aside")
    return rows.order_by(F("sections_counted_at").asc(nulls_first=True), "pk")
