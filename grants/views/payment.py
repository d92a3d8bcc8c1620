"""Pages of payments: the queue, one payment, what the bank did."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from grants import rules
from grants.domain import payment as domain
from grants.domain.condition import STILL_WAITING
from grants.domain.queries import payment as queries
from grants.enums import STILL_TO_PAY, AwardState, PaymentState
from grants.forms.payment import PaymentFilter, RecordPaidForm
from grants.models import Payment
from grants.workflow import PAYMENT
from portal import keyset
from portal.access import Refused, demand
from portal.activity.domain import timeline
from portal.conflict import overtaken
from portal.record import Stale
from portal.steps import step_view

payment_step = step_view(PAYMENT, Payment, "grants:payment-detail", facts=queries.facts)


def _bulk(sums):
    """The steps that can be taken with many of the payments at once: name and words of the button."""
    count = {each.key: each.count for each in sums}
    found = [("prepare", "ready", "Prepare all that are ready"), ("release", "prepared", "Release what waits for it")]
    return [{"name": name, "words": words} for name, queue, words in found if count[queue]]


def _payment(request, reference):
    return get_object_or_404(queries.told(Payment.objects.visible_to(request.user)), reference=reference)


@require_safe
def payment_list(request):
    """The queue: what is clear to pay, and what the rest waits for; earliest due first."""
    found = PaymentFilter(request.GET, Payment.objects.visible_to(request.user), request=request)
    page = keyset.page(queries.listed(found.qs), request, moment="due_on", oldest_first=True)
    today = timezone.localdate(request.arrived_at)
    sums = queries.standing(found.narrowed)
    context = {
        "form": found.form,
        "sums": sums,
        "page": page,
        "rows": [(payment, queries.needs(payment, request.user), queries.is_late(payment, today)) for payment in page],
        "bulk": _bulk(sums) if rules.may_prepare_payments(None, request.user) else [],
        "may_batch": rules.may_batch_payments(None, request.user),
        "is_staff": request.user.is_foundation_staff,
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
        "is_over": payment.state not in STILL_TO_PAY,
        "conditions": [(each, queries.condition_words(payment, each)) for each in payment.conditions.all()],
        "may_set_conditions": payment.state in STILL_WAITING and rules.may_set_conditions(payment, request.user),
        "may_change": payment.state == PaymentState.SCHEDULED
        and payment.award_year.award.state == AwardState.ACTIVE
        and rules.may_prepare_payments(payment, request.user),
        "may_refund": payment.state == PaymentState.PAID
        and payment.refunded < payment.amount
        and rules.may_record_refunds(payment, request.user),
        "refunds": payment.refunds.select_related("recorded_by"),
        "is_staff": request.user.is_foundation_staff,
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
        except Stale as stale:
            overtaken(form, stale)
            status = 409
        except (Refused, ValidationError) as error:
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
