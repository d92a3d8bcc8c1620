"""Pages of a round's calibration: opening it, how far it is, closing it, and how the scores are spread."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants import rules
from grants.domain import calibration as domain
from grants.domain.queries import calibration as queries
from grants.enums import ReviewState
from grants.forms.calibration import CalibrationForm
from grants.models import Calibration, FundingRound, Proposal
from grants.views.round import staff_round
from portal.access import Refused, demand
from portal.forms import PortalForm, typed


def _visible(request):
    return Calibration.objects.visible_to(request.user).select_related("round", "proposal__site", "opened_by")


def _staff_calibration(request, reference) -> Calibration:
    """The calibration an officer acts on. Raises Http404, or `Refused` for everybody else who sees it."""
    calibration = get_object_or_404(_visible(request), round__reference=reference)
    demand(rules.may_calibrate(calibration.round, request.user))
    return calibration


@require_safe
def calibration_detail(request, reference):
    """For staff where it stands; and once it is closed the spread, also for the reviewers who took part."""
    calibration = _visible(request).filter(round__reference=reference).first()
    is_staff = request.user.is_foundation_staff
    if calibration is None:
        if not is_staff:
            raise Http404
        round_ = get_object_or_404(FundingRound.objects.visible_to(request.user), reference=reference)
        context = {"round": round_, "can_run": rules.may_calibrate(round_, request.user)}
        return render(request, "grants/calibration/none.html", context)
    reviews = queries.progress_of(calibration)
    given = [each for each in reviews if each.state == ReviewState.SUBMITTED]
    context = {
        "calibration": calibration,
        "round": calibration.round,
        "is_staff": is_staff,
        "can_run": rules.may_calibrate(calibration.round, request.user),
        "reviews": reviews if is_staff else [],
        "given": len(given),
        "mine": next((each for each in reviews if each.reviewer_id == request.user.pk), None),
        "missing": queries.reviewers_to_ask(calibration) if is_staff and not calibration.closed_at else [],
        "spread": queries.spread_of(calibration, request.user) if given else [],
        "width": queries.WIDTH,
    }
    return render(request, "grants/calibration/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def calibration_new(request, reference):
    """Choose the sample and ask every reviewer of the round."""
    round_ = staff_round(request, reference)
    demand(rules.may_calibrate(round_, request.user))
    proposals = Proposal.objects.visible_to(request.user).select_related("round", "site")
    form = CalibrationForm(typed(request), proposals=proposals)
    status = 422 if form.errors else 200
    if form.is_valid():
        facts = form.cleaned_data
        try:
            domain.open_calibration(
                round_,
                facts["sample"],
                actor=request.user,
                at=request.arrived_at,
                due_on=facts["due_on"],
                note=facts["note"],
            )
        except Refused as refusal:
            form.add_refusal(refusal)
            status = 409
        else:
            messages.success(request, "The calibration is open and the reviewers are asked.")
            return redirect("grants:calibration-detail", reference)
    context = {"form": form, "round": round_, "reviewers": queries.reviewers_of(round_.pk).count()}
    return render(request, "grants/calibration/new.html", context, status=status)


@require_POST
def calibration_ask(request, reference):
    """Ask the reviewers of the round who were not asked yet."""
    calibration = _staff_calibration(request, reference)
    try:
        asked = domain.ask_missing(calibration, actor=request.user, at=request.arrived_at)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "They are asked." if asked else "There was nobody left to ask.")
    return redirect("grants:calibration-detail", reference)


@require_http_methods(["GET", "HEAD", "POST"])
def calibration_close(request, reference):
    """Say what closing does, then close it."""
    calibration = _staff_calibration(request, reference)
    return _confirmed(
        request, calibration, domain.close_calibration, "grants/calibration/close.html", "The calibration is closed."
    )


@require_http_methods(["GET", "HEAD", "POST"])
def calibration_call_off(request, reference):
    """Say what calling it off does, then take it back."""
    calibration = _staff_calibration(request, reference)
    return _confirmed(
        request,
        calibration,
        domain.call_off_calibration,
        "grants/calibration/call_off.html",
        "The calibration is called off.",
    )


def _confirmed(request, calibration, act, template, done):
    form, status = PortalForm(typed(request)), 200
    if form.is_valid():
        try:
            act(calibration, actor=request.user, at=request.arrived_at)
        except Refused as refusal:
            form.add_refusal(refusal)
            status = 409
        else:
            messages.success(request, done)
            return redirect("grants:calibration-detail", calibration.round.reference)
    open_reviews = calibration.reviews.filter(state__in=[ReviewState.ASSIGNED, ReviewState.IN_PROGRESS]).count()
    context = {"form": form, "calibration": calibration, "round": calibration.round, "unfinished": open_reviews}
    return render(request, template, context, status=status)
