"""What an open page of a section asks every few seconds: who else writes here, and whether somebody has saved."""

from __future__ import annotations

from django.http import Http404, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from grants import rules
from grants.domain import presence
from grants.enums import Section
from grants.models import ProposalSection
from grants.views.proposal import visible_proposal
from grants.views.section import Page
from portal.access import demand


@require_POST
def proposal_here(request, reference, key):
    """Note that the page is open, or that it was left. Nothing is written to the database."""
    proposal = visible_proposal(request, reference)
    if key not in Section.values and not key.startswith(f"{Section.PLAN}-"):
        raise Http404
    demand(rules.may_write_part(proposal, key, request.user))
    editor = Page(request).editor
    if request.POST.get("leaving"):
        presence.leave(proposal, editor=editor, at=request.arrived_at)
        return HttpResponse(status=204)
    others = presence.note(proposal, key, person=request.user, editor=editor, at=request.arrived_at) if editor else {}
    row = ProposalSection.objects.filter(proposal=proposal, key=key).select_related("saved_by").first()
    return JsonResponse(
        {
            "others": others.get(key, []),
            "version": row.version if row else 0,
            "saved_by": _saved_by(row, request.user) if row and row.editor != editor else "",
        }
    )


def _saved_by(row: ProposalSection, reader) -> str:
    return "You, in another window," if row.saved_by_id == reader.pk else str(row.saved_by)
