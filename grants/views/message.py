"""The thread of a proposal: what team and foundation wrote to each other, and what happened between."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from grants import rules
from grants.domain import message as domain
from grants.domain.queries import message as queries
from grants.forms.message import MessageForm
from grants.models import TeamMessage
from grants.views.proposal import is_team, visible_proposal
from portal import keyset
from portal.access import Refused, demand
from portal.forms import typed


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_messages(request, reference):
    """Read the thread, the newest first, and write. The form's key makes a double click or a retry send once."""
    proposal = visible_proposal(request, reference)
    may_write = rules.may_message(proposal, request.user)
    form = MessageForm(typed(request), initial={"key": uuid4()})
    status = 200
    if request.method == "POST":
        demand(may_write)
        status = 422
    if form.is_valid():
        try:
            domain.write_message(
                proposal,
                form.cleaned_data["text"],
                actor=request.user,
                at=request.arrived_at,
                key=form.cleaned_data["key"].hex,
            )
        except (Refused, ValidationError) as error:
            form.add_refusal(error)
        else:
            messages.success(request, "Your message is sent.")
            return redirect("grants:proposal-messages", reference)
    on_team = is_team(request, proposal)
    page = keyset.page(queries.messages_of(proposal), request, moment="sent_at")
    context = {
        "proposal": proposal,
        "is_team": on_team,
        "may_write": may_write,
        "form": form,
        "page": page,
        "items": queries.thread(proposal, page, whole=not page.next_url, newest=not page.previous_url),
        "waiting": queries.count_messages(proposal, foundation=not on_team)[1],
    }
    return render(request, "grants/message/thread.html", context, status=status)


@require_POST
def message_settle(request, reference, message):
    """Say that a message of the other side needs no answer."""
    proposal = visible_proposal(request, reference)
    found = get_object_or_404(TeamMessage.objects.select_related("author"), proposal=proposal, public_id=message)
    found.proposal = proposal
    domain.settle(found, actor=request.user, at=request.arrived_at)
    messages.success(request, "Noted: this message needs no answer.")
    return redirect("grants:proposal-messages", reference)
