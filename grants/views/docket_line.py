"""Pages and buttons of one line of a docket: read or change it, move it, add one, take one off."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from grants import rules
from grants.domain import docket_line as domain
from grants.domain.queries import docket_money as money
from grants.domain.queries.docket import candidates
from grants.domain.queries.review import submitted_of
from grants.enums import Decision, DocketState
from grants.forms.docket import AddLineForm, LineForm
from grants.models import Docket, DocketLine
from portal.access import Refused, demand
from portal.money import ZERO
from portal.record import Stale
from sites.models import Component

TONES = {Decision.AWARD: "go", Decision.WAITLIST: "wait", Decision.DECLINE: "bad"}


def _docket(request, reference):
    return get_object_or_404(Docket.objects.visible_to(request.user).select_related("round"), reference=reference)


def _line(request, reference, proposal):
    lines = DocketLine.objects.filter(docket=_docket(request, reference))
    return get_object_or_404(lines.select_related("docket__round", "proposal__site"), proposal__reference=proposal)


@require_http_methods(["GET", "HEAD", "POST"])
def line_detail(request, reference, proposal):
    """Decision, amounts by year and component, note and feedback: to change in a draft, else to read."""
    line = _line(request, reference, proposal)
    may_build = rules.may_build_dockets(line.docket, request.user)
    if request.method == "POST":
        demand(may_build)
    components = list(Component.objects.all())
    form = LineForm(request.POST or None, line=line, components=components)
    status = 422 if request.method == "POST" else 200
    if form.is_valid():
        try:
            domain.change_line(
                line,
                actor=request.user,
                at=request.arrived_at,
                version=form.cleaned_data["version"],
                decision=form.cleaned_data["decision"],
                amounts=form.amounts,
                note=form.cleaned_data["note"],
                feedback=form.cleaned_data["feedback"],
            )
        except (Refused, Stale, ValidationError) as error:
            form.add_refusal(error)
            status = 422 if isinstance(error, ValidationError) else 409
        else:
            messages.success(request, f"{line.proposal.site} is saved.")
            return redirect("grants:docket-detail", reference)
    grid = _grid(line, form)
    context = {
        "line": line,
        "docket": line.docket,
        "round": line.docket.round,
        "site": line.proposal.site,
        "form": form,
        "components": components,
        "grid": grid,
        "total": sum((row.total for row in grid), ZERO),
        "holds": any(row.held for row in grid),
        "decision_tone": TONES[Decision(line.decision)],
        "can_edit": line.docket.state == DocketState.DRAFT and bool(may_build),
        "reviews": submitted_of(line.proposal),
    }
    return render(request, "grants/docket/line.html", context, status=status)


@require_POST
def line_move(request, reference, proposal, direction):
    """One place up or down."""
    line = _line(request, reference, proposal)
    _try(request, lambda **stamp: domain.move_line(line, up=direction == "up", **stamp))
    return redirect("grants:docket-detail", reference)


@require_POST
def line_remove(request, reference, proposal):
    """Take a proposal off the docket."""
    line = _line(request, reference, proposal)
    _try(request, lambda **stamp: domain.remove_line(line, **stamp))
    return redirect("grants:docket-detail", reference)


@require_POST
def line_add(request, reference):
    """Put one more proposal on the docket."""
    docket = _docket(request, reference)
    demand(rules.may_build_dockets(docket, request.user))
    form = AddLineForm(request.POST, candidates=candidates(docket))
    if form.is_valid():
        _try(request, lambda **stamp: domain.add_line(docket, form.cleaned_data["proposal"], **stamp))
    else:
        messages.error(request, "Choose a proposal to add.")
    return redirect("grants:docket-detail", reference)


def _grid(line, form):
    """The rows of the grid with what was asked and what the site already holds."""
    asked = money.by_year(money.asked_of([line.proposal_id])[line.proposal_id])
    held = {year: held.amount for (_, year), held in money.held_by([line.proposal.site_id]).items()}
    return form.rows(money.school_years(line.docket.round), asked, held)


def _try(request, act):
    """Run a small act and say a refusal on the docket's page."""
    demand(rules.may_build_dockets(None, request.user))
    try:
        act(actor=request.user, at=request.arrived_at)
    except Refused as refusal:
        messages.error(request, str(refusal))
