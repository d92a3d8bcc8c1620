"""Pages of a discussion: staff's side of it at the proposal, a reviewer's side at their own review."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from grants import rules
from grants.domain import discussion as domain
from grants.domain.queries import discussion as queries
from grants.domain.queries.blind import reading_of
from grants.forms.discussion import OpenForm, PostForm
from grants.models import Proposal, Review
from grants.views.proposal import visible_proposal
from grants.workflow import REVIEW
from portal.access import Refused, demand
from portal.forms import PortalForm, typed


def reviewed_proposal(request, reference) -> Proposal:
    """The proposal whose reviews a staff page is about. Raises Http404, or `Refused` for whoever may not read them."""
    demand(rules.may_read_as_staff(None, request.user))
    proposal = visible_proposal(request, reference)
    demand(rules.may_read_reviews_of(proposal, request.user))
    return proposal


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_discussion(request, reference):
    """For staff: open a discussion; then read it with the reviewers' names, and write."""
    proposal = reviewed_proposal(request, reference)
    discussion = queries.discussion_of(proposal.pk)
    if discussion is None:
        return _open(request, proposal)
    discussion.proposal = proposal
    may_write = rules.may_speak_in_discussions(discussion, request.user)
    if request.method == "POST":
        demand(may_write)
    form = PostForm(typed(request), initial={"key": uuid4()})
    if form.is_valid() and _write(request, discussion, form):
        return redirect("grants:proposal-discussion", reference)
    people = queries.everybody(proposal.pk)
    context = _context(request, discussion, proposal, people, form, as_staff=True) | {
        "people": people,
        "may_write": may_write,
        "may_close": rules.may_lead_discussions(discussion, request.user),
    }
    return render(request, "grants/discussion/detail.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def discussion_close(request, reference):
    """Say what closing means, then close."""
    proposal = reviewed_proposal(request, reference)
    discussion = queries.discussion_of(proposal.pk)
    if discussion is None:
        raise Http404
    demand(rules.may_lead_discussions(discussion, request.user))
    discussion.proposal = proposal
    form = PortalForm(typed(request))
    if form.is_valid():
        domain.close_discussion(discussion, actor=request.user, at=request.arrived_at)
        messages.success(request, "The discussion is closed.")
        return redirect("grants:proposal-discussion", reference)
    unfinished = [each for each in queries.taking_part(queries.everybody(proposal.pk)) if each.scores_again]
    context = {"proposal": proposal, "discussion": discussion, "unfinished": unfinished}
    return render(request, "grants/discussion/close.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def review_discussion(request, reference):
    """For a reviewer who has submitted: read the thread, in which the other reviewers have numbers, and write."""
    rows = Review.objects.visible_to(request.user).select_related("proposal__round", "proposal__site", "reviewer")
    review = get_object_or_404(rows, reference=reference)
    demand(rules.may_discuss(review, request.user))
    proposal = review.proposal
    discussion = queries.discussion_of(proposal.pk)
    if discussion is None:
        raise Http404
    discussion.proposal = proposal
    form = PostForm(typed(request), initial={"key": uuid4()})
    if form.is_valid() and _write(request, discussion, form, review=review):
        return redirect("grants:review-discussion", reference)
    people = queries.everybody(proposal.pk)
    # In a blind round names are taken out of what anybody wrote, as they are of the reasons on the review's own page.
    told = reading_of(review, request.user).said if review.is_blind else str
    context = _context(request, discussion, proposal, people, form, as_staff=False, told=told) | {
        "review": review,
        "title": f"Proposal {proposal.reference}" if review.is_blind else proposal.title,
        "own": next(each.label for each in people if each.review.pk == review.pk),
        "may_write": True,
        "offers": [each for each in REVIEW.offered(review, request.user) if each.step.name == "rescore"],
    }
    return render(request, "grants/discussion/own.html", context, status=422 if form.errors else 200)


def _open(request, proposal):
    may_open = rules.may_lead_discussions(proposal, request.user)
    if request.method == "POST":
        demand(may_open)
    form = OpenForm(typed(request))
    status = 200
    if form.is_valid():
        try:
            domain.open_discussion(proposal, form.cleaned_data["question"], actor=request.user, at=request.arrived_at)
        except (Refused, ValidationError) as error:
            form.add_refusal(error)
            status = 409 if isinstance(error, Refused) else 422
        else:
            messages.success(request, "The discussion is open. Its reviewers are told by mail.")
            return redirect("grants:proposal-discussion", proposal.reference)
    people = queries.everybody(proposal.pk)
    context = {
        "proposal": proposal,
        "round": proposal.round,
        "form": form,
        "may_open": may_open,
        "obstacles": queries.obstacles_to_opening(proposal),
        "people": queries.taking_part(people),
    }
    return render(
        request, "grants/discussion/new.html", context, status=422 if form.errors and status == 200 else status
    )


def _write(request, discussion, form, *, review=None) -> bool:
    try:
        domain.write_post(
            discussion,
            form.cleaned_data["text"],
            actor=request.user,
            at=request.arrived_at,
            key=form.cleaned_data["key"].hex,
            review=review,
        )
    except (Refused, ValidationError) as error:
        form.add_refusal(error)
        return False
    messages.success(request, "Your contribution is in the discussion.")
    return True


def _context(request, discussion, proposal, people, form, *, as_staff: bool, told=str) -> dict:
    return {
        "discussion": discussion,
        "question": told(discussion.question),
        "proposal": proposal,
        "round": proposal.round,
        "form": form,
        "posts": queries.thread(discussion, people, request.user, as_staff=as_staff, told=told),
        "obstacles": queries.obstacles_to_writing(discussion, proposal),
    }
