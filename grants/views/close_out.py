"""Pages that end an award for good: the check list, closing, the archive with its retention clock, legal holds."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from grants import rules
from grants.domain import close_out as domain
from grants.domain import retention
from grants.domain.queries import archive, close_out
from grants.domain.queries.reconciliation import balance_of
from grants.enums import AwardState
from grants.forms.close_out import ArchiveFilter, CloseForm, CloseOutForm, HoldForm
from grants.models import Award
from grants.workflow import AWARD
from portal import keyset
from portal.access import Refused, demand
from portal.certain import certain
from portal.forms import typed
from portal.record import Stale
from portal.words import day_words

_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(_METHODS)
def close_out_detail(request, reference):
    """The check list of one award, for everybody who reads the award; program officers confirm what only people know."""
    award = _award(request, reference)
    found = close_out.close_out_of(award)
    officer = bool(rules.may_manage_awards(award, request.user))
    edits = officer and award.state == AwardState.ACTIVE
    if request.method == "POST":
        demand(rules.may_manage_awards(award, request.user))
    form = CloseOutForm(typed(request), found=found, version=found.version if found else domain.NEW)
    status = 200
    if form.is_valid():
        try:
            domain.save_close_out(award, **form.facts, actor=request.user, at=request.arrived_at)
        except (Refused, Stale, ValidationError) as error:
            form.add_refusal(error)
            status = 422 if isinstance(error, ValidationError) else 409
        else:
            messages.success(request, "Saved.")
            return redirect("grants:close-out", reference)
    elif form.errors:
        status = 422
    checks = close_out.check_list(award) if award.state == AwardState.ACTIVE else []
    context = {
        "award": award,
        "found": found,
        "form": form if edits or status != 200 else None,
        "checks": checks,
        "progress": close_out.progress(checks),
        "settled": [] if checks else close_out.settled(found),
        "is_ready": bool(checks) and all(check.is_done for check in checks),
        "officer": officer,
        "money": balance_of(award),
        "frozen": _frozen(found),
        **_clock(request, award),
    }
    return render(request, "grants/close_out/detail.html", context, status=status)


@require_http_methods(_METHODS)
def award_close(request, reference):
    """Close an award whose check list is done."""
    award = _award(request, reference)
    demand(rules.may_manage_awards(award, request.user))
    form = CloseForm(typed(request), version=award.version)
    status = 200
    if form.is_valid():
        try:
            AWARD.perform(
                award, "close", actor=request.user, at=request.arrived_at, version=form.cleaned_data["version"]
            )
        except (Refused, Stale) as error:
            form.add_refusal(error)
            status = 409
        else:
            messages.success(request, "The award is closed. Its papers are in the archive.")
            return redirect("grants:close-out", reference)
    context = {
        "subject": award,
        "step": AWARD.by_name["close"],
        "facts": [
            ("Award", f"{award.reference}, {award.site}"),
            *close_out.facts_of(award),
            ("Papers are kept until", day_words(retention.kept_until(request.arrived_at))),
        ],
        "form": form,
        "verdict": AWARD.verdict(award, "close", request.user),
        "back": reverse("grants:close-out", args=[reference]),
    }
    return render(request, "components/step.html", context, status=status)


@require_safe
def archive_list(request):
    """Ended awards, those whose papers are due first on top, with what the retention clock says."""
    demand(rules.may_read_as_staff(None, request.user))
    today = timezone.localdate(request.arrived_at)
    found = ArchiveFilter(request.GET, archive.archived(Award.objects.visible_to(request.user)), today=today)
    page = keyset.page(found.qs, request, moment="retained_until", oldest_first=True)
    rows = []
    for award in page:
        clock = certain(archive.clock_of(award, is_held=award.is_held, today=today))
        rows.append((award, clock, archive.look_of(clock)))
    context = {"form": found.form, "page": page, "rows": rows}
    return render(request, "grants/archive/list.html", context)


@require_http_methods(_METHODS)
def legal_hold(request, reference):
    """Place a hold on the papers of an award, or lift the one that stands; every hold there was, with its reasons."""
    award = _award(request, reference)
    demand(rules.may_read_as_staff(award, request.user))
    standing = archive.standing_hold(award)
    may = bool(rules.may_hold_papers(award, request.user))
    if request.method == "POST":
        demand(rules.may_hold_papers(award, request.user))
    form, status = HoldForm(typed(request)), 200
    if form.is_valid():
        try:
            _hold_or_lift(request, award, standing, form.cleaned_data["reason"])
        except (Refused, ValidationError) as error:
            form.add_refusal(error)
            status = 409
        else:
            messages.success(request, "The hold is lifted." if standing else "The hold is placed.")
            return redirect("grants:legal-hold", reference)
    elif form.errors:
        status = 422
    context = {
        "award": award,
        "standing": standing,
        "holds": archive.holds_of(award),
        "form": form if may else None,
        "crumbs": [(str(award), reverse("grants:award-detail", args=[reference]))],
        **_clock(request, award),
    }
    return render(request, "grants/archive/hold.html", context, status=status)


def _hold_or_lift(request, award, standing, reason):
    facts = {"reason": reason, "actor": request.user, "at": request.arrived_at}
    if request.POST.get("act") != "lift":
        retention.place_hold(award, **facts)
    elif standing is None:
        raise Refused("No hold stands any more: somebody else lifted it.")
    else:
        retention.lift_hold(standing, **facts)


def _award(request, reference) -> Award:
    return get_object_or_404(Award.objects.visible_to(request.user).select_related("site"), reference=reference)


def _clock(request, award):
    """The retention clock of an award, for staff; a legal hold is not for the team to read."""
    staff = request.user.is_foundation_staff
    held = staff and archive.standing_hold(award) is not None
    clock = archive.clock_of(award, is_held=held, today=timezone.localdate(request.arrived_at))
    return {"clock": clock, "clock_look": archive.look_of(clock) if clock else None, "is_staff": staff}


def _frozen(found):
    """The frozen figures by year, with their sum last."""
    if found is None or found.reconciliation is None:
        return []
    years = [(f"Year {number}", figures) for number, figures in found.reconciliation["years"].items()]
    return [*years, ("Together", found.reconciliation["together"])]
