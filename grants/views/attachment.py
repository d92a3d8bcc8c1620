"""The page of a proposal's attachments: put a file there, take it away, download it."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from grants import rules
from grants.domain import attachment as domain
from grants.domain.queries.attachment import readable_attachments
from grants.domain.queries.change_request import may_change_part
from grants.domain.queries.dossier import dossier_of
from grants.enums import Section
from grants.forms.attachment import AttachmentForm, SlotFileForm
from grants.models import Attachment, AttachmentSlot
from grants.views.proposal import visible_proposal
from grants.views.section import page_facts, reading_place, section_url
from portal.access import Refused, demand
from portal.documents.views import serve
from portal.forms import PortalForm


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_attachments(request, reference):
    """The files of a proposal, and a form for one more."""
    proposal = visible_proposal(request, reference)
    if request.method != "POST" and not (
        may_change_part(proposal, Section.ATTACHMENTS, request.arrived_at) and rules.may_write(proposal, request.user)
    ):
        return redirect(reading_place(proposal, Section.ATTACHMENTS))
    demand(rules.may_write(proposal, request.user))
    posted = _posted_slot(request, proposal)
    status = 200
    form: PortalForm
    if posted is None:
        form = AttachmentForm(request.POST or None, request.FILES or None)
    else:
        form = SlotFileForm(request.POST, request.FILES, slot=posted)
    if form.is_valid():
        facts = form.cleaned_data
        try:
            domain.attach(
                proposal,
                facts["file"],
                title=facts.get("title", ""),
                slot=posted,
                actor=request.user,
                at=request.arrived_at,
            )
        except (Refused, ValidationError) as error:
            form.add_refusal(error)
            status = 409 if isinstance(error, Refused) else 422
        else:
            messages.success(request, "The file is attached.")
            return redirect(section_url(proposal, Section.ATTACHMENTS))
    elif form.errors:
        status = 422
    dossier = dossier_of(proposal)
    part = dossier.part(Section.ATTACHMENTS)
    filled = dossier.filled
    context = {
        **page_facts(dossier, part),
        "form": AttachmentForm() if posted else form,
        "slots": [
            (each, filled.get(each.pk), form if posted == each else SlotFileForm(slot=each)) for each in dossier.slots
        ],
        "further": [each for each in dossier.attachments if each.slot_id is None],
    }
    return render(request, "grants/proposal/attachments.html", context, status=status)


def _posted_slot(request, proposal) -> AttachmentSlot | None:
    """The slot a file was posted to; None for a file under a title of its own. Raises Http404 for none of the round."""
    named = request.POST.get("slot")
    if not named:
        return None
    try:
        slot = UUID(named)
    except ValueError as error:
        raise Http404 from error
    return get_object_or_404(AttachmentSlot, round=proposal.round_id, public_id=slot)


@require_safe
def attachment_download(request, reference, document):
    """Hand out a file to the team, to staff, and to reviewers who may read the proposal with its names."""
    found = readable_attachments(request.user, reference).filter(document=document).select_related("document").first()
    if found is None:
        raise Http404
    return serve(found.document)


@require_http_methods(["GET", "HEAD", "POST"])
def attachment_remove(request, reference, document):
    """Ask, then take a file away."""
    proposal = visible_proposal(request, reference)
    demand(rules.may_write(proposal, request.user))
    rows = Attachment.objects.current().filter(proposal=proposal).select_related("document")
    attachment = get_object_or_404(rows, document=document)
    attachment.proposal = proposal
    form = PortalForm(request.POST or None)
    status = 200
    if request.method == "POST":
        try:
            domain.remove(attachment, actor=request.user, at=request.arrived_at)
        except Refused as refusal:
            form.is_valid()
            form.add_refusal(refusal)
            status = 409
        else:
            messages.success(request, "The file is removed.")
            return redirect(section_url(proposal, Section.ATTACHMENTS))
    context = {"form": form, "proposal": proposal, "attachment": attachment}
    return render(request, "grants/proposal/attachment_remove.html", context, status=status)
