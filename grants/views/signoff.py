"""Sign-offs: the team asks its partners to sign, and the public page on which a signatory reads and answers."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from grants import rules
from grants.domain import content
from grants.domain import signoff as domain
from grants.domain.queries.dossier import dossier_of
from grants.domain.queries.proposal import may_change
from grants.domain.queries.signature import signatures_of
from grants.domain.signoff_reminder import AFTER, BEFORE
from grants.enums import Section, SignOffState
from grants.forms.signoff import AskForm, DeclineForm, ReplaceForm, SignForm
from grants.models import Attachment
from grants.views.private_link import answered, closed
from grants.views.proposal import visible_proposal
from grants.views.section import page_facts, section_url
from portal.access import Refused, demand
from portal.documents.views import serve
from portal.forms import typed
from portal.record import Stale
from sites.rules import may_lead

_CLOSED = {
    SignOffState.VOID: "The proposal changed after you signed",
    SignOffState.WITHDRAWN: "Somebody else signs now",
}


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_signoffs(request, reference):
    """Where each partner's signature stands; a POST asks the chosen partner, or reminds them with a new link."""
    proposal = visible_proposal(request, reference)
    if request.method == "POST":
        demand(rules.may_write(proposal, request.user))
        form = AskForm(request.POST)
        if not form.is_valid():
            raise Http404
        # Only a partner of this very site is known here.
        partner = get_object_or_404(proposal.site.partners, public_id=form.cleaned_data["partner"])
        try:
            domain.request_sign_off(proposal, partner, actor=request.user, at=request.arrived_at)
        except (Refused, ValidationError) as error:
            messages.error(request, " ".join(error.reasons if isinstance(error, Refused) else error.messages))
        else:
            messages.success(request, f"{partner.signatory_name} gets a private link by mail.")
        return redirect(section_url(proposal, Section.SIGNOFFS))
    dossier = dossier_of(proposal)
    can_change = may_change(proposal, request.arrived_at)
    can_ask = can_change and rules.may_write(proposal, request.user)
    context = {
        **page_facts(dossier, dossier.part(Section.SIGNOFFS)),
        "signatures": signatures_of(dossier, request.arrived_at),
        "can_ask": can_ask,
        "can_replace": can_ask and may_lead(proposal.site, request.user),
        "can_change": can_change,
        "remind_after": AFTER.days,
        "remind_before": BEFORE.days,
    }
    return render(request, "grants/proposal/signoffs.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def signoff_replace(request, reference, partner):
    """Somebody else signs for a partner: the record of the coalition is changed, the old link closed, a new one mailed."""
    proposal = visible_proposal(request, reference)
    demand(may_lead(proposal.site, request.user))
    chosen = get_object_or_404(proposal.site.partners.select_related("site"), public_id=partner)
    form, status = ReplaceForm(typed(request)), 200
    if request.method == "POST" and form.is_valid():
        facts = {name.removeprefix("signatory_"): text for name, text in form.cleaned_data.items()}
        try:
            domain.replace_signatory(proposal, chosen, **facts, actor=request.user, at=request.arrived_at)
        except (Refused, Stale, ValidationError) as error:
            form.add_refusal(error)
            status = 422 if isinstance(error, ValidationError) else 409
        else:
            messages.success(request, f"{facts['name']} signs for {chosen} now, and gets a private link by mail.")
            return redirect(section_url(proposal, Section.SIGNOFFS))
    context = {
        "proposal": proposal,
        "partner": chosen,
        "form": form,
        "crumbs": [
            (str(proposal), reverse("grants:proposal-detail", args=[reference])),
            (Section.SIGNOFFS.label, section_url(proposal, Section.SIGNOFFS)),
        ],
    }
    return render(request, "grants/signoff/replace.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def sign(request, token):
    """The page of a private link: read the proposal, then sign it or say why not. Opening it changes nothing."""
    sign_off = domain.find(token)
    if sign_off is None:
        return render(request, "grants/signoff/unknown.html", status=404)
    verdict = domain.may_answer(sign_off, request.arrived_at)
    if not verdict:
        return _closed(request, sign_off, verdict.reason)
    answer = answered(request, sign_off, domain, SignForm, DeclineForm)
    if answer.done:
        return redirect("grants:sign", token)
    says = content.build(sign_off.proposal)
    context = {
        "sign_off": sign_off,
        "proposal": sign_off.proposal,
        "round": sign_off.proposal.round,
        "content": says,
        "content_sha256": content.signed_digest(says),
        "token": token,
        **answer.context,
    }
    return render(request, "grants/signoff/sign.html", context, status=answer.status)


@require_safe
@login_not_required
def sign_file(request, token, document):
    """A file of the proposal, for the signatory who still may answer."""
    sign_off = domain.find(token)
    if sign_off is None or not domain.may_answer(sign_off, request.arrived_at):
        raise Http404
    files = Attachment.objects.current().filter(proposal=sign_off.proposal).select_related("document")
    return serve(get_object_or_404(files, document=document).document)


def _closed(request, sign_off, reason):
    return closed(
        request, sign_off, reason, ask=domain.ask_for_new_link, about=sign_off.proposal, site=sign_off.proposal.site,
        asker="the team", title=_CLOSED.get(sign_off.state, "This link can no longer be used"),
    )  # fmt: skip
