"""A job's page: how far it is, what came of it, and the button that calls it off."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from portal.access import Refused
from portal.jobs import domain
from portal.jobs.models import Job
from portal.jobs.rules import may_cancel


@require_safe
def job_detail(request, pk):
    """The whole page; for htmx, which asks again while the job lives, only its card."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    template = "components/job.html" if request.htmx else "jobs/job/detail.html"
    return render(request, template, {"job": job, "cancel": may_cancel(job, request.user)})


@require_POST
def job_cancel(request, pk):
    """Call the job off, if it is still to be called off."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    try:
        domain.cancel(job, actor=request.user, at=request.arrived_at)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The job is cancelled.")
    return redirect(job)
