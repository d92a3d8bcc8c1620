"""Checking the answers, submitting, and what was submitted: receipt, text, file."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants import rules
from grants.domain import content
from grants.domain.queries import proposal as queries
from grants.domain.queries.change_request import wanted_of
from grants.domain.queries.deadline import deadline_of
from grants.domain.queries.differences import changed_by
from grants.domain.queries.dossier import dossier_of
from grants.domain.queries.receipt import receipt_pdf_of
from grants.domain.queries.revision import compared
from grants.domain.queries.status import stages_of
from grants.domain.receipt import remake_receipt
from grants.domain.submission import submit_proposal
from grants.forms.submission import SubmitForm
from grants.models import Submission
from grants.views.proposal import is_team, visible_proposal
from grants.views.section import section_url
from portal.access import Refused, demand
from portal.documents.views import serve


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_submit(request, reference):
    """Check your answers, then submit. The form's key makes a double click or a retry submit once."""
    proposal = visible_proposal(request, reference)
    demand(rules.may_submit(proposal, request.user))
    form = SubmitForm(request.POST or None)
    key = uuid4().hex
    status = 200
    if form.is_valid():
        key = form.cleaned_data["key"].hex
        try:
            submission = submit_proposal(proposal, actor=request.user, at=request.arrived_at, key=key)
        except Refused as refusal:
            form.add_refusal(refusal)
            status = 409
        else:
            return redirect("grants:submission-detail", reference, submission.number)
    elif form.errors:
        status = 422
    dossier = dossier_of(proposal)
    gaps = queries.gaps(dossier)
    says = content.build(proposal)
    last = proposal.submissions.order_by("-number").defer("content").first()
    wanted = wanted_of(dossier)
    can_change = queries.may_change(proposal, request.arrived_at)
    context = {
        "proposal": proposal,
        "closes_at": deadline_of(proposal),
        "round": proposal.round,
        "form": form,
        "key": key,
        "gaps": [(section_url(proposal, gap.section), gap.text) for gap in gaps],
        "content": _with_gaps(says, gaps),
        "can_change": can_change,
        "may_edit": can_change and dossier.change_request is None,
        "in_time": queries.may_submit_at(proposal, request.arrived_at),
        "last": last,
        "is_same": last is not None and dossier.change_request is None and last.sha256 == content.digest(says),
        "asked": dossier.change_request,
        "wanted": wanted,
        "unchanged": [each for each in wanted if not each.changed],
    }
    return render(request, "grants/submission/check.html", context, status=status)


def _with_gaps(says, gaps):
    """A content to show, each section with what it lacks; those without answers of their own by key under `missing`."""
    missing: dict[str, list[str]] = {}
    for gap in gaps:
        missing.setdefault(gap.section, []).append(gap.text)
    sections = [each | {"missing": missing.get(each["key"], [])} for each in says["sections"]]
    return says | {"sections": sections, "missing": missing}


@require_safe
def submission_detail(request, reference, number):
    """The receipt of a submission with everything that was submitted, and the PDF or how far it is."""
    proposal = visible_proposal(request, reference)
    submission = one_submission(proposal, number)
    others = list(proposal.submissions.order_by("-number").defer("content").select_related("by"))
    can_change = is_team(request, proposal) and queries.may_change(proposal, request.arrived_at)
    context = {
        "proposal": proposal,
        "round": proposal.round,
        "submission": submission,
        "content": submission.content,
        "is_latest": others[0].number == number,
        "earlier": [each for each in others if each.number < number],
        "newer": [each for each in others if each.number > number],
        "can_change": can_change,
        "closes_at": deadline_of(proposal),
        "pdf": receipt_pdf_of(submission, request.user),
        "is_team": is_team(request, proposal),
        "stages": stages_of(proposal, request.arrived_at),
    }
    return render(request, "grants/submission/detail.html", context)


@require_safe
def submission_pdf(request, reference, number):
    """The receipt as a PDF, for everybody who may see the submission."""
    submission = one_submission(visible_proposal(request, reference), number)
    if submission.receipt is None:
        raise Http404
    return serve(submission.receipt)


@require_POST
def submission_pdf_again(request, reference, number):
    """Ask for the PDF once more after it could not be made."""
    submission = one_submission(visible_proposal(request, reference), number)
    demand(rules.may_ask_for_receipt(submission.proposal, request.user))
    try:
        remake_receipt(submission, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The PDF is being made again.")
    return redirect("grants:submission-detail", reference, number)


def one_submission(proposal, number) -> Submission:
    """The submission of that number with the proposal at hand. Raises Http404 when there is none."""
    rows = proposal.submissions.select_related("by", "receipt")
    submission = get_object_or_404(rows, number=number)
    submission.proposal = proposal
    return submission


@require_safe
def submission_content(request, reference, number):
    """Exactly the bytes the fingerprint is taken of."""
    proposal = visible_proposal(request, reference)
    submission = get_object_or_404(proposal.submissions, number=number)
    response = HttpResponse(content.canonical(submission.content), content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{reference}-{number}.json"'
    return response


@require_safe
def submission_changes(request, reference, number):
    """What a submission says differently from the one before it."""
    proposal = visible_proposal(request, reference)
    submission = get_object_or_404(proposal.submissions.filter(number__gt=1).select_related("by"), number=number)
    changed = [
        (change.title, [(row.label, list(compared(row.before, row.after))) for row in change.rows])
        for change in changed_by(submission)
    ]
    context = {"proposal": proposal, "submission": submission, "changed": changed}
    return render(request, "grants/submission/changes.html", context)
