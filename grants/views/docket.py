"""Pages of dockets: all of them, a new one, one with its table against the envelope; its book for the board."""

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants import rules
from grants.domain import docket as domain
from grants.domain.docket_book import ask_for_book
from grants.domain.queries import docket as queries
from grants.domain.queries import docket_step as steps
from grants.domain.queries.docket_book import shelf_of
from grants.domain.queries.scenario import siblings_of
from grants.domain.queries.verdict import tally
from grants.enums import DocketState, ProposalState
from grants.forms.docket import AddLineForm, DocketForm, OrderForm, ShareForm
from grants.models import Docket, FundingRound, Proposal
from grants.workflow import DOCKET
from portal import keyset
from portal.access import Refused, demand
from portal.activity.domain import timeline
from portal.documents.views import serve
from portal.steps import step_view
from portal.words import day_words

docket_step = step_view(DOCKET, Docket, "grants:docket-detail", facts=steps.facts)


@require_safe
def docket_list(request):
    """Every docket, newest first; `?round=<reference>` shows those of one round."""
    demand(rules.may_read_as_staff(None, request.user))
    dockets = queries.with_counts(Docket.objects.visible_to(request.user).select_related("round"))
    round_ = FundingRound.objects.visible_to(request.user).filter(reference=request.GET.get("round", "")).first()
    if round_ is not None:
        dockets = dockets.filter(round=round_)
    context = {
        "round": round_,
        "page": keyset.page(dockets, request, moment="created_at"),
        "can_build": rules.may_build_dockets(None, request.user),
    }
    return render(request, "grants/docket/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def docket_new(request):
    """Prepare a docket for a round; `?round=<reference>` chooses it beforehand."""
    demand(rules.may_build_dockets(None, request.user))
    in_review = Proposal.objects.filter(round=OuterRef("pk"), state=ProposalState.IN_REVIEW)
    rounds = FundingRound.objects.visible_to(request.user).filter(Exists(in_review)).order_by("-closes_at", "-pk")
    chosen = rounds.filter(reference=request.GET.get("round", "")).first()
    initial = {"round": chosen, "title": f"Docket, {day_words(request.arrived_at)}"}
    form = DocketForm(request.POST or None, rounds=rounds, initial=initial)
    status = 422 if request.method == "POST" else 200
    if form.is_valid():
        try:
            docket = domain.prepare_docket(
                form.cleaned_data["round"],
                actor=request.user,
                at=request.arrived_at,
                title=form.cleaned_data["title"],
            )
        except Refused as refusal:
            form.add_refusal(refusal)
            status = 409
        else:
            return redirect("grants:docket-detail", docket.reference)
    return render(request, "grants/docket/new.html", {"form": form, "any": rounds.exists()}, status=status)


@require_safe
def docket_detail(request, reference):
    """The ranked lines against the envelope, and what can be done with them."""
    dockets = Docket.objects.visible_to(request.user).select_related("round", "prepared_by", "sent_by", "approved_by")
    docket = get_object_or_404(dockets, reference=reference)
    can_edit = docket.state == DocketState.DRAFT and bool(rules.may_build_dockets(docket, request.user))
    table = queries.table(docket)
    offers = DOCKET.offered(docket, request.user)
    lines = [row.line for row in table.rows]
    context = {
        "docket": docket,
        "round": docket.round,
        "table": table,
        "siblings": siblings_of(docket),
        "can_edit": can_edit,
        "can_build": bool(rules.may_build_dockets(docket, request.user)),
        "can_decide": docket.state == DocketState.SENT and bool(rules.may_approve_docket(docket, request.user)),
        "tally": tally(lines),
        "forms": _forms(docket) if can_edit else None,
        "offers": offers,
        "next": steps.next_step(docket, lines, offers),
        "shelf": shelf_of(docket, request.user),
        "history": timeline(docket),
    }
    return render(request, "grants/docket/detail.html", context)


def _forms(docket):
    """The small forms beside a draft's table."""
    return {
        "add": AddLineForm(candidates=queries.candidates(docket)),
        "order": OrderForm(version=docket.version),
        "share": ShareForm(version=docket.version),
    }


@require_POST
def docket_book(request, reference):
    """Have the book for the board made of the docket as it stands."""
    docket = get_object_or_404(Docket.objects.visible_to(request.user), reference=reference)
    try:
        ask_for_book(docket, actor=request.user)
    except Refused as refusal:
        messages.info(request, str(refusal))
    return redirect("grants:docket-detail", reference)


@require_safe
def docket_book_file(request, reference, version):
    """The book of one version, for foundation staff."""
    docket = get_object_or_404(Docket.objects.visible_to(request.user), reference=reference)
    return serve(get_object_or_404(docket.books.select_related("document"), docket_version=version).document)
