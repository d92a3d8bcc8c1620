"""The queue of proposals to screen: the list, one decision, the same decision for several."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from grants import rules
from grants.domain import screening as domain
from grants.domain.queries.screening_checks import screenings
from grants.enums import ProposalState
from grants.forms.screening import STEPS, BulkForm, DecideForm, ScreeningFilter
from grants.models import Proposal
from grants.views.proposal import visible_proposal
from grants.workflow import PROPOSAL
from portal import keyset
from portal.access import Refused, demand
from portal.forms import typed
from portal.record import Stale
from portal.steps import step_view

PAGE = 25
_other_step = step_view(PROPOSAL, Proposal, "grants:proposal-detail")
_DECISIONS = frozenset(step for step, _ in STEPS)


@require_safe
def screening_list(request):
    """Submitted proposals that wait, with their eligibility answers and what the checks found, the oldest first."""
    demand(rules.may_read_as_staff(None, request.user))
    waiting = _waiting(request)
    found = ScreeningFilter(request.GET, waiting, request=request)
    page = keyset.page(found.qs, request, moment="pk", size=PAGE, oldest_first=True)
    context = {
        "form": found.form,
        "page": page,
        "rows": screenings(page.rows),
        "steps": STEPS,
        "can_screen": rules.may_screen(None, request.user),
    }
    return render(request, "grants/screening/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def screening_decide(request):
    """What the same decision does to each ticked proposal, then what came of each."""
    demand(rules.may_screen(None, request.user))
    posted = request.method == "POST"
    data = request.POST if posted else request.GET
    step = data.get("step", "")
    if step not in _DECISIONS:
        messages.error(request, "Choose what to do with the ticked proposals.")
        return redirect("grants:screening-list")
    references = data.getlist("proposal")
    chosen = {each.reference: each for each in _visible(request).filter(reference__in=references)}
    form = BulkForm(typed(request), chosen=step, initial={"step": step})
    known = dict(each.rpartition(":")[::2] for each in data.getlist("known"))
    status = 200
    if form.is_valid():
        choices = [
            domain.Choice(chosen[reference], int(version), known.get(reference, ""))
            for reference, version in zip(references, data.getlist("version"), strict=False)
            if reference in chosen and version.isdecimal()
        ]
        try:
            outcomes = domain.screen_many(
                choices, step, actor=request.user, at=request.arrived_at, reason=form.cleaned_data.get("comment", "")
            )
        except Refused as refusal:
            form.add_refusal(refusal)
            status = 409
        else:
            done = sum(each.done for each in outcomes)
            context = {"outcomes": outcomes, "done": done, "refused": len(outcomes) - done, "label": _label(step)}
            return render(request, "grants/screening/outcomes.html", context)
    elif form.errors:
        status = 422
    waiting = [each for each in chosen.values() if each.state == ProposalState.SUBMITTED]
    context = {
        "form": form,
        "step": step,
        "label": _label(step),
        "eligible": step == domain.ELIGIBLE,
        "rows": screenings(sorted(waiting, key=lambda each: each.pk)),
        "gone": [each for each in chosen.values() if each.state != ProposalState.SUBMITTED],
        "known": known,
    }
    return render(request, "grants/screening/bulk.html", context, status=status)


def proposal_step(request, reference, step):
    """The page of a step of a proposal; the two decisions of screening show what the checks found."""
    return _decide(request, reference, step) if step in _DECISIONS else _other_step(request, reference, step)


@require_http_methods(["GET", "HEAD", "POST"])
def _decide(request, reference, step):
    """Eligible or not: the answers, the warnings, and what will happen."""
    proposal = visible_proposal(request, reference)
    demand(rules.may_screen(proposal, request.user))
    row = next(iter(screenings([proposal])), None)
    form = DecideForm(typed(request), step=step, mark=row.mark if row else "", version=proposal.version)
    status = 200
    if form.is_valid():
        try:
            domain.screen_proposal(
                proposal, step, actor=request.user, at=request.arrived_at, version=form.cleaned_data["version"],
                reason=form.cleaned_data.get("comment", ""), known=form.mark,
            )  # fmt: skip
        except (Refused, Stale) as error:
            form.add_refusal(error)
            status = 409
        else:
            messages.success(
                request, "Done: eligible, sent to review." if step == domain.ELIGIBLE else "Done: not eligible."
            )
            return redirect("grants:proposal-detail", reference)
    elif form.errors:
        status = 422
    context = {
        "proposal": proposal,
        "step": PROPOSAL.by_name[step],
        "row": row,
        "eligible": step == domain.ELIGIBLE,
        "form": form,
        "verdict": PROPOSAL.verdict(proposal, step, request.user),
    }
    return render(request, "grants/screening/decide.html", context, status=status)


def _visible(request):
    return Proposal.objects.visible_to(request.user).select_related("round", "site").defer("set_aside")


def _waiting(request):
    return _visible(request).filter(state=ProposalState.SUBMITTED)


def _label(step):
    return dict(STEPS)[step]
