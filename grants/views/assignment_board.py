"""The assignment board of a round: who reviews what, the portal's proposal, the summary before it is sent."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants import rules
from grants.domain import assignment as domain
from grants.domain.queries import assignment as queries
from grants.enums import PlanSource, PlanState
from grants.forms.assignment import BoardForm
from grants.models import AssignmentPlan
from grants.views.round import staff_round
from portal.access import Refused, demand
from portal.forms import PortalForm, typed
from portal.jobs.models import Job
from portal.record import Stale


@require_http_methods(["GET", "HEAD", "POST"])
def assignment_board(request, reference):
    """Proposals by reviewers with what is asked, planned and impossible; the form saves, proposes, or goes on."""
    round_ = staff_round(request, reference)
    may_assign = rules.may_assign(round_, request.user)
    if request.method == "POST":
        demand(may_assign)
    plan = queries.draft_of(round_)
    form = BoardForm(typed(request), plan=plan, per_proposal=round_.reviews_per_proposal)
    planned, theirs, status = queries.planned_pairs(plan), [], 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                saved = _save(request, round_, form.cleaned_data)
            except Stale as stale:
                status = 409
                theirs = _differences(round_, queries.planned_pairs(stale.current), form.cleaned_data["pair"])
                form = _on_top_of(form, round_, stale)
            except (Refused, ValidationError) as error:
                status = 409 if isinstance(error, Refused) else 422
                form.add_refusal(error)
            else:
                return _after_saving(request, saved)
        planned = {pair: planned.get(pair, PlanSource.CHOSEN) for pair in form.cleaned_data.get("pair", planned)}
    context = _board(request, round_, plan, form, planned)
    context |= {"can_assign": bool(may_assign) and bool(context["board"].rows), "theirs": theirs}
    return render(request, "grants/assignment/board.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def assignment_send(request, reference):
    """Say who is asked for how many, then ask them."""
    round_ = staff_round(request, reference)
    demand(rules.may_assign(round_, request.user))
    plan = queries.draft_of(round_)
    if plan is None:
        messages.error(request, "There is no plan to send. It was sent or dropped, or not begun.")
        return redirect("grants:assignment-board", reference)
    plan.round = round_
    form = PortalForm(typed(request), version=plan.version)
    if form.is_valid():
        try:
            version = form.cleaned_data["version"]
            domain.send_plan(plan, actor=request.user, at=request.arrived_at, version=version)
        except (Refused, Stale) as error:
            form.add_refusal(error)
        else:
            messages.success(request, "The plan is sent: each reviewer gets one mail.")
            return redirect("grants:assignment-sent", reference, plan.reference)
    field = queries.field_of(round_)
    planned = queries.planned_pairs(plan)
    context = {
        "round": round_,
        "plan": plan,
        "form": form,
        "shares": queries.shares(field, planned),
        "number": len(planned),
        "lacking": queries.lacks(field, plan, planned, today=timezone.localdate(request.arrived_at)),
    }
    return render(request, "grants/assignment/send.html", context, status=409 if form.errors else 200)


@require_POST
def assignment_drop(request, reference):
    """Give the draft up."""
    round_ = staff_round(request, reference)
    demand(rules.may_assign(round_, request.user))
    plan = queries.draft_of(round_)
    form = PortalForm(request.POST, version=0)
    try:
        if plan is None or not form.is_valid():
            raise Refused("There is no plan to drop. Open the board again.")
        domain.drop_plan(plan, actor=request.user, at=request.arrived_at, version=form.cleaned_data["version"])
    except (Refused, Stale) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The plan is dropped. Nobody was asked.")
    return redirect("grants:assignment-board", reference)


@require_safe
def assignment_sent(request, reference, plan):
    """What came of a plan that was sent, row by row."""
    round_ = staff_round(request, reference)
    plans = AssignmentPlan.objects.visible_to(request.user).filter(round=round_, state=PlanState.SENT)
    plan = get_object_or_404(plans.select_related("sent_by"), reference=plan)
    job = _job(domain.SEND_JOB, plan)
    context = {
        "round": round_,
        "plan": plan,
        "rows": queries.outcomes(plan),
        "job": job if job and (job.is_live or job.failure) else None,
    }
    return render(request, "grants/assignment/sent.html", context)


def _save(request, round_, cleaned):
    return domain.save_plan(
        round_,
        actor=request.user,
        at=request.arrived_at,
        version=cleaned["version"],
        per_proposal=cleaned["per_proposal"],
        due_on=cleaned["due_on"],
        pairs=cleaned["pair"],
        propose="propose" in request.POST,
    )


def _after_saving(request, plan):
    if "send" in request.POST:
        return redirect("grants:assignment-send", plan.round.reference)
    if "propose" not in request.POST:
        messages.success(request, "The board is saved. Nobody was asked yet.")
    return redirect("grants:assignment-board", plan.round.reference)


def _on_top_of(form, round_, stale):
    """The same form, made from what a colleague saved: saving it once more is then a decision."""
    data = form.data.copy()
    data["version"] = str(stale.current.version)
    fresh = BoardForm(data, plan=stale.current, per_proposal=round_.reviews_per_proposal)
    fresh.is_valid()
    fresh.add_refusal(stale)
    return fresh


def _differences(round_, saved, typed_pairs) -> list[str]:
    """In words what a colleague's board has and this one has not, and the other way round."""
    field = queries.field_of(round_)
    sites = {each.pk: f"{each.site} ({each.reference})" for each in field.proposals}
    people = {each.person.pk: str(each.person) for each in field.members}
    found = []
    for pairs, words in ((saved.keys() - typed_pairs, "only saved now"), (typed_pairs - saved.keys(), "only yours")):
        known = sorted(pair for pair in pairs if pair[0] in sites and pair[1] in people)
        found += [f"{people[reviewer]} for {sites[proposal]}: {words}" for proposal, reviewer in known]
    return found


def _board(request, round_, plan, form, planned) -> dict:
    field = queries.field_of(round_)
    today = timezone.localdate(request.arrived_at)
    wanted = plan.per_proposal if plan else round_.reviews_per_proposal
    last = AssignmentPlan.objects.visible_to(request.user).filter(round=round_, state=PlanState.SENT).first()
    job = _job(domain.PROPOSE_JOB, plan) if plan else None
    return {
        "round": round_,
        "plan": plan,
        "form": form,
        "board": queries.board(field, planned, wanted=wanted, due_on=plan.due_on if plan else None, today=today),
        "last": last,
        "job": job if job and (job.is_live or job.failure) else None,
    }


def _job(kind, plan):
    """The latest job about a plan; everybody who sees the board sees how far it is."""
    return Job.objects.filter(kind=kind, key=plan.reference).order_by("-created_at").first()
