"""The page on which staff choose what an applicant is told: strengths and weaknesses."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from grants import rules
from grants.domain import feedback_point as domain
from grants.domain.queries.feedback_point import comments_on
from grants.enums import DocketState, PointKind
from grants.forms.feedback_point import PointsForm
from grants.models import DocketLine, Letter
from grants.views.letter import staff_docket
from portal.access import Refused, demand
from portal.forms import typed
from portal.record import Stale


@require_http_methods(["GET", "HEAD", "POST"])
def feedback_points(request, reference, proposal):
    """Boxes for the points, and beside them what the reviewers wrote, without their names and private notes."""
    docket = staff_docket(request, reference)
    demand(rules.may_announce(docket, request.user))
    lines = DocketLine.objects.filter(docket=docket).select_related(
        "docket__round", "proposal__site", "proposal__round"
    )
    line = get_object_or_404(lines, proposal__reference=proposal)
    letter = Letter.objects.filter(line=line).first()
    if docket.state == DocketState.SET_ASIDE or (letter is not None and letter.released_at is not None):
        raise Http404
    points = list(line.points.all())
    form = PointsForm(
        typed(request), points=points, comments=comments_on(line.proposal), version=(letter or docket).version
    )
    back = reverse("grants:docket-line", args=[reference, proposal])
    if letter is not None:
        back = reverse("grants:letter-detail", args=[reference, proposal])
    status, theirs = 200, None
    if form.is_valid():
        try:
            domain.save_points(
                line, actor=request.user, at=request.arrived_at, version=form.cleaned_data["version"],
                strengths=form.chosen(PointKind.STRENGTH), weaknesses=form.chosen(PointKind.WEAKNESS),
            )  # fmt: skip
        except (Refused, Stale, ValidationError) as error:
            form.add_refusal(error)
            status = 422 if isinstance(error, ValidationError) else 409
            theirs = points if isinstance(error, Stale) else None
        else:
            messages.success(request, "Saved. A letter nobody edited says it now.")
            return redirect(back)
    elif form.errors:
        status = 422
    context = {
        "docket": docket,
        "line": line,
        "proposal": line.proposal,
        "site": line.proposal.site,
        "letter": letter,
        "form": form,
        "theirs": theirs,
        "back": back,
    }
    return render(request, "grants/feedback_point/edit.html", context, status=status)
