"""Checking whether a coalition can apply, without an account; the answers stay with the visitor until they start."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from grants.domain.queries.eligibility import eligibility_by, qualifying_questions
from grants.enums import RoundPhase
from grants.forms.eligibility import EligibilityForm
from grants.models import FundingRound
from grants.views.call import public_round

# In the session: {round: {question: "yes" or "no"}}. Signing up and in changes the session's key and keeps what it holds.
_KEPT = "eligibility"
# Calls whose answers one session keeps; the oldest go first.
_MOST_CALLS = 10


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def call_eligibility(request, reference):
    """The qualifying questions; once answered, at once and clearly whether the coalition can apply, and why not."""
    round_ = public_round(reference)
    questions = qualifying_questions(round_)
    if not questions:
        raise Http404
    if request.method == "POST":
        form = EligibilityForm(questions, request.POST)
        if form.is_valid():
            _keep(request, round_, {each.key: form.cleaned_data[each.key] for each in questions})
            return redirect("grants:call-eligibility", reference)
        return _page(request, round_, questions, form, {}, status=422)
    answers = kept_answers(request, round_)
    return _page(request, round_, questions, EligibilityForm(questions, initial=answers), answers)


def kept_answers(request, round_: FundingRound) -> dict[str, str]:
    """What this visitor answered for a round; empty before that."""
    return request.session.get(_KEPT, {}).get(round_.reference, {})


def forget_answers(request, round_: FundingRound) -> None:
    """They are in the proposal now."""
    kept = request.session.get(_KEPT, {})
    if kept.pop(round_.reference, None) is not None:
        request.session[_KEPT] = kept


def _keep(request, round_: FundingRound, answers: dict[str, str]) -> None:
    others = {name: each for name, each in request.session.get(_KEPT, {}).items() if name != round_.reference}
    latest = list(others.items())[1 - _MOST_CALLS :]
    request.session[_KEPT] = dict(latest) | {round_.reference: answers}


def _page(request, round_, questions, form, answers, status=200):
    context = {
        "round": round_,
        "phase": round_.phase_at(request.arrived_at),
        "is_open": round_.phase_at(request.arrived_at) == RoundPhase.OPEN,
        "form": form,
        "result": eligibility_by(questions, answers) if answers else None,
    }
    return render(request, "grants/call/eligibility.html", context, status=status)
