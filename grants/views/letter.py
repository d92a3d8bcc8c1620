"""Pages of the letters of decision: a docket's letters, one of them, releasing, and the letter as its team reads it."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grants.domain.queries import letter as queries
from grants.views.proposal import is_team, visible_proposal


@require_safe
def proposal_letter(request, reference):
    """The released letters about a proposal, for its team and for staff; not found before one is released."""
    proposal = visible_proposal(request, reference)
    letters = queries.released_of(proposal)
    if not letters:
        raise Http404
    context = {
        "proposal": proposal,
        "round": proposal.round,
        "is_team": is_team(request, proposal),
        "letter": letters[0],
        "earlier": letters[1:],
    }
    return render(request, "grants/letter/read.html", context)
