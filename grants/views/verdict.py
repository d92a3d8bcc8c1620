"""What a director says to a docket's lines: to one of them, or to all that are left."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from grants import rules
from grants.domain import verdict as domain
from grants.enums import LineVerdict
from grants.forms.verdict import VerdictForm
from grants.models import Docket
from grants.views.docket_line import line_of, line_page
from portal.access import Refused, demand
from portal.record import Stale
from portal.words import counted

_DONE = {
    LineVerdict.AGREED: "You agreed to {}.",
    LineVerdict.RETURNED: "You returned {}.",
    LineVerdict.DECLINED: "You declined {}.",
    LineVerdict.OPEN: "{} is open again.",
}


@require_POST
def line_verdict(request, reference, proposal):
    """Agree to one line, return it or decline it; what cannot be is said on the line's page, with the words kept."""
    line = line_of(request, reference, proposal)
    demand(rules.may_approve_docket(line.docket, request.user))
    form = VerdictForm(request.POST, line=line)
    status = 422
    if form.is_valid():
        try:
            domain.give_verdict(
                line,
                verdict=form.cleaned_data["verdict"],
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=request.arrived_at,
                version=form.cleaned_data["version"],
            )
        except (Refused, Stale) as error:
            form.add_refusal(error)
            status = 409
        else:
            said = _DONE[LineVerdict(form.cleaned_data["verdict"])]
            messages.success(request, said.format(line.proposal.site))
            return redirect("grants:docket-detail", reference)
    return line_page(request, line, verdict_form=form, status=status)


@require_POST
def docket_agree(request, reference):
    """Agree to every line that is still open."""
    docket = get_object_or_404(Docket.objects.visible_to(request.user), reference=reference)
    demand(rules.may_approve_docket(docket, request.user))
    try:
        number = domain.agree_to_rest(docket, actor=request.user, at=request.arrived_at)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"You agreed to {counted(number, 'line')}.")
    return redirect("grants:docket-detail", reference)
