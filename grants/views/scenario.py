"""What-if scenarios of a round: a copy of a docket, and dockets side by side."""

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from grants import rules
from grants.domain.queries import scenario as queries
from grants.domain.scenario import copy_docket
from grants.enums import DocketState
from grants.forms.docket import CompareForm, ScenarioForm
from grants.models import Docket, FundingRound
from portal.access import Refused, demand


@require_http_methods(["GET", "HEAD", "POST"])
def docket_copy(request, reference):
    """A new scenario that starts as this docket stands."""
    docket = get_object_or_404(Docket.objects.visible_to(request.user).select_related("round"), reference=reference)
    demand(rules.may_build_dockets(docket, request.user))
    form = ScenarioForm(request.POST or None)
    status = 422 if request.method == "POST" else 200
    if form.is_valid():
        try:
            made = copy_docket(docket, title=form.cleaned_data["title"], actor=request.user, at=request.arrived_at)
        except Refused as refusal:
            form.add_refusal(refusal)
            status = 409
        else:
            return redirect("grants:docket-detail", made.reference)
    context = {"docket": docket, "round": docket.round, "form": form}
    return render(request, "grants/docket/copy.html", context, status=status)


@require_safe
def docket_compare(request, reference):
    """Two to four dockets of a round side by side; `?docket=` names each, and without any it is the first drafts."""
    round_ = get_object_or_404(FundingRound.objects.visible_to(request.user), reference=reference)
    demand(rules.may_read_as_staff(round_, request.user))
    dockets = queries.of_round(round_)
    form = CompareForm(request.GET if "docket" in request.GET else None, dockets=dockets)
    chosen = form.chosen() if form.is_bound else _first(dockets)
    context = {
        "round": round_,
        "dockets": dockets,
        "form": form,
        "shown": {docket.reference for docket in chosen},
        "comparison": queries.compare(chosen) if len(chosen) >= queries.FEWEST else None,
    }
    return render(request, "grants/docket/compare.html", context, status=422 if form.errors else 200)


def _first(dockets):
    """Those still standing, filled up with others while there is one alone."""
    standing = [docket for docket in dockets if docket.state != DocketState.SET_ASIDE]
    return (standing if len(standing) >= queries.FEWEST else dockets)[: queries.MOST]
