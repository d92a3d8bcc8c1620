"""The issued PDF of a report, and asking for it again when it could not be made."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from portal.access import Refused
from portal.documents.views import serve
from reporting.domain.report import remake_pdf
from reporting.views.report import one_report


@require_safe
def report_pdf(request, reference, version):
    """The document, for everybody who may see the report."""
    report = one_report(request, reference)
    issue = get_object_or_404(report.issues.select_related("document"), version=version)
    return serve(issue.document)


@require_POST
def report_pdf_again(request, reference):
    """Ask for the PDF once more after its job failed."""
    report = one_report(request, reference)
    try:
        remake_pdf(report, actor=request.user, at=request.arrived_at)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The PDF is being made again.")
    return redirect("reporting:report-detail", reference)
