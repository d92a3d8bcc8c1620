"""The page of the five-year budget."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from grants import rules
from grants.domain.budget import save_budget
from grants.domain.queries.change_request import may_change_part
from grants.domain.queries.dossier import dossier_of, forget_dossier
from grants.domain.section import Overtaken, Saved
from grants.enums import BudgetCategory, Section
from grants.forms.budget import BudgetSheet
from grants.views.proposal import visible_proposal
from grants.views.section import Page, after_save, page_facts, reading_place, say_problem
from portal import programme
from portal.access import Refused, demand
from portal.record import Stale
from portal.saving import by_itself

KEY = Section.BUDGET.value


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_budget(request, reference):
    """Read and write the budget. What cannot be kept as an amount is refused in words, and kept as it was typed."""
    proposal = visible_proposal(request, reference)
    dossier = dossier_of(proposal)
    if request.method != "POST":
        if not may_write_budget(request, proposal):
            return redirect(reading_place(proposal, KEY))
        return budget_page(request, dossier, BudgetSheet(dossier))
    demand(rules.may_enter_budget(proposal, request.user))
    sheet = BudgetSheet(dossier, request.POST)
    if "more" in request.POST:
        return _typed_page(request, dossier, sheet)
    if not sheet.is_valid():
        return _keep(request, dossier, sheet)
    try:
        saved = _save(request, proposal, sheet)
    except Stale as stale:
        return _conflict(request, proposal, sheet, stale.current)
    except Overtaken as late:
        saved = Saved(late.current)
    except ValidationError as error:
        sheet.refuse(error)
        return _keep(request, dossier, sheet)
    except Refused as refusal:
        sheet.refusals = {"cells": str(refusal)}
        return _refuse(request, dossier, sheet, status=409)
    return after_save(request, dossier, KEY, saved)


def may_write_budget(request, proposal) -> bool:
    """Whether this person may write the budget at this moment."""
    return bool(may_change_part(proposal, KEY, request.arrived_at) and rules.may_enter_budget(proposal, request.user))


def budget_page(request, dossier, sheet, status=200, **more):
    """The sheet with everything around it."""
    context = {
        **page_facts(dossier, dossier.part(KEY)),
        "sheet": sheet,
        "years": programme.YEAR_NUMBERS,
        "yearly": dossier.round.yearly_ceiling,
        "whole": dossier.proposal.total_ceiling,
        "entries": sheet.entries,
        **more,
    }
    return render(request, "grants/proposal/budget.html", context, status=status)


def _save(request, proposal, sheet, *, autosave=None):
    page = Page(request)
    return save_budget(
        proposal,
        sheet.kept_cells,
        actor=request.user,
        at=request.arrived_at,
        version=page.version,
        notes=sheet.kept_notes,
        match=sheet.match.facts,
        held=sheet.held,
        editor=page.editor,
        turn=page.turn,
        autosave=by_itself(request) if autosave is None else autosave,
    )


def _keep(request, dossier, sheet):
    """Save what can be, hold the rest as it was typed, and say so. Nothing that takes a signature away is done for it."""
    problem = sheet.entries[0]
    try:
        saved = _save(request, dossier.proposal, sheet, autosave=True)
    except Stale as stale:
        return _conflict(request, dossier.proposal, sheet, stale.current)
    except (Refused, ValidationError, Overtaken):
        return _refuse(request, dossier, sheet, status=422)
    version = saved.section.version
    if by_itself(request):
        label = f"{problem['label']}: " if problem["label"] else ""
        words = f"{label}{problem['text']} What you typed is kept on this page, and everything else is saved."
        return say_problem(request, words, status=422, version=version)
    return _typed_page(request, dossier, sheet, status=422, version=version, kept=True)


def _typed_page(request, dossier, sheet, status=200, **more):
    """The page again with what was typed, made from the same version as before unless told."""
    page = Page(request)
    facts = {"version": page.version, "editor": page.editor, "turn": page.turn}
    return budget_page(request, dossier, sheet, status, **facts | more)


def _refuse(request, dossier, sheet, *, status):
    if by_itself(request):
        return say_problem(request, sheet.entries[0]["text"], status=status)
    return _typed_page(request, dossier, sheet, status)


def _conflict(request, proposal, sheet, current):
    """The amounts that differ, as saved by the colleague; the typed ones are still in their boxes."""
    if by_itself(request):
        problem = f"{current.saved_by} saved the budget meanwhile. Your amounts are kept here."
        return say_problem(request, problem, status=409, overtaken=True)
    forget_dossier(proposal)
    fresh = dossier_of(proposal)
    names = {each.code: each for each in fresh.components}
    places = sorted(set(fresh.amounts) | set(sheet.cells))
    differing = [
        (names[code], BudgetCategory(category).label, year, fresh.amounts.get(place), sheet.cells.get(place))
        for place in places
        for code, category, year in [place]
        if fresh.amounts.get(place) != sheet.cells.get(place)
    ]
    lines = [line for line in sheet.notes if sheet.notes[line] != fresh.notes.get(line, "")]
    notes = [
        (
            names[code],
            BudgetCategory(category).label,
            fresh.notes.get((code, category), ""),
            sheet.notes[code, category],
        )
        for code, category in lines
    ]
    match = BudgetSheet(fresh).match
    theirs_match = [] if match.facts == sheet.match.facts else match.facts
    more = {
        "version": current.version,
        "theirs": differing,
        "their_notes": notes,
        "their_match": theirs_match,
        "match_differs": match.facts != sheet.match.facts,
        "other": current,
    }
    return budget_page(request, fresh, sheet, 409, **more)
