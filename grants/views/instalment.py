"""Pages that plan the instalments of an award year: another one, a change of one, a part split off."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from grants import rules
from grants.domain import instalment as domain
from grants.domain.queries.payment import told
from grants.enums import AwardState, PaymentState
from grants.forms.instalment import InstalmentForm
from grants.models import Award, Payment
from portal.access import Refused, demand
from portal.conflict import overtaken
from portal.forms import typed
from portal.money import dollars
from portal.record import Stale


@require_http_methods(["GET", "HEAD", "POST"])
def payment_schedule(request, reference, number):
    """Schedule another instalment out of what an award year has left."""
    award = get_object_or_404(Award.objects.visible_to(request.user).select_related("site"), reference=reference)
    year = get_object_or_404(award.years, number=number)
    demand(rules.may_prepare_payments(year, request.user))
    left = year.amount - year.scheduled
    form = InstalmentForm(typed(request), initial={"amount": left, "due_on": year.starts_on})
    status = 200
    if form.is_valid():
        try:
            payment = domain.schedule_payment(year, actor=request.user, at=request.arrived_at, **form.cleaned_data)
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
    return render(request, "grants/instalment/new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def instalment_change(request, reference):
    """Change what a scheduled payment pays and when it is due."""
    payment = _payment(request, reference)
    initial = {"amount": payment.amount, "due_on": payment.due_on}
    form = InstalmentForm(typed(request), initial=initial, version=payment.version)
    return _page(request, payment, form, domain.change_instalment, "grants/instalment/change.html")


@require_http_methods(["GET", "HEAD", "POST"])
def instalment_split(request, reference):
    """Split a part off a scheduled payment, as one of its own."""
    payment = _payment(request, reference)
    form = InstalmentForm(typed(request), initial={"due_on": payment.due_on}, version=payment.version)
    return _page(request, payment, form, domain.split_instalment, "grants/instalment/split.html")


def _payment(request, reference):
    payment = get_object_or_404(told(Payment.objects.visible_to(request.user)), reference=reference)
    demand(rules.may_prepare_payments(payment, request.user))
    return payment


def _page(request, payment, form, act, template):
    year = payment.award_year
    status, differences = 200, []
    if form.is_valid():
        try:
            changed = act(payment, actor=request.user, at=request.arrived_at, **form.cleaned_data)
        except Stale as stale:
            status, differences = 409, overtaken(form, stale)
        except (Refused, ValidationError) as error:
            form.add_refusal(error)
            status = 409
        else:
            messages.success(request, f"{changed.reference} pays {dollars(changed.amount)}.")
            return redirect("grants:payment-detail", changed.reference)
    context = {
        "payment": payment,
        "year": year,
        "award": year.award,
        "left": year.amount - year.scheduled,
        "possible": payment.state == PaymentState.SCHEDULED and year.award.state == AwardState.ACTIVE,
        "form": form,
        "differences": differences,
    }
    return render(request, template, context, status=status)
