"""Pages of payments: the queue, one payment, what the bank did, another instalment."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from grants import rules
from grants.domain import payment as domain
from grants.domain.queries import payment as queries
from grants.enums import AwardState, PaymentState
from grants.forms.payment import PaymentFilter, RecordPaidForm, ScheduleForm
from grants.models import Award, Payment
from grants.workflow import PAYMENT
from portal import keyset
from portal.access import Refused, demand
from portal.activity.domain import timeline
from portal.record import Stale
from portal.steps import step_view

payment_step = step_view(PAYMENT, Payment, "grants:payment-detail", facts=queries.facts)


def _payment(request, reference):
    return get_object_or_404(queries.told(Payment.objects.visible_to(request.user)), reference=reference)


@require_safe
def payment_list(request):
    """The queue: what is clear to pay, and what the rest waits for; earliest due first."""
    found = PaymentFilter(request.GET, Payment.objects.visible_to(request.user), request=request)
    page = keyset.page(queries.listed(found.qs), request, moment="due_on", oldest_first=True)
    today = timezone.localdate(request.arrived_at)
    context = {
        "form": found.form,
        "sums": queries.standing(found.narrowed),
        "page": page,
        "rows": [(payment, queries.needs(payment, request.user), queries.is_late(payment, today)) for payment in page],
    }
    return render(request, "grants/payment/list.html", context)


@require_safe
def payment_detail(request, reference):
    """One payment: what it waits for, to whom it goes, who prepared and who released it."""
    payment = _payment(request, reference)
    offers = PAYMENT.offered(payment, request.user)
    today = timezone.localdate(request.arrived_at)
    context = {
        "payment": payment,
        "year": payment.award_year,
        "award": payment.award_year.award,
        "needs": queries.needs(payment, request.user),
        "is_late": queries.is_late(payment, today),
        "is_over": payment.state in {PaymentState.PAID, PaymentState.CANCELLED},
        "conditions": [(each, queries.condition_words(payment, each)) for each in payment.conditions.all()],
        "offers": offers,
        "may_record": bool(PAYMENT.verdict(payment, "record_paid", request.user)),
        "history": timeline(payment),
    }
    return render(request, "grants/payment/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def payment_record_paid(request, reference):
    """Record that the bank paid, on which day and under which reference."""
    payment = _payment(request, reference)
    demand(PAYMENT.by_name["record_paid"].may(payment, request.user))
    form = RecordPaidForm(request.POST or None, version=payment.version)
    status = 200
    if form.is_valid():
        try:
            domain.record_paid(
                payment,
                actor=request.user,
                at=request.arrived_at,
                version=form.cleaned_data["version"],
                paid_on=form.cleaned_data["paid_on"],
                bank_reference=form.cleaned_data["bank_reference"],
            )
        except (Refused, Stale, ValidationError) as error:
            form.add_refusal(error)
            status = 409
        else:
            messages.success(request, f"{payment.reference} is recorded as paid.")
            return redirect("grants:payment-detail", reference)
    context = {
        "payment": payment,
        "facts": queries.facts(payment),
        "verdict": PAYMENT.verdict(payment, "record_paid", request.user),
        "form": form,
    }
    return render(request, "grants/payment/record_paid.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def payment_schedule(request, reference, number):
    """Schedule another instalment out of what an award year has left."""
    award = get_object_or_404(Award.objects.visible_to(request.user).select_related("site"), reference=reference)
    year = get_object_or_404(award.years, number=number)
    demand(rules.may_prepare_payments(year, request.user))
    left = year.amount - year.scheduled
    form = ScheduleForm(request.POST or None, initial={"amount": left, "due_on": year.starts_on})
    status = 200
    if form.is_valid():
        try:
            payment = domain.schedule_payment(
                year,
                amount=form.cleaned_data["amount"],
                due_on=form.cleaned_data["due_on"],
                actor=request.user,
                at=request.arrived_at,
            )
        except (Refused, ValidationError) as error:
            form.add_refusal(error)
            status = 409
        else:
            messages.success(request, f"{payment.reference} is scheduled.")
            return redirect("grants:award-detail", reference)
    context = {
        "year": year,
        "award": award,
        "left": left,
        "possible": left > 0 and award.state == AwardState.ACTIVE,
        "form": form,
    }
    return render(request, "grants/payment/schedule.html", context, status=status)
