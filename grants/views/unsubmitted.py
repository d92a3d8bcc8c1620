"""What a team changed after submitting: reading what differs, and going back to what was submitted."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from grants import rules
from grants.domain import content, unsubmitted
from grants.domain.queries.closing import closing_for
from grants.domain.queries.differences import changes_between
from grants.domain.queries.proposal import may_submit_at
from grants.enums import ProposalState
from grants.views.proposal import visible_proposal
from portal.access import Refused, demand
from portal.forms import PortalForm, typed
from portal.record import Stale


@require_safe
def proposal_changes(request, reference):
    """What the proposal says now and its last submission does not."""
    proposal = visible_proposal(request, reference)
    return render(request, "grants/unsubmitted/changes.html", _facts(request, proposal))


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_changes_drop(request, reference):
    """Go back to what was submitted, after asking once."""
    proposal = visible_proposal(request, reference)
    demand(rules.may_submit(proposal, request.user))
    form = PortalForm(typed(request), version=proposal.version)
    status = 200
    if form.is_valid():
        try:
            unsubmitted.drop_changes(
                proposal, actor=request.user, at=request.arrived_at, version=form.cleaned_data["version"]
            )
        except (Refused, Stale) as error:
            form.add_refusal(error)
            status = 409
        else:
            messages.success(request, "Your proposal says again what you submitted. The dropped text is still kept.")
            return redirect("grants:proposal-detail", reference)
    elif form.errors:
        status = 422
    context = {"form": form, **_facts(request, proposal)}
    return render(request, "grants/unsubmitted/drop.html", context, status=status)


def _facts(request, proposal) -> dict:
    last = proposal.submissions.order_by("-number").first()
    open_now = proposal.state == ProposalState.SUBMITTED and bool(may_submit_at(proposal, request.arrived_at))
    return {
        "proposal": proposal,
        "round": proposal.round,
        "last": last,
        "changed": changes_between(last.content, content.build(proposal)) if last else [],
        "closing": closing_for(proposal, request.arrived_at),
        "can_drop": open_now and bool(rules.may_submit(proposal, request.user)),
    }
