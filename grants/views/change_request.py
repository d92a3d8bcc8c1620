"""Asking a team for changes: choosing sections, what the team will read, giving it longer."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from grants import rules
from grants.domain import change_request as domain
from grants.domain.queries.dossier import dossier_of
from grants.domain.queries.proposal import team_addresses
from grants.forms.change_request import ChangeRequestForm, DueForm, usual_due
from grants.forms.wall_clock import wall_clock
from grants.views.proposal import visible_proposal
from grants.workflow import PROPOSAL
from portal.access import Refused, demand
from portal.forms import typed
from portal.record import Stale
from portal.words import when_words


@require_http_methods(["GET", "HEAD", "POST"])
def change_request_new(request, reference):
    """Choose what to change and by when; then a page shows what the team will read, and its button sends it."""
    proposal = visible_proposal(request, reference)
    demand(rules.may_screen(proposal, request.user))
    parts = dossier_of(proposal).parts
    zone = proposal.round.time_zone
    initial = {"due_at": usual_due(request.arrived_at, zone)}
    form = ChangeRequestForm(typed(request), parts=parts, zone=zone, version=proposal.version, initial=initial)
    status = 200
    if form.is_valid() and "change" not in request.POST:
        facts = {"note": form.cleaned_data["note"], "due_at": form.cleaned_data["due_at"], "items": form.items}
        try:
            if "confirmed" in request.POST:
                version = form.cleaned_data["version"]
                domain.ask_for_changes(proposal, actor=request.user, at=request.arrived_at, version=version, **facts)
                messages.success(request, "The team is asked by mail. Until then only those sections are open.")
                return redirect("grants:proposal-detail", reference)
            domain.check_request(proposal, at=request.arrived_at, **facts)
        except (Refused, Stale, ValidationError) as error:
            form.add_refusal(error)
            status = 422 if isinstance(error, ValidationError) else 409
        else:
            return _preview(request, proposal, form)
    elif form.errors:
        status = 422
    context = {
        "proposal": proposal,
        "round": proposal.round,
        "form": form,
        "verdict": PROPOSAL.verdict(proposal, "return", request.user),
        "signed": dossier_of(proposal).has_signature and proposal.round.sign_offs_required,
    }
    return render(request, "grants/change_request/form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def change_request_extend(request, reference):
    """Give the team longer for the changes it was asked for."""
    proposal = visible_proposal(request, reference)
    demand(rules.may_screen(proposal, request.user))
    asked = dossier_of(proposal).change_request
    if asked is None:
        raise Http404
    zone = proposal.round.time_zone
    form = DueForm(typed(request), zone=zone, initial={"due_at": wall_clock(asked.due_at, zone)})
    status = 200
    if form.is_valid():
        asked.proposal = proposal
        due_at = form.cleaned_data["due_at"]
        try:
            domain.extend_request(asked, actor=request.user, at=request.arrived_at, due_at=due_at)
        except (Refused, ValidationError) as error:
            form.add_refusal(error)
            status = 409 if isinstance(error, Refused) else 422
        else:
            messages.success(request, f"The team has time until {when_words(due_at, zone)} and is told by mail.")
            return redirect("grants:proposal-detail", reference)
    elif form.errors:
        status = 422
    context = {"proposal": proposal, "round": proposal.round, "asked": asked, "form": form}
    return render(request, "grants/change_request/extend.html", context, status=status)


def _preview(request, proposal, form):
    """What will happen, with everything that was typed travelling along."""
    context = {
        "proposal": proposal,
        "round": proposal.round,
        "form": form,
        "note": form.cleaned_data["note"],
        "due_at": form.cleaned_data["due_at"],
        "items": [(part.title, form.items[part.key]) for part in form.parts if part.key in form.items],
        "people": team_addresses(proposal),
        "kept": [(bound.html_name, bound.value()) for bound in form if bound.value() not in {None, "", False}],
        "signed": dossier_of(proposal).has_signature and proposal.round.sign_offs_required,
    }
    return render(request, "grants/change_request/confirm.html", context)
