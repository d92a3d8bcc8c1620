"""The public pages of calls: the landing page, one call with every question, its files and dates, without an account."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from grants.domain.call_file import current_files, latest_files
from grants.domain.queries import call
from grants.domain.queries import round as queries
from grants.domain.queries.calendar import calendar_of
from grants.domain.queries.extension import extensions_of
from grants.enums import CallFileKind, RoundPhase
from grants.models import FundingRound, Proposal
from portal import programme
from portal.documents.views import serve
from sites.models import Component

# How long whoever asked too early for a file should wait, in seconds.
_SOON = 30
# How long calendars and caches on the way may keep the dates, in seconds: a deadline may move.
_DATES_AGE = 300


def public_round(reference) -> FundingRound:
    """The published round of that number. Raises Http404 when there is none, also for staff."""
    return get_object_or_404(FundingRound.objects.public(), reference=reference)


@require_safe
@login_not_required
def call_list(request):
    """What the programme is, which calls are open, which open soon, which are over."""
    at = request.arrived_at
    context = {
        "open": queries.open_rounds(at),
        "scheduled": queries.scheduled_rounds(at),
        "past": queries.past_rounds(at)[:20],
        "components": Component.objects.all(),
        "yearly": programme.YEARLY_CEILING,
        "total": programme.TOTAL_CEILING,
        "years": programme.AWARD_YEARS,
    }
    return render(request, "grants/call/list.html", context)


@require_safe
@login_not_required
def call_detail(request, reference):
    """A call with every question, its limits, rubric, dates and ceilings; signed-in people also see their proposals."""
    round_ = public_round(reference)
    context = call.page_of(round_, request.arrived_at)
    if request.user.is_authenticated and request.user.has_seats:
        mine = Proposal.objects.filter(round=round_, site__in=list(request.user.seat_roles))
        context["mine"] = mine.select_related("site").order_by("site__name")
    else:
        context["mine"] = []
    context["extensions"] = extensions_of(round_)
    context["can_start"] = context["phase"] == RoundPhase.OPEN
    context["files"] = latest_files(round_)
    context["asks_eligibility"] = any(each.qualifying for part in context["sections"] for each in part.questions)
    return render(request, "grants/call/detail.html", context)


@require_safe
@login_not_required
def call_pdf(request, reference):
    """The call as a PDF."""
    return _file(request, reference, CallFileKind.PDF)


@require_safe
@login_not_required
def call_template(request, reference):
    """The call as a Word file to write the answers in."""
    return _file(request, reference, CallFileKind.DOCX)


def _file(request, reference, kind):
    """A file made beforehand: nobody can make the portal render anything by asking. Not there yet: a page says when."""
    round_ = public_round(reference)
    found = current_files(round_).get(kind)
    if found is not None:
        return serve(found.document, public=request.user.is_anonymous)
    response = render(request, "grants/call/awaited.html", {"round": round_, "kind": kind}, status=503)
    response.headers["Retry-After"] = str(_SOON)
    return response


@require_safe
@login_not_required
def call_dates(request, reference):
    """Opening, deadline and decision for a calendar."""
    round_ = public_round(reference)
    response = HttpResponse(calendar_of(round_), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{round_.reference}.ics"'
    if request.user.is_anonymous:
        response.headers["Cache-Control"] = f"public, max-age={_DATES_AGE}"
    return response
