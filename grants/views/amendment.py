"""Pages of amendments: all of them, those of one award, writing one down, checking and asking for it, deciding on it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants import rules
from grants.domain import amendment as domain
from grants.domain.queries import amendment as queries
from grants.domain.queries.tolerance import free_to_move, moved_before
from grants.enums import AmendmentKind, AmendmentState, AwardState
from grants.forms.amendment import FORMS, AmendmentFilter
from grants.models import Amendment, Award
from grants.workflow import AMENDMENT
from portal import keyset, programme
from portal.access import Refused, demand
from portal.activity.domain import timeline
from portal.conflict import overtaken
from portal.forms import PortalForm, typed
from portal.record import Stale
from portal.steps import step_view
from sites.models import Component

# What each kind is for, in words for the site lead who chooses one.
KINDS = {
    AmendmentKind.MOVE_MONEY: "The sum stays. Small moves inside a year pass at once; the page says which do.",
    AmendmentKind.EXTEND: "Up to twelve months more to finish the work, with the same money.",
    AmendmentKind.PAYEE: "Another partner receives the payments from now on.",
    AmendmentKind.PEOPLE: "Somebody who leads the work leaves, and somebody else comes.",
}
# The steps that are of a kind; of the others nobody is shown a dead button.
_OF_PEOPLE, _OF_THE_REST = {"agree"}, {"recommend", "approve"}


def _facts(amendment):
    award = amendment.award
    changes = queries.changes_of(amendment)
    facts = [("Award", f"{award.reference}, {award.site}"), ("What changes", amendment.get_kind_display())]
    facts += [(each.label, f"{each.before or 'new'} → {each.after}") for each in changes]
    if amendment.recommendation:
        facts.append((f"Recommended by {amendment.recommended_by}", amendment.recommendation))
    return facts


amendment_step = step_view(AMENDMENT, Amendment, "grants:amendment-detail", facts=_facts)


@require_safe
def amendment_list(request):
    """Every amendment this person may know of, the latest first."""
    found = AmendmentFilter(request.GET, Amendment.objects.visible_to(request.user))
    rows = found.qs.select_related("award__site")
    context = {
        "form": found.form,
        "page": keyset.page(rows, request, moment="created_at"),
        "is_staff": request.user.is_foundation_staff,
    }
    return render(request, "grants/amendment/list.html", context)


@require_safe
def award_amendments(request, reference):
    """The amendments of one award, and the way to another one."""
    award = _award(request, reference)
    amendments = Amendment.objects.visible_to(request.user).filter(award=award)
    verdict = queries.may_start(award, request.user)
    passed = moved_before(award)
    context = {
        "award": award,
        "amendments": amendments.select_related("requested_by", "decided_by", "made_version"),
        "verdict": verdict,
        "asks": bool(rules.may_ask_for_amendment(award, request.user)),
        "kinds": [(kind, AmendmentKind(kind).label, words) for kind, words in KINDS.items()],
        "free": [
            (year.number, year.school_year, free_to_move(year.amount), passed.get(year.number, 0))
            for year in award.years.all()
        ],
        "share": programme.FREE_MOVE_SHARE * 100,
        "dollars": programme.FREE_MOVE_DOLLARS,
        "crumbs": _crumbs(award),
    }
    return render(request, "grants/amendment/of_award.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def amendment_new(request, reference, kind):
    """Write down a change of one kind."""
    award = _award(request, reference)
    demand(rules.may_ask_for_amendment(award, request.user))
    if kind not in FORMS:
        raise Http404
    form = _form(request, award, kind)
    status = 200
    if form.is_valid():
        try:
            made = domain.start_amendment(
                award, AmendmentKind(kind), **form.facts, actor=request.user, at=request.arrived_at
            )
        except Refused as error:
            form.add_refusal(error)
            status = 409
        else:
            messages.success(request, "Saved as a draft. Check what it changes, then ask the foundation.")
            return redirect("grants:amendment-detail", made.reference)
    elif form.errors:
        status = 422
    context = {"verdict": queries.may_start(award, request.user), "back": _page(award)}
    return _form_page(request, award, kind, form, context, status)


@require_http_methods(["GET", "HEAD", "POST"])
def amendment_change(request, reference):
    """Change a draft."""
    amendment = _amendment(request, reference)
    award = amendment.award
    demand(rules.may_amend(amendment, request.user))
    form = _form(request, award, amendment.kind, amendment)
    status, differences = 200, []
    if form.is_valid():
        try:
            domain.change_amendment(
                amendment, **form.facts, version=form.cleaned_data["version"], actor=request.user, at=request.arrived_at
            )
        except Stale as stale:
            status, differences = 409, overtaken(form, stale)
        except Refused as error:
            form.add_refusal(error)
            status = 409
        else:
            messages.success(request, "Saved. Check what it changes, then ask the foundation.")
            return redirect("grants:amendment-detail", reference)
    elif form.errors:
        status = 422
    back = reverse("grants:amendment-detail", args=[reference])
    context = {"amendment": amendment, "verdict": _may_change(amendment), "back": back, "differences": differences}
    return _form_page(request, award, amendment.kind, form, context, status)


@require_safe
def amendment_detail(request, reference):
    """One amendment: what it changes, what is in its way, who decides, and the steps this person may take."""
    amendment = _amendment(request, reference)
    award = amendment.award
    draft = amendment.state == AmendmentState.DRAFT
    is_open = draft or amendment.state in {AmendmentState.REQUESTED, AmendmentState.RECOMMENDED}
    people = amendment.kind == AmendmentKind.PEOPLE
    other = _OF_THE_REST if people else _OF_PEOPLE
    live = is_open and award.state == AwardState.ACTIVE
    context = {
        "amendment": amendment,
        "award": award,
        "changes": queries.changes_of(amendment),
        "is_draft": draft,
        "is_open": is_open,
        "asks": bool(rules.may_amend(amendment, request.user)),
        "obstacles": queries.obstacles_to_requesting(amendment) if draft else [],
        "reasons": queries.reasons_for_decision(amendment) if draft and not people else [],
        "plan_again": queries.to_plan_again(amendment) if live else [],
        "people": people,
        "offers": [each for each in AMENDMENT.offered(amendment, request.user) if each.step.name not in other],
        "version_number": _version_number(amendment),
        "history": timeline(amendment),
        "crumbs": [*_crumbs(award), ("Amendments", _page(award))],
    }
    return render(request, "grants/amendment/detail.html", context)


@require_POST
def amendment_request(request, reference):
    """Ask the foundation for a checked draft; a small move is made at once."""
    amendment = _amendment(request, reference)
    demand(rules.may_amend(amendment, request.user))
    form = PortalForm(request.POST, version=amendment.version)
    try:
        if not form.is_valid():
            raise Refused("This form is incomplete. Open the page again and try once more.")
        version = form.cleaned_data["version"]
        asked = domain.request_amendment(amendment, actor=request.user, at=request.arrived_at, version=version)
    except (Refused, Stale) as error:
        messages.error(request, str(error))
    else:
        made = asked.state == AmendmentState.APPROVED
        messages.success(
            request, "Done: the award has changed." if made else "Sent. You get an answer by mail, and here."
        )
    return redirect("grants:amendment-detail", reference)


def _award(request, reference) -> Award:
    awards = Award.objects.visible_to(request.user).select_related("site")
    return get_object_or_404(awards, reference=reference)


def _amendment(request, reference) -> Amendment:
    rows = Amendment.objects.visible_to(request.user).select_related(
        "award__site", "payee", "started_by", "requested_by", "recommended_by", "decided_by", "made_version"
    )
    return get_object_or_404(rows, reference=reference)


def _page(award):
    return reverse("grants:award-amendments", args=[award.reference])


def _crumbs(award):
    return [(str(award), reverse("grants:award-detail", args=[award.reference]))]


def _version_number(amendment):
    made = getattr(amendment, "made_version", None)
    return made.number if made else None


def _may_change(amendment):
    return amendment.state == AmendmentState.DRAFT


def _form(request, award, kind, amendment=None):
    facts = {"award": award, "amendment": amendment, "version": amendment.version if amendment else None}
    if kind == AmendmentKind.MOVE_MONEY:
        present = queries.present_grid(award)
        grid = queries.asked_grid(amendment) if amendment else present
        facts |= {"present": present, "grid": grid, "components": list(Component.objects.all())}
    return FORMS[kind](typed(request), **facts)


def _form_page(request, award, kind, form, context, status):
    grid = form.rows() if kind == AmendmentKind.MOVE_MONEY else []
    context = {
        "award": award,
        "amendment": None,
        "differences": [],
        "kind": AmendmentKind(kind),
        "words": KINDS[AmendmentKind(kind)],
        "form": form,
        "grid": grid,
        "components": list(Component.objects.all()) if grid else [],
        "total": sum((row.total for row in grid), 0),
        "crumbs": [*_crumbs(award), ("Amendments", _page(award))],
        **context,
    }
    return render(request, "grants/amendment/form.html", context, status=status)
