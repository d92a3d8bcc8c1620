"""Staff's pages of funding rounds: all of them, making one, one with its counts and steps, the preview."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from grants import rules
from grants.domain import round as domain
from grants.domain.queries import burden, call, extension
from grants.domain.queries import round as queries
from grants.domain.queries.question_version import prepared_changes
from grants.domain.round_copy import copy_round, moved_dates, suggested_name
from grants.enums import ProposalState, RoundState
from grants.forms.round import CopyForm, RoundForm
from grants.models import FundingRound
from grants.workflow import ROUND
from portal.access import Refused, demand
from portal.activity.domain import timeline
from portal.forms import PortalForm, typed
from portal.record import Stale
from portal.steps import step_view

round_step = step_view(ROUND, FundingRound, "grants:round-detail", facts=queries.facts_to_publish)


def staff_round(request, reference) -> FundingRound:
    """The round a staff page is about. Raises Http404, or `Refused` for people outside the foundation."""
    demand(rules.may_read_as_staff(None, request.user))
    return get_object_or_404(FundingRound.objects.visible_to(request.user), reference=reference)


@require_safe
def round_list(request):
    """Every round, the latest first, with what became of its proposals."""
    demand(rules.may_read_as_staff(None, request.user))
    rounds = list(FundingRound.objects.visible_to(request.user).order_by("-closes_at", "-pk"))
    counts = queries.counts_by_state(rounds)
    rows = [
        {"round": each, "phase": each.phase_at(request.arrived_at), **queries.summary_of(counts.get(each.pk, {}))}
        for each in rounds
    ]
    context = {"rows": rows, "can_run": rules.may_run_rounds(None, request.user)}
    return render(request, "grants/round/list.html", context)


@require_safe
def round_detail(request, reference):
    """One round: where it stands, what comes next, its proposals by state, and what applicants are asked."""
    round_ = staff_round(request, reference)
    counts = queries.counts_by_state([round_]).get(round_.pk, {})
    sections, slots = call.sections_of(round_), list(round_.slots.all())
    estimated = burden.estimate(sections, slots)
    context = {
        "round": round_,
        "phase": round_.phase_at(request.arrived_at),
        "warnings": queries.warnings_about(round_) if round_.state == RoundState.DRAFT else [],
        "counts": [(state, counts[state]) for state in ProposalState if state in counts],
        "sections": sections,
        "slots": slots,
        "burden": burden.measured(round_, estimated) if counts else estimated,
        "changes": prepared_changes(round_),
        "criteria": round_.criteria.all(),
        "can_run": rules.may_run_rounds(round_, request.user),
        "can_edit": round_.state == RoundState.DRAFT and rules.may_run_rounds(round_, request.user),
        "extensions": extension.extensions_of(round_),
        "own_extensions": extension.own_extensions(round_),
        "can_extend": rules.may_run_rounds(round_, request.user) and extension.may_extend_round(round_),
        "offers": ROUND.offered(round_, request.user),
        "history": timeline(round_),
    }
    return render(request, "grants/round/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def round_new(request):
    """Start a round as a draft."""
    demand(rules.may_run_rounds(None, request.user))
    form = RoundForm(request.POST or None)
    status = 200
    if form.is_valid():
        try:
            round_ = domain.create_round(actor=request.user, at=request.arrived_at, **form.facts)
        except (Refused, ValidationError) as error:
            form.add_refusal(error)
        else:
            _say_warnings(request, round_)
            return redirect("grants:round-detail", round_.reference)
    if form.errors:
        status = 422
    return render(request, "grants/round/new.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def round_edit(request, reference):
    """Change a draft."""
    round_ = staff_round(request, reference)
    demand(rules.may_run_rounds(round_, request.user))
    form = RoundForm(request.POST or None, instance=round_, version=round_.version)
    status = 200
    if form.is_valid():
        version = form.cleaned_data["version"]
        try:
            saved = domain.update_round(
                round_, actor=request.user, at=request.arrived_at, version=version, **form.facts
            )
        except (Refused, Stale) as error:
            form.add_refusal(error)
            status = 409
        except ValidationError as error:
            form.add_refusal(error)
        else:
            messages.success(request, "Saved.")
            _say_warnings(request, saved)
            return redirect("grants:round-detail", saved.reference)
    if form.errors and status == 200:
        status = 422
    return render(request, "grants/round/edit.html", {"form": form, "round": round_}, status=status)


@require_safe
def round_preview(request, reference):
    """The call as applicants will see it; `?prepared=1` shows it with the changes that are prepared."""
    round_ = staff_round(request, reference)
    changes = prepared_changes(round_)
    prepared = bool(changes) and "prepared" in request.GET
    context = call.page_of(round_, request.arrived_at, prepared=prepared)
    return render(request, "grants/round/preview.html", {**context, "changes": changes, "prepared": prepared})


@require_http_methods(["GET", "HEAD", "POST"])
def round_copy(request, reference):
    """Say what is taken along, then start a new round from this one."""
    round_ = staff_round(request, reference)
    demand(rules.may_run_rounds(round_, request.user))
    at = request.arrived_at
    form = CopyForm(typed(request), initial={"name": suggested_name(round_, at)})
    if form.is_valid():
        try:
            copy = copy_round(round_, actor=request.user, at=at, name=form.cleaned_data["name"])
        except (Refused, ValidationError) as error:
            form.add_refusal(error)
        else:
            messages.success(request, "The new round is a draft. Check its dates first.")
            _say_warnings(request, copy)
            return redirect("grants:round-edit", copy.reference)
    context = {"form": form, "round": round_, "dates": moved_dates(round_, at)}
    return render(request, "grants/round/copy.html", context, status=422 if form.errors else 200)


def press(request, round_, act, subject, **facts) -> bool:
    """Do what a button on a part of a round asks, by the version its page was made from; a refusal is a message."""
    form = PortalForm(request.POST, version=round_.version)
    if not form.is_valid():
        messages.error(request, "That button was incomplete. Open the page again and try once more.")
        return False
    try:
        act(subject, actor=request.user, at=request.arrived_at, version=form.cleaned_data["version"], **facts)
    except (Refused, Stale) as error:
        messages.error(request, str(error))
        return False
    return True


def _say_warnings(request, round_):
    for sentence in queries.warnings_about(round_):
        messages.warning(request, sentence)
