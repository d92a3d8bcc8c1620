"""What a reviewer takes away from the desk: the proposal as a PDF, and in a blind round its files without their authors."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from grants import rules
from grants.domain.blind_file import KEPT_BACK, without_author
from grants.domain.queries.blind import reading_of
from grants.domain.queries.reading_copy import copies_of
from grants.domain.reading_copy import ask_for_reading_copy
from grants.models import Attachment, Review
from portal.access import Refused, demand
from portal.documents.views import serve


def _review(request, reference) -> Review:
    rows = Review.objects.visible_to(request.user)
    rows = rows.select_related("proposal__round", "proposal__site", "reviewer", "calibration__round")
    return get_object_or_404(rows, reference=reference)


@require_POST
def reading_copy_ask(request, reference):
    """Have the PDF made; the job's page says how far it is."""
    return redirect(ask_for_reading_copy(_review(request, reference), actor=request.user))


@require_safe
def reading_copy(request, reference, copy):
    """The PDF, for its reviewer and staff, until its time is over."""
    review = _review(request, reference)
    demand(rules.may_read_for_review(review, request.user))
    return serve(get_object_or_404(copies_of(review, at=request.arrived_at), public_id=copy).document)


@require_safe
def review_file(request, reference, document):
    """A file of a proposal that is read without names: under a neutral name, without what it knows about its authors."""
    review = _review(request, reference)
    demand(rules.may_answer_review(review, request.user))
    demand(rules.may_read_for_review(review, request.user))
    reading = reading_of(review, request.user, outside=True)
    if reading.content is None or reading.names is None:
        raise Http404
    wanted = str(document)
    told = next((each for each in reading.content["files"] if each["document"] == wanted), None)
    if told is None:
        raise Http404
    if not told["can_open"]:
        raise Refused(KEPT_BACK)
    files = Attachment.objects.filter(proposal=review.proposal_id, document=document).select_related("document")
    held = get_object_or_404(files).document
    response = HttpResponse(without_author(held.content(), reading.names), content_type=held.content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{told["name"]}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response
