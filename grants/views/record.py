"""Taking everything about a proposal away as one file: asking for it, how far it is, downloading it."""

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from grants import rules
from grants.domain.record_copy import KEPT_FOR, RECORD_JOB, ask_for_record
from grants.models import RecordCopy
from grants.views.proposal import is_team, visible_proposal
from portal.access import demand
from portal.documents.views import serve
from portal.jobs.models import Job

# Copies listed on the page; older ones are there until their time is over.
_SHOWN = 5


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_record(request, reference):
    """What the file has in it, the copies there are, and a button that makes a new one."""
    proposal = visible_proposal(request, reference)
    demand(rules.may_take_record(proposal, request.user))
    if request.method == "POST":
        ask_for_record(proposal, actor=request.user)
        return redirect("grants:proposal-record", reference)
    mine = Job.objects.visible_to(request.user).filter(kind=RECORD_JOB, key=f"{proposal.pk}:{request.user.pk}")
    copies = _copies(request, proposal)
    job = mine.order_by("-created_at").first()
    context = {
        "proposal": proposal,
        "round": proposal.round,
        "job": job if job and (job.is_live or job.failure) else None,
        "busy": job is not None and job.is_live,
        "copies": copies.order_by("-made_at")[:_SHOWN],
        "days": KEPT_FOR.days,
        "is_team": is_team(request, proposal),
    }
    return render(request, "grants/record/detail.html", context)


@require_safe
def record_copy(request, reference, copy):
    """One of the files, for everybody who may read the whole proposal, until its time is over."""
    proposal = visible_proposal(request, reference)
    demand(rules.may_take_record(proposal, request.user))
    return serve(get_object_or_404(_copies(request, proposal), public_id=copy).document)


def _copies(request, proposal):
    """Files whose time is over are gone, also before the sweep has come by."""
    rows = RecordCopy.objects.filter(proposal=proposal, document__expires_at__gte=request.arrived_at)
    return rows.select_related("document", "asked_by")
