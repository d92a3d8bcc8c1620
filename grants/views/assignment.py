"""Buttons by which staff ask reviewers and take reviews back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from grants import rules
from grants.domain import review as domain
from grants.models import Proposal, Review
from grants.views.screening import assign_form_for, record
from portal.access import Refused, demand


@require_POST
def review_assign(request, reference):
    """Ask somebody to review a proposal."""
    proposals = Proposal.objects.visible_to(request.user).select_related("round", "site")
    proposal = get_object_or_404(proposals, reference=reference)
    demand(rules.may_assign(proposal, request.user))
    form, _ = assign_form_for(proposal, request.POST)
    if not form.is_valid():
        return record(request, proposal, assign_form=form, status=422)
    reviewer = form.cleaned_data["reviewer"]
    try:
        domain.assign_reviewer(
            proposal, reviewer, actor=request.user, at=request.arrived_at, due_on=form.cleaned_data["due_on"]
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{reviewer} was asked to review it.")
    return redirect("grants:proposal-detail", reference)


@require_POST
def review_unassign(request, reference):
    """Take a review back that its reviewer has not begun."""
    reviews = Review.objects.visible_to(request.user).select_related("proposal", "reviewer")
    review = get_object_or_404(reviews, reference=reference)
    demand(rules.may_assign(review, request.user))
    try:
        domain.unassign_reviewer(review, actor=request.user, at=request.arrived_at)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{review.reviewer} was taken off the list.")
    return redirect("grants:proposal-detail", review.proposal.reference)
