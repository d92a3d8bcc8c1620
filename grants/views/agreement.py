"""Pages of an award's agreement: written, read, sent out, signed for the foundation, replaced, downloaded."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants import rules
from grants.domain import agreement as domain
from grants.domain import agreement_document as documents
from grants.domain import agreement_signature as signatures
from grants.domain import content
from grants.domain.agreement_content import build, reading
from grants.domain.agreement_reminder import AFTER, BEFORE
from grants.domain.agreement_terms import standard_terms
from grants.domain.queries import agreement as queries
from grants.domain.queries.issued import pdf_of
from grants.enums import AgreementState
from grants.forms.agreement import CountersignForm, ReplaceForm, WriteForm
from grants.forms.signoff import AskForm
from grants.forms.signoff import ReplaceForm as SignatoryForm
from grants.models import Agreement, Award
from grants.workflow import AGREEMENT
from portal.access import Refused, demand
from portal.documents.views import serve
from portal.forms import typed
from portal.record import Stale


def _visible_award(request, reference) -> Award:
    awards = Award.objects.visible_to(request.user).select_related(
        "site", "round", "proposal", "docket_line", "recommended_by"
    )
    return get_object_or_404(awards, reference=reference)


def _current(request, award) -> Agreement:
    """The newest agreement this person may know of. Raises Http404 when there is none."""
    found = queries.agreements_of(award, request.user)
    if not found:
        raise Http404
    return found[0]


def _page(award):
    return reverse("grants:agreement-detail", args=[award.reference])


def _crumbs(award, *, inner=False):
    crumbs = [(str(award), reverse("grants:award-detail", args=[award.reference]))]
    return [*crumbs, ("Agreement", _page(award))] if inner else crumbs


@require_safe
def agreement_detail(request, reference, number=None):
    """One agreement of an award, the current one without a number: its text, who has signed, what comes next."""
    award = _visible_award(request, reference)
    found = queries.agreements_of(award, request.user)
    agreement = next((each for each in found if number in {None, each.number}), None)
    if agreement is None and number is not None:
        raise Http404
    may_write = bool(rules.may_manage_awards(award, request.user) and queries.may_have_agreement(award))
    context = {
        "award": award,
        "agreement": agreement,
        "others": [each for each in found if each is not agreement],
        "is_current": agreement is not None and agreement is found[0],
        "may_write": may_write,
        "crumbs": _crumbs(award),
    }
    if agreement is None:
        return render(request, "grants/agreement/none.html", context)
    says = agreement.content or build(agreement)
    context |= {
        "content": says,
        "reading": reading(says),
        "version": agreement.version,
        "remind_after": AFTER.days,
        "remind_before": BEFORE.days,
        **_standing(request, agreement),
    }
    return render(request, "grants/agreement/detail.html", context)


def _standing(request, agreement):
    """What the page says beside the text: who is asked, who may do what, and the PDFs."""
    award, user = agreement.award, request.user
    draft, is_sent = agreement.state == AgreementState.DRAFT, agreement.content is not None
    officer = rules.may_manage_awards(award, user)
    which = documents.missing_document(agreement)
    return {
        "parties": queries.standings(agreement, request.arrived_at) if is_sent else [],
        "asked": list(award.site.partners.all()) if draft else [],
        "may_send": officer if draft else None,
        "obstacles": queries.missing_to_send(agreement) if draft and officer else [],
        "is_out": agreement.state == AgreementState.OUT,
        "may_ask": agreement.state == AgreementState.OUT and bool(rules.may_name_signatory(award, user)),
        "signs": rules.may_countersign(agreement, user) if agreement.state == AgreementState.SIGNED else None,
        "may_replace": bool(AGREEMENT.verdict(agreement, "replace", user)),
        "pdf": pdf_of(
            documents.AGREEMENT_JOB, f"{agreement.pk}:{which}", user, ready=not which, may_ask_again=officer
        ),
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_write(request, reference):
    """Write the draft, or change it; what was written meanwhile is kept beside what was typed."""
    award = _visible_award(request, reference)
    demand(rules.may_manage_awards(award, request.user))
    found = queries.agreements_of(award, request.user)
    live = next((each for each in found if each.state != AgreementState.REPLACED), None)
    initial, version = _first_words(award), domain.NEW
    if live is not None:
        initial, version = {"terms": live.terms, "conditions": live.conditions}, live.version
    form, status, theirs = WriteForm(typed(request), initial=initial, version=version), 200, None
    if request.method == "POST" and form.is_valid():
        try:
            domain.write_agreement(award, **form.cleaned_data, actor=request.user, at=request.arrived_at)
        except (Refused, Stale, ValidationError) as error:
            form.add_refusal(error)
            status = 422 if isinstance(error, ValidationError) else 409
            theirs = error.current if isinstance(error, Stale) else None
        else:
            messages.success(request, "The draft is saved. Read it once more before you send it out.")
            return redirect("grants:agreement-detail", reference)
    elif form.errors:
        status = 422
    context = {"award": award, "form": form, "theirs": theirs, "crumbs": _crumbs(award)}
    return render(request, "grants/agreement/write.html", context, status=status)


def _first_words(award):
    return {
        "terms": standard_terms(
            foundation=settings.FOUNDATION_NAME,
            site=award.site.name,
            proposal=award.proposal.reference,
            payee=award.payee_name,
        ),
        "conditions": award.docket_line.conditions,
    }


@require_POST
def agreement_send(request, reference):
    """Fix the text and ask every partner to sign it."""
    award = _visible_award(request, reference)
    demand(rules.may_manage_awards(award, request.user))
    agreement = _current(request, award)
    try:
        AGREEMENT.perform(agreement, "send", actor=request.user, at=request.arrived_at, version=_version(request))
    except (Refused, Stale, ValidationError) as error:
        messages.error(request, " ".join(error.messages) if isinstance(error, ValidationError) else str(error))
    else:
        messages.success(request, "The agreement is out: every partner gets a private link by mail.")
    return redirect("grants:agreement-detail", reference)


def _version(request):
    """The version the person read. Raises Http404 when the form does not say."""
    typed_version = request.POST.get("version", "")
    if not typed_version.isdecimal():
        raise Http404
    return int(typed_version)


@require_POST
def agreement_ask(request, reference):
    """Mail a partner's signatory a new link, or ask again after a refusal."""
    award = _visible_award(request, reference)
    demand(rules.may_name_signatory(award, request.user))
    form = AskForm(request.POST)
    if not form.is_valid():
        raise Http404
    partner = get_object_or_404(award.site.partners, public_id=form.cleaned_data["partner"])
    try:
        asked = signatures.request_again(_current(request, award), partner, actor=request.user, at=request.arrived_at)
    except (Refused, ValidationError) as error:
        messages.error(request, " ".join(error.messages) if isinstance(error, ValidationError) else str(error))
    else:
        messages.success(request, f"{asked.asked_name} gets a private link by mail.")
    return redirect("grants:agreement-detail", reference)


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_signatory(request, reference, partner):
    """Somebody else signs this agreement for a partner."""
    award = _visible_award(request, reference)
    demand(rules.may_name_signatory(award, request.user))
    agreement = _current(request, award)
    chosen = get_object_or_404(award.site.partners, public_id=partner)
    form, status = SignatoryForm(typed(request)), 200
    if request.method == "POST" and form.is_valid():
        facts = {name.removeprefix("signatory_"): text for name, text in form.cleaned_data.items()}
        try:
            signatures.name_signatory(agreement, chosen, **facts, actor=request.user, at=request.arrived_at)
        except (Refused, ValidationError) as error:
            form.add_refusal(error)
            status = 422 if isinstance(error, ValidationError) else 409
        else:
            messages.success(request, f"{facts['name']} signs for {chosen} now, and gets a private link by mail.")
            return redirect("grants:agreement-detail", reference)
    elif form.errors:
        status = 422
    context = {"award": award, "partner": chosen, "form": form, "crumbs": _crumbs(award, inner=True)}
    return render(request, "grants/agreement/signatory.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_countersign(request, reference):
    """A director reads what the partners signed and signs it for the foundation."""
    award = _visible_award(request, reference)
    agreement = _current(request, award)
    demand(rules.may_countersign(agreement, request.user))
    return _countersign(request, award, agreement)


@reauthentication_required
def _countersign(request, award, agreement):
    initial = {"content_sha256": agreement.sha256}
    form, status = CountersignForm(typed(request), initial=initial, version=agreement.version), 200
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("title", "content_sha256", "version")}
        try:
            domain.countersign(agreement, **facts, actor=request.user, at=request.arrived_at)
        except (Refused, Stale, ValidationError) as error:
            form.add_refusal(error)
            status = 422 if isinstance(error, ValidationError) else 409
        else:
            messages.success(request, "The agreement is in force, and both sides are told.")
            return redirect("grants:agreement-detail", award.reference)
    elif form.errors:
        status = 422
    says = agreement.content or build(agreement)
    context = {
        "award": award,
        "agreement": agreement,
        "content": says,
        "reading": reading(says),
        "parties": queries.standings(agreement, request.arrived_at) if agreement.content else [],
        "verdict": AGREEMENT.verdict(agreement, "countersign", request.user),
        "form": form,
        "crumbs": _crumbs(award, inner=True),
    }
    return render(request, "grants/agreement/countersign.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_replace(request, reference):
    """Take the agreement back with a reason and start its successor from the same words."""
    award = _visible_award(request, reference)
    demand(rules.may_manage_awards(award, request.user))
    agreement = _current(request, award)
    form, status = ReplaceForm(typed(request), version=agreement.version), 200
    if request.method == "POST" and form.is_valid():
        try:
            domain.replace_agreement(agreement, **form.cleaned_data, actor=request.user, at=request.arrived_at)
        except (Refused, Stale) as error:
            form.add_refusal(error)
            status = 409
        else:
            messages.success(request, "The agreement is taken back. This is the draft of the next one.")
            return redirect("grants:agreement-write", reference)
    elif form.errors:
        status = 422
    context = {
        "award": award,
        "agreement": agreement,
        "verdict": AGREEMENT.verdict(agreement, "replace", request.user),
        "parties": queries.standings(agreement, request.arrived_at) if agreement.content else [],
        "form": form,
        "crumbs": _crumbs(award, inner=True),
    }
    return render(request, "grants/agreement/replace.html", context, status=status)


def _numbered(request, reference, number) -> Agreement:
    rows = Agreement.objects.visible_to(request.user).select_related("award", "document", "signed_document")
    return get_object_or_404(rows, award__reference=reference, number=number)


@require_safe
def agreement_pdf(request, reference, number):
    """The agreement as it was sent to the partners."""
    agreement = _numbered(request, reference, number)
    if agreement.document is None:
        raise Http404
    return serve(agreement.document)


@require_safe
def agreement_signed_pdf(request, reference, number):
    """The agreement with every signature."""
    agreement = _numbered(request, reference, number)
    if agreement.signed_document is None:
        raise Http404
    return serve(agreement.signed_document)


@require_safe
def agreement_content(request, reference, number):
    """Exactly the bytes the fingerprint is taken of."""
    agreement = _numbered(request, reference, number)
    if agreement.content is None:
        raise Http404
    response = HttpResponse(content.canonical(agreement.content), content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{reference}-agreement-{number}.json"'
    return response


@require_POST
def agreement_pdf_again(request, reference):
    """Ask for a PDF once more after it could not be made."""
    award = _visible_award(request, reference)
    demand(rules.may_manage_awards(award, request.user))
    try:
        documents.ask_again(_current(request, award), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The PDF is being made again.")
    return redirect("grants:agreement-detail", reference)
