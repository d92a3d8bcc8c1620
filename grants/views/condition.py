"""Pages of the conditions a payment waits for that are said in words: one more, met, not met after all, taken away."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from grants import rules
from grants.domain import condition as domain
from grants.domain.queries.payment import condition_words, told
from grants.enums import ConditionKind
from grants.forms.condition import ConditionActForm, ConditionForm
from grants.models import Payment
from portal.access import Refused, demand
from portal.conflict import overtaken
from portal.forms import typed
from portal.record import Stale


@dataclass(frozen=True)
class Act:
    """What can be said of a condition: the words of its page, its button and its message."""

    perform: Any
    title: str
    text: str
    done: str
    style: str = "primary"


ACTS = {
    "met": Act(
        domain.meet,
        "Mark as met",
        "The payment no longer waits for it. Your name and the day are kept.",
        "The condition is met.",
    ),
    "open": Act(
        domain.open_again,
        "Not met after all",
        "The payment waits for it again.",
        "The payment waits for it again.",
        "outline",
    ),
    "remove": Act(
        domain.remove,
        "Take it away",
        "The payment no longer waits for it. The activity log keeps what it said.",
        "The condition is gone.",
        "danger",
    ),
}


def _payment(request, reference):
    payment = get_object_or_404(told(Payment.objects.visible_to(request.user)), reference=reference)
    demand(rules.may_set_conditions(payment, request.user))
    return payment


@require_http_methods(["GET", "HEAD", "POST"])
def condition_new(request, reference):
    """Let a payment wait for something more."""
    payment = _payment(request, reference)
    form = ConditionForm(typed(request), version=payment.version)
    status = 200
    if form.is_valid():
        try:
            domain.add_condition(payment, actor=request.user, at=request.arrived_at, **form.cleaned_data)
        except Stale as stale:
            overtaken(form, stale)
            status = 409
        except (Refused, ValidationError) as error:
            form.add_refusal(error)
            status = 409
        else:
            messages.success(request, "The payment waits for one thing more.")
            return redirect("grants:payment-detail", reference)
    context = {"payment": payment, "form": form, "possible": payment.state in domain.STILL_WAITING}
    return render(request, "grants/condition/new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def condition_change(request, reference, number, act):
    """Say of the payment's condition with this number that it is met, or not after all; or take it away."""
    payment = _payment(request, reference)
    conditions = list(payment.conditions.all())
    if act not in ACTS or not 0 < number <= len(conditions) or conditions[number - 1].kind != ConditionKind.OTHER:
        raise Http404
    condition, wanted = conditions[number - 1], ACTS[act]
    condition.payment = payment
    form = ConditionActForm(typed(request), version=payment.version)
    status = 200
    if form.is_valid():
        try:
            wanted.perform(condition, actor=request.user, at=request.arrived_at, **form.cleaned_data)
        except (Refused, Stale) as error:
            form.add_refusal(error)
            status = 409
        else:
            messages.success(request, wanted.done)
            return redirect("grants:payment-detail", reference)
    context = {
        "payment": payment,
        "words": condition_words(payment, condition),
        "act": wanted,
        "form": form,
        "possible": payment.state in domain.STILL_WAITING,
    }
    return render(request, "grants/condition/change.html", context, status=status)
