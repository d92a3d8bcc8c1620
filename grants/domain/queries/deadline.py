"""When a proposal closes: the one answer every act, page, list and mail uses."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from grants.domain.queries.dossier import dossier_of
from grants.enums import ProposalState
from grants.models import Proposal


def closing_of(proposal: Proposal) -> datetime:
    """The last instant of the call for this proposal: the round's, or its own where staff gave it more time."""
    closes: datetime = proposal.round.closes_at
    return max(closes, proposal.extended_until or closes)


def deadline_of(proposal: Proposal) -> datetime:
    """Until when its team may submit: the day set for changes the foundation asked for, or else when the call closes.

    A request that arrived at this very instant is in time.
    """
    if proposal.state == ProposalState.RETURNED:
        asked = dossier_of(proposal).change_request
        if asked is not None:
            due: datetime = asked.due_at
            return due
    return closing_of(proposal)


def closed_before(at: datetime, prefix: str = "") -> Q:
    """The filter of proposals whose call is over at that moment; `prefix` leads to them (`proposal__`)."""
    own = Q(**{f"{prefix}extended_until": None}) | Q(**{f"{prefix}extended_until__lt": at})
    return Q(**{f"{prefix}round__closes_at__lt": at}) & own
