"""The pages of baseline results: the tables, one table's grid, taking one out."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from grants import rules
from grants.domain import baseline as domain
from grants.domain.baseline import Place
from grants.domain.queries.change_request import may_change_part
from grants.domain.queries.dossier import dossier_of, forget_dossier
from grants.domain.queries.proposal import gaps_in
from grants.enums import Section
from grants.forms.baseline import BaselineSheet
from grants.views.proposal import visible_proposal
from grants.views.section import Page, page_facts, reading_place, section_url
from portal.access import Refused, demand
from portal.forms import PortalForm
from portal.record import Stale
from portal.saving import tell_saved

KEY = Section.BASELINE.value


@require_http_methods(["GET", "HEAD"])
def proposal_baseline(request, reference):
    """Every table with its shares and gaps."""
    proposal, dossier = _opened(request, reference)
    if dossier is None:
        return redirect(reading_place(proposal, KEY))
    part = dossier.part(KEY)
    keys = [each.key for each in dossier.parts]
    context = {
        **page_facts(dossier, part),
        "tables": dossier.baseline,
        "missing": gaps_in(dossier, part),
        "following": section_url(proposal, keys[keys.index(KEY) + 1]),
    }
    return render(request, "grants/baseline/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def baseline_new(request, reference):
    """Enter a table the proposal does not have yet."""
    proposal, dossier = _opened(request, reference)
    if dossier is None:
        return redirect(reading_place(proposal, KEY))
    return _edit(request, dossier, None)


@require_http_methods(["GET", "HEAD", "POST"])
def baseline_edit(request, reference, subject, grades, year):
    """Change one table."""
    proposal, dossier = _opened(request, reference)
    place = Place(subject, grades, year)
    if dossier is None:
        return redirect(reading_place(proposal, KEY))
    return _edit(request, dossier, place)


@require_http_methods(["GET", "HEAD", "POST"])
def baseline_remove(request, reference, subject, grades, year):
    """Take a table out of the proposal, after a page that says so."""
    proposal, dossier = _opened(request, reference)
    if dossier is None:
        return redirect(reading_place(proposal, KEY))
    table = _table(dossier, Place(subject, grades, year))
    form = PortalForm(request.POST or None)
    status = 200
    if request.method == "POST":
        row = dossier.saved.get(KEY)
        try:
            saved = domain.remove_table(
                proposal,
                Place(subject, grades, year),
                actor=request.user,
                at=request.arrived_at,
                version=row.version if row else 0,
            )
        except (Refused, Stale) as error:
            form.is_valid()
            form.add_refusal(error)
            status = 409
        else:
            tell_voided(request, saved)
            messages.success(request, f"{Place(subject, grades, year)} is taken out.")
            return redirect(section_url(proposal, KEY))
    context = {**page_facts(dossier, dossier.part(KEY)), "form": form, "table": table}
    return render(request, "grants/baseline/remove.html", context, status=status)


def tell_voided(request, saved) -> None:
    """Say whose signature no longer holds."""
    if saved.voided:
        names = " and ".join(each.signed_name for each in saved.voided)
        messages.warning(
            request, f"The numbers changed, so it is no longer signed by {names}. Ask for a new signature."
        )


def _opened(request, reference):
    """The proposal and its dossier; None for the dossier where a reader is sent to the page for reading."""
    proposal = visible_proposal(request, reference)
    if request.method == "POST":
        demand(rules.may_write(proposal, request.user))
    elif not (may_change_part(proposal, KEY, request.arrived_at) and rules.may_write(proposal, request.user)):
        return proposal, None
    return proposal, dossier_of(proposal)


def _table(dossier, place):
    """What is told of the table at that place. Raises Http404."""
    for told in dossier.baseline:
        if (told["subject"], told["grade_band"], told["school_year"]) == (
            place.subject,
            place.grade_band,
            place.school_year,
        ):
            return told
    raise Http404


def _edit(request, dossier, place):
    if request.method != "POST":
        return _page(request, dossier, place, BaselineSheet(_table(dossier, place) if place else None))
    sheet = BaselineSheet(data=request.POST)
    if "more" in request.POST or "fewer" in request.POST:
        sheet.errors = {}
        return _typed_page(request, dossier, place, sheet)
    if request.POST.get("paste", "").strip():
        filled = sheet.fill(request.POST["paste"])
        text = request.POST["paste"] if sheet.problems else ""
        return _typed_page(request, dossier, place, sheet, was_filled=filled, pasted=text)
    if not sheet.is_valid():
        return _typed_page(request, dossier, place, sheet, status=422)
    page = Page(request)
    try:
        saved = domain.save_table(
            dossier.proposal,
            sheet.facts,
            actor=request.user,
            at=request.arrived_at,
            version=_version(request, dossier, place, page),
            editor=page.editor,
            replaces=place,
        )
    except Stale as stale:
        return _conflict(request, dossier, place, sheet, stale.current)
    except ValidationError as error:
        sheet.refuse(error)
        return _typed_page(request, dossier, place, sheet, status=422)
    except Refused as refusal:
        sheet.errors["refused"] = str(refusal)
        return _typed_page(request, dossier, place, sheet, status=409)
    tell_voided(request, saved)
    messages.success(request, f"{sheet.facts.place} is saved.")
    return tell_saved(redirect(section_url(dossier.proposal, KEY)), page.kept)


def _version(request, dossier, place, page) -> int:
    """The version the page was made from; the newest when a colleague saved other tables meanwhile, and not this one."""
    row = dossier.saved.get(KEY)
    if row is None or row.version == page.version or place is None:
        return page.version
    known = [each for each in dossier.baseline if _same(each, place)]
    return row.version if known and _fingerprint(known[0]) == request.POST.get("seen", "") else page.version


def _same(told, place) -> bool:
    return Place(told["subject"], told["grade_band"], told["school_year"]) == place


def _fingerprint(told) -> str:
    """What a page was made from, short: another means that a colleague changed this very table."""
    return domain.fingerprint(told)


def _page(request, dossier, place, sheet, status=200, **more):
    told = next((each for each in dossier.baseline if place and _same(each, place)), None)
    context = {
        **page_facts(dossier, dossier.part(KEY)),
        "sheet": sheet,
        "place": place,
        "told": told,
        "seen": _fingerprint(told) if told else "",
        "pasted": "",
        **more,
    }
    return render(request, "grants/baseline/edit.html", context, status=status)


def _typed_page(request, dossier, place, sheet, status=200, **more):
    """The page again with what was typed, made from the same version as before."""
    page = Page(request)
    facts = {"version": page.version, "editor": page.editor, "seen": request.POST.get("seen", "")}
    return _page(request, dossier, place, sheet, status, **{**facts, **more})


def _conflict(request, dossier, place, sheet, current):
    """The numbers that differ, as saved by the colleague; the typed ones are still in their boxes."""
    forget_dossier(dossier.proposal)
    fresh = dossier_of(dossier.proposal)
    told = next((each for each in fresh.baseline if place and _same(each, place)), None)
    saved = {each["group"]: each["counts"] for each in told["groups"]} if told else {}
    names = {each["group"]: each["name"] for each in told["groups"]} if told else {}
    facts = sheet.facts
    differing = [
        (names.get(group) or domain.group_name(group), saved.get(group), facts.counts.get(group))
        for group in {**saved, **facts.counts}
        if saved.get(group) != facts.counts.get(group)
    ]
    more = {"theirs": differing, "other": current, "version": current.version, "editor": Page(request).editor}
    return _page(request, fresh, place, sheet, 409, gone=place is not None and told is None, **more)
