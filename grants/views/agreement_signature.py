"""The public page on which a partner's signatory reads an agreement, and signs it or says why not."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from grants.domain import agreement_signature as domain
from grants.domain.agreement_content import reading
from grants.enums import AgreementState, SignOffState
from grants.forms.agreement import AgreeForm, RefuseForm
from grants.views.private_link import answered, closed
from portal.certain import certain
from portal.documents.views import serve


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def agree(request, token):
    """The page of a private link. Opening it changes nothing."""
    signature = domain.find(token)
    if signature is None:
        return render(request, "grants/signoff/unknown.html", status=404)
    agreement = signature.agreement
    site = agreement.award.site
    verdict = domain.may_answer(signature, request.arrived_at)
    if not verdict:
        return closed(
            request, signature, verdict.reason, ask=domain.ask_for_new_link, about=f"Grant agreement of {site}",
            site=site, asker=settings.FOUNDATION_NAME, title=_title(signature),
        )  # fmt: skip
    answer = answered(request, signature, domain, AgreeForm, RefuseForm)
    if answer.done:
        return redirect("grants:agree", token)
    context = {
        "signature": signature,
        "agreement": agreement,
        "award": agreement.award,
        "content": agreement.content,
        "reading": reading(certain(agreement.content)),
        "content_sha256": agreement.sha256,
        "token": token,
        **answer.context,
    }
    return render(request, "grants/agreement/sign.html", context, status=answer.status)


def _title(signature):
    if signature.agreement.state == AgreementState.REPLACED or signature.state == SignOffState.VOID:
        return "This agreement was taken back"
    if signature.state == SignOffState.WITHDRAWN:
        return "Somebody else signs now"
    return "This link can no longer be used"


@require_safe
@login_not_required
def agree_pdf(request, token):
    """The agreement as a PDF, for the signatory who still may answer."""
    signature = domain.find(token)
    if signature is None or not domain.may_answer(signature, request.arrived_at):
        raise Http404
    if signature.agreement.document is None:
        raise Http404
    return serve(signature.agreement.document)
