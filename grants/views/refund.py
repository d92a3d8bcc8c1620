"""The page that records money that came back from a payment."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from grants import rules
from grants.domain import refund as domain
from grants.domain.queries.payment import facts, told
from grants.enums import PaymentState
from grants.forms.refund import RefundForm
from grants.models import Payment
from portal.access import Refused, demand
from portal.conflict import overtaken
from portal.forms import typed
from portal.money import dollars
from portal.record import Stale


@require_http_methods(["GET", "HEAD", "POST"])
def refund_new(request, reference):
    """Record how much came back, on which day and under which reference."""
    payment = get_object_or_404(told(Payment.objects.visible_to(request.user)), reference=reference)
    demand(rules.may_record_refunds(payment, request.user))
    out = payment.amount - payment.refunded
    form = RefundForm(typed(request), version=payment.version)
    status = 200
    if form.is_valid():
        try:
            refund = domain.record_refund(payment, actor=request.user, at=request.arrived_at, **form.cleaned_data)
        except Stale as stale:
            overtaken(form, stale)
            status = 409
        except (Refused, ValidationError) as error:
            form.add_refusal(error)
            status = 409
        else:
            messages.success(request, f"{refund.reference}: {dollars(refund.amount)} came back.")
            return redirect("grants:payment-detail", reference)
    context = {
        "payment": payment,
        "facts": facts(payment),
        "out": out,
        "possible": payment.state == PaymentState.PAID and out > 0,
        "lives": payment.award_year.award.is_live,
        "form": form,
    }
    return render(request, "grants/refund/new.html", context, status=status)
