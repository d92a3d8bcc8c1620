"""Where a proposal stands, in its applicant's words."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from grants import rules
from grants.domain.queries import message, status
from grants.domain.queries.letter import released_of
from grants.views.proposal import is_team, visible_proposal


@require_safe
def proposal_status(request, reference):
    """What has happened, what happens now, what comes and when, and who to ask. Staff read what the team reads."""
    proposal = visible_proposal(request, reference)
    on_team = is_team(request, proposal)
    number, waiting = message.count_messages(proposal, foundation=not on_team)
    context = {
        "proposal": proposal,
        "round": proposal.round,
        "is_team": on_team,
        "stages": status.stages_of(proposal, request.arrived_at),
        "officers": message.officers_of(proposal),
        "messages_number": number,
        "messages_waiting": waiting,
        "may_write": rules.may_message(proposal, request.user),
        "letter": next(iter(released_of(proposal)), None) if proposal.decided_at else None,
        "last": proposal.submissions.order_by("-number").defer("content").first(),
    }
    return render(request, "grants/status/detail.html", context)
