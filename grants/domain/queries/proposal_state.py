"""What a team may know of its proposal before the decisions are announced.

Everything a team sees of a proposal's state comes from here. Between the docket's way to the director and the
announcement a proposal is recommended or not recommended, and to the team both must look like "In review":

- the pill on a team's page: `applicant_state(proposal)`, a `ProposalState` (`.value`, `.label`), never `{% state %}`;
- the history beside it: `applicant_history(proposal)`, never the staff's `timeline`;
- a team's list filtered by state: `stored_states(shown)`, the stored states that look like the chosen one;
- refusals: the workflow engine asks `Proposal.told_state`, which keeps the secret by itself.
"""

from __future__ import annotations

from grants.enums import UNANNOUNCED, ProposalState
from portal.activity.models import Entry

# Acts on a proposal that are the foundation's own business; the names of reviewers are among them.
FOUNDATION_ONLY = frozenset(
    {"recommend", "pass_over", "reconsider", "overrule", "assign_reviewer", "unassign_reviewer", "pass_warnings"}
)


def applicant_state(proposal) -> ProposalState:
    """The state as the proposal's team may know it."""
    return ProposalState.IN_REVIEW if proposal.state in UNANNOUNCED else ProposalState(proposal.state)


def stored_states(shown: str) -> list[str]:
    """The stored states that a team sees as `shown`; none for a state that is not shown to teams."""
    return [state for state in ProposalState.values if _shown(state) == shown]


def applicant_history(proposal, limit: int = 20) -> list[Entry]:
    """The latest acts on a proposal that its team may know of, newest first."""
    return list(Entry.objects.of(proposal).exclude(verb__in=FOUNDATION_ONLY).only("at", "summary")[:limit])


def _shown(state: str) -> str:
    return ProposalState.IN_REVIEW if state in UNANNOUNCED else state
