"""Pages of batches: all of them, a new one, one with its files, and recording what the bank made of it."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants import rules
from grants.domain import batch as domain
from grants.domain.queries import batch as queries
from grants.domain.queries.payment import needs, payee_has_changed, told
from grants.enums import PaymentState
from grants.forms.batch import BatchPaidForm, ChosenPaymentsForm
from grants.models import Payment, PaymentBatch
from portal import keyset
from portal.access import Refused, demand
from portal.activity.domain import timeline
from portal.documents.views.serve import serve
from portal.forms import typed
from portal.money import ZERO

FILES = {"bank": "bank file", "journal": "journal for accounting"}


def _batch(request, reference):
    batches = queries.listed(PaymentBatch.objects.visible_to(request.user))
    return get_object_or_404(batches.select_related("bank_file", "journal"), reference=reference)


def _to_pay(batch):
    return list(told(batch.payments.filter(state=PaymentState.CLEARED)).order_by("due_on", "pk"))


@require_safe
def batch_list(request):
    """Every batch, the latest first, with what the bank has still to make of it."""
    demand(rules.may_read_as_staff(None, request.user))
    batches = queries.listed(PaymentBatch.objects.visible_to(request.user))
    context = {
        "page": keyset.page(batches, request, moment="created_at"),
        "may_batch": rules.may_batch_payments(None, request.user),
    }
    return render(request, "grants/batch/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def batch_new(request):
    """Choose among the cleared payments, all of them at first, and make a batch of them."""
    demand(rules.may_batch_payments(None, request.user))
    ready = list(told(queries.ready_for_batch(Payment.objects.visible_to(request.user)))[: queries.MOST])
    form = ChosenPaymentsForm(typed(request), payments=ready)
    status = 422 if request.method == "POST" else 200
    if form.is_valid():
        try:
            batch = domain.make_batch(form.cleaned_data["payments"], actor=request.user, at=request.arrived_at)
        except Refused as refusal:
            form.add_refusal(refusal)
            status = 409
        else:
            messages.success(request, f"Batch {batch} is made. Its files are here in a moment.")
            return redirect("grants:batch-detail", batch.reference)
    chosen = set(request.POST.getlist("payments")) if request.method == "POST" else {each.reference for each in ready}
    today = timezone.localdate(request.arrived_at)
    context = {
        "form": form,
        "rows": [(each, each.reference in chosen, max(each.due_on, today), payee_has_changed(each)) for each in ready],
        "sum": sum((each.amount for each in ready), ZERO),
        "most": queries.MOST,
    }
    return render(request, "grants/batch/new.html", context, status=status)


@require_safe
def batch_detail(request, reference):
    """One batch: its sums to compare with the bank's page, its files, its payments as they stand."""
    batch = _batch(request, reference)
    payments = list(told(batch.payments.all()).order_by("due_on", "pk"))
    left, left_amount = queries.left_behind(batch)
    context = {
        "batch": batch,
        "rows": [(each, needs(each, request.user)) for each in payments],
        "left": left,
        "left_amount": left_amount,
        "next": queries.next_words(batch, batch.open, left),
        "job": queries.files_job(batch) if not (batch.bank_file and batch.journal) else None,
        "files": [
            ("bank", FILES["bank"], batch.bank_file),
            ("journal", FILES["journal"], batch.journal),
        ],
        "may_take": rules.may_export_payments(batch, request.user),
        "may_batch": rules.may_batch_payments(batch, request.user),
        "may_record": batch.open and batch.bank_file and rules.may_prepare_payments(batch, request.user),
        "history": timeline(batch),
    }
    return render(request, "grants/batch/detail.html", context)


@require_POST
def batch_files_again(request, reference):
    """Ask once more for files that could not be made."""
    batch = _batch(request, reference)
    domain.make_files_again(batch, actor=request.user)
    messages.success(request, "The files are being made again.")
    return redirect("grants:batch-detail", reference)


@require_http_methods(["GET", "HEAD", "POST"])
def batch_file(request, reference, kind):
    """Take the bank file or the journal along, after proving again who one is; the log keeps it."""
    batch = _batch(request, reference)
    demand(rules.may_export_payments(batch, request.user))
    if kind not in FILES:
        raise Http404
    return _proved(request, batch, kind)


@reauthentication_required
def _proved(request, batch, kind):
    if request.method == "POST":
        return serve(domain.take_file(batch, kind, actor=request.user, at=request.arrived_at))
    document = {"bank": batch.bank_file, "journal": batch.journal}[kind]
    context = {"batch": batch, "kind": FILES[kind], "document": document}
    return render(request, "grants/batch/file.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def batch_paid(request, reference):
    """Record on which day the bank made the payments, with one reference for all or one a payment."""
    batch = _batch(request, reference)
    demand(rules.may_prepare_payments(batch, request.user))
    waiting = _to_pay(batch)
    form = BatchPaidForm(typed(request), payments=waiting)
    status, outcomes = (422 if request.method == "POST" else 200), []
    if form.is_valid():
        outcomes = domain.record_batch_paid(
            batch,
            form.cleaned_data["references"],
            paid_on=form.cleaned_data["paid_on"],
            actor=request.user,
            at=request.arrived_at,
        )
        status = 200
        template = "grants/batch/outcomes.html"
    else:
        template = "grants/batch/paid.html"
    context = {"batch": batch, "form": form, "waiting": waiting, "outcomes": outcomes}
    return render(request, template, context, status=status)
