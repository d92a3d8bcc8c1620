"""The page that takes one step with many payments at once, and says what came of each."""

from allauth.account.decorators import reauthentication_required
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from grants.domain import payment_bulk as domain
from grants.domain.queries.payment import told
from grants.forms.batch import ChosenPaymentsForm
from grants.forms.payment import PaymentFilter
from grants.models import Payment
from grants.workflow import PAYMENT
from portal.access import demand
from portal.forms import typed
from portal.money import ZERO

# Which queue each step empties.
QUEUES = {"prepare": "ready", "release": "prepared"}


@require_http_methods(["GET", "HEAD", "POST"])
def payment_bulk(request, step):
    """Prepare or release many payments: those the list was narrowed to, all of them ticked at first."""
    if step not in QUEUES:
        raise Http404
    wanted = PAYMENT.by_name[step]
    demand(wanted.may(Payment(), request.user))
    return (reauthentication_required(_act) if wanted.step_up else _act)(request, wanted)


def _act(request, wanted):
    found = PaymentFilter(request.GET, Payment.objects.visible_to(request.user), request=request)
    queue = found.in_queue(QUEUES[wanted.name])
    payments = list(told(queue.order_by("due_on", "pk"))[: domain.MOST])
    theirs = [each for each in payments if wanted.may(each, request.user)]
    form = ChosenPaymentsForm(typed(request), payments=theirs)
    context = {
        "step": wanted,
        "form": form,
        "rows": theirs,
        "others": len(payments) - len(theirs),
        "sum": sum((each.amount for each in theirs), ZERO),
        "most": domain.MOST,
        "is_full": len(payments) == domain.MOST,
        "back": f"{reverse('grants:payment-list')}?{request.GET.urlencode()}".rstrip("?"),
    }
    if request.method == "POST" and form.is_valid():
        chosen = set(form.cleaned_data["payments"])
        meant = [each for each in theirs if each.reference in chosen]
        context["outcomes"] = domain.take_step(meant, wanted.name, actor=request.user, at=request.arrived_at)
        context["done"] = sum(each.done for each in context["outcomes"])
        return render(request, "grants/payment/outcomes.html", context)
    context["chosen"] = set(request.POST.getlist("payments")) or {each.reference for each in theirs}
    return render(request, "grants/payment/bulk.html", context, status=422 if request.method == "POST" else 200)
