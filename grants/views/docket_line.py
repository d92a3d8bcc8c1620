"""Pages and buttons of a docket's lines: read or change one, rank them, add one, take one off, set what all get."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from grants import rules
from grants.domain import docket_line as domain
from grants.domain.queries import docket_money as money
from grants.domain.queries.docket import VERDICT_TONES, candidates, returned_before
from grants.domain.queries.review import submitted_of
from grants.enums import Decision, DocketState, LineVerdict
from grants.forms.docket import AddLineForm, LineForm, OrderForm, RankForm, ShareForm
from grants.forms.verdict import VerdictForm
from grants.models import Docket, DocketLine
from portal.access import Refused, demand
from portal.money import ZERO
from portal.record import Stale
from sites.models import Component

TONES = {Decision.AWARD: "go", Decision.WAITLIST: "wait", Decision.DECLINE: "bad"}


def _docket(request, reference):
    return get_object_or_404(Docket.objects.visible_to(request.user).select_related("round"), reference=reference)


def line_of(request, reference, proposal):
    """The line of a proposal on a docket this person may see, or a 404."""
    lines = DocketLine.objects.filter(docket=_docket(request, reference))
    return get_object_or_404(lines.select_related("docket__round", "proposal__site"), proposal__reference=proposal)


@require_http_methods(["GET", "HEAD", "POST"])
def line_detail(request, reference, proposal):
    """Decision, amounts by year and component, and texts: to change in a draft, else to read.

    A button that fills the amounts in saves nothing: the page comes back with them, and everything typed with it.
    """
    line = line_of(request, reference, proposal)
    if request.method == "POST":
        demand(rules.may_build_dockets(line.docket, request.user))
    components = list(Component.objects.all())
    asked = money.asked_of([line.proposal_id])[line.proposal_id]
    if request.method == "POST" and "fill" in request.POST:
        return line_page(request, line, form=_filled(request, line, components, asked))
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
                conditions=form.cleaned_data["conditions"],
                feedback=form.cleaned_data["feedback"],
            )
        except (Refused, Stale, ValidationError) as error:
            form.add_refusal(error)
            status = 422 if isinstance(error, ValidationError) else 409
        else:
            messages.success(request, f"{line.proposal.site} is saved.")
            return redirect("grants:docket-detail", reference)
    return line_page(request, line, form=form, status=status)


def _filled(request, line, components, asked):
    """The form as it was sent, with the amounts as asked, a share of it, or none."""
    share = ShareForm({"percent": request.POST.get("percent", "")})
    wanted = request.POST["fill"]
    form = LineForm(request.POST, line=line, components=components)
    if wanted == "share" and not share.is_valid():
        form.add_error("percent", "Enter a percentage from 1 to 100.")
        return form
    percent = (
        {"asked": money.FULL_SHARE, "clear": 0}.get(wanted) if wanted != "share" else share.cleaned_data["percent"]
    )
    grid = money.share_of(asked, percent or 0)
    return LineForm(LineForm.filled(request.POST, grid, components), line=line, components=components)


def line_page(request, line, *, form=None, verdict_form=None, status=200):
    """The page of a line with its form as it stands."""
    docket, components = line.docket, list(Component.objects.all())
    form = form or LineForm(line=line, components=components)
    grid = _grid(line, form)
    sent = docket.state == DocketState.SENT
    can_decide = sent and bool(rules.may_approve_docket(docket, request.user))
    can_build = bool(rules.may_build_dockets(docket, request.user))
    context = {
        "line": line,
        "docket": docket,
        "round": docket.round,
        "site": line.proposal.site,
        "form": form,
        "components": components,
        "grid": grid,
        "total": sum((row.total for row in grid), ZERO),
        "holds": any(row.held for row in grid),
        "decision_tone": TONES[Decision(line.decision)],
        "verdict_tone": VERDICT_TONES.get(LineVerdict(line.verdict), ""),
        "can_edit": docket.state == DocketState.DRAFT and can_build,
        "can_decide": can_decide,
        "verdict_form": verdict_form or VerdictForm(line=line) if can_decide else None,
        "said_before": returned_before(docket).get(line.proposal_id),
        "points": list(line.points.all()),
        "reviews": submitted_of(line.proposal),
    }
    return render(request, "grants/docket/line.html", context, status=status)


@require_POST
def line_move(request, reference, proposal, direction):
    """One place up or down."""
    line = line_of(request, reference, proposal)
    _try(request, lambda **stamp: domain.move_line(line, up=direction == "up", **stamp))
    return redirect("grants:docket-detail", reference)


@require_POST
def line_rank(request, reference, proposal):
    """To the rank that is typed."""
    line = line_of(request, reference, proposal)
    demand(rules.may_build_dockets(line.docket, request.user))
    form = RankForm(request.POST)
    if form.is_valid():
        _try(request, lambda **stamp: domain.move_line_to(line, rank=form.cleaned_data["rank"], **stamp))
    else:
        messages.error(request, "Enter a rank, such as 3.")
    return redirect("grants:docket-detail", reference)


@require_POST
def line_sort(request, reference):
    """Rank every line by a mean of its reviews."""
    docket = _docket(request, reference)
    demand(rules.may_build_dockets(docket, request.user))
    form = OrderForm(request.POST, version=docket.version)
    if form.is_valid():
        facts = {"order": form.cleaned_data["order"], "version": form.cleaned_data["version"]}
        _try(request, lambda **stamp: domain.sort_lines(docket, **facts, **stamp))
    else:
        messages.error(request, "Choose by which mean to rank.")
    return redirect("grants:docket-detail", reference)


@require_POST
def line_share(request, reference):
    """Give every award so many percent of what was asked."""
    docket = _docket(request, reference)
    demand(rules.may_build_dockets(docket, request.user))
    form = ShareForm(request.POST, version=docket.version)
    if form.is_valid():
        facts = {"percent": form.cleaned_data["percent"], "version": form.cleaned_data["version"]}
        _try(request, lambda **stamp: domain.share_awards(docket, **facts, **stamp))
    else:
        messages.error(request, "Enter a percentage from 1 to 100.")
    return redirect("grants:docket-detail", reference)


@require_POST
def line_remove(request, reference, proposal):
    """Take a proposal off the docket."""
    line = line_of(request, reference, proposal)
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
    except Stale:
        messages.error(request, "Somebody changed this docket since you opened it. Look at it again, then repeat it.")
