"""Pages that move a deadline: for a round, after an outage, for one proposal; and a team's request for more time."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from grants import rules
from grants.domain import extension as domain
from grants.domain.queries import extension as queries
from grants.domain.queries.deadline import closing_of
from grants.domain.queries.proposal import team_addresses
from grants.enums import RequestState
from grants.forms.extension import DECLINE, AnswerForm, AskForm, ExtendForm, OutageForm
from grants.forms.wall_clock import wall_clock
from grants.models import FundingRound
from grants.views.proposal import visible_proposal
from grants.views.round import staff_round
from portal.access import Refused, demand
from portal.forms import typed
from portal.record import Stale
from portal.words import when_words

_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(_METHODS)
def round_extend(request, reference):
    """Close a whole round later."""
    round_ = staff_round(request, reference)
    demand(rules.may_run_rounds(round_, request.user))
    initial = {"until": wall_clock(round_.closes_at, round_.time_zone)}
    form = ExtendForm(typed(request), round_=round_, version=round_.version, initial=initial)
    page = _round_page(round_, "Give every team more time", "Move the deadline")
    return _two_steps(request, round_, form, page, check=domain.check_round, act=domain.extend_round)


@require_http_methods(_METHODS)
def round_outage(request, reference):
    """Tell that the portal could not be reached, and close the round later by at least as long."""
    round_ = staff_round(request, reference)
    demand(rules.may_run_rounds(round_, request.user))
    form = OutageForm(typed(request), round_=round_, version=round_.version)
    page = _round_page(round_, "Note an outage", "Publish the note and move the deadline")
    return _two_steps(request, round_, form, page, check=domain.check_outage, act=domain.note_outage)


@require_http_methods(_METHODS)
def proposal_extend(request, reference):
    """Give one proposal more time; a request of its team that waits is answered here."""
    proposal = visible_proposal(request, reference)
    demand(rules.may_run_rounds(proposal.round, request.user))
    asked = queries.latest_request(proposal)
    waits = asked is not None and asked.state == RequestState.OPEN
    page: dict[str, Any] = {
        "subject": proposal,
        "round": proposal.round,
        "heading": "Answer the request for more time" if waits else "More time for one proposal",
        "action": "Give more time",
        "asked": asked if waits else None,
        "people": team_addresses(proposal),
        "verdict": queries.may_extend(proposal),
        "closes": closing_of(proposal),
        "back": reverse("grants:proposal-detail", args=[reference]),
    }
    facts: dict[str, Any] = {"round_": proposal.round, "version": proposal.version}
    extending = {"check": domain.check_proposal, "act": domain.extend_proposal}
    if asked is None or not waits:
        return _two_steps(request, proposal, ExtendForm(typed(request), **facts), page, **extending)
    form = AnswerForm(typed(request), asked=asked, **facts)
    if form.is_bound and form["answer"].value() == DECLINE:
        page |= {"action": "Decline the request", "declines": True}
        return _two_steps(request, proposal, form, page, check=_nothing_to_check, act=_declining(asked))
    return _two_steps(request, proposal, form, page, **extending)


@require_http_methods(_METHODS)
def proposal_ask_time(request, reference):
    """A team asks for more time, and reads what became of its requests."""
    proposal = visible_proposal(request, reference)
    demand(rules.may_submit(proposal, request.user))
    form = AskForm(typed(request))
    status = 200
    if form.is_valid():
        try:
            domain.ask_for_time(proposal, reason=form.cleaned_data["reason"], actor=request.user, at=request.arrived_at)
        except (Refused, ValidationError) as error:
            form.add_refusal(error)
            status = 409
        else:
            messages.success(request, "Sent. The foundation answers by mail, and on this page.")
            return redirect("grants:proposal-detail", reference)
    elif form.errors:
        status = 422
    requests = queries.requests_of(proposal)
    context = {
        "proposal": proposal,
        "round": proposal.round,
        "form": form,
        "closes": closing_of(proposal),
        "is_over": request.arrived_at > closing_of(proposal),
        "until": queries.last_chance_to_ask(proposal),
        "verdict": queries.may_ask(proposal, request.arrived_at, requests[0] if requests else None),
        "requests": requests,
    }
    return render(request, "grants/extension/ask.html", context, status=status)


def _round_page(round_: FundingRound, heading: str, action: str) -> dict[str, Any]:
    return {
        "subject": round_,
        "round": round_,
        "heading": heading,
        "action": action,
        "people": [address for _, address in queries.teams_to_tell(round_)],
        "verdict": queries.may_extend_round(round_),
        "closes": round_.closes_at,
        "back": reverse("grants:round-detail", args=[round_.reference]),
        "is_round": True,
    }


def _nothing_to_check(proposal, *, at, **facts):
    """A no changes no deadline."""


def _declining(asked):
    def act(proposal, *, reason, actor, at, **facts):
        return domain.decline_request(asked, answer=reason, actor=actor, at=at)

    return act


def _two_steps(request, subject, form, page, *, check, act):
    """A form; then a page that says what will happen; then the act."""
    status, template = 200, "grants/extension/form.html"
    if form.is_valid():
        try:
            page["until"] = check(subject, at=request.arrived_at, **form.facts)
            if "confirmed" in request.POST:
                version = form.cleaned_data["version"]
                act(subject, actor=request.user, at=request.arrived_at, version=version, **form.facts)
                messages.success(request, _done(page))
                return redirect(page["back"])
            template = "grants/extension/confirm.html"
        except (Refused, Stale) as error:
            form.add_refusal(error)
            status, template = 409, "grants/extension/form.html"
        except ValidationError as error:
            form.add_refusal(error)
    if form.errors and status == 200:
        status = 422
    context = {"form": form, "kept": _kept(form, page), **page}
    if page.get("until"):
        context["warnings"] = queries.warnings_about(page["round"], page["until"])
    return render(request, template, context, status=status)


def _kept(form, page) -> list[tuple[str, str]]:
    """What was typed, to travel through the page that asks once more; a time that was left open is the one offered."""
    if not form.is_bound:
        return []
    kept = {bound.html_name: bound.value() or "" for bound in form}
    offered = None if kept.get("until") else wall_clock(page.get("until"), page["round"].time_zone)
    if offered is not None:
        kept["until"] = offered.isoformat(timespec="minutes")
    return list(kept.items())


def _done(page: dict[str, Any]) -> str:
    if page.get("declines"):
        return "Declined. The team is told why."
    return f"Done: it now closes {when_words(page['until'], page['round'].time_zone)}. The teams are told by mail."
