"""Importing results: send files or a paste, see what was read and why the rest was not, correct it, use the numbers."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from grants import rules
from grants.domain.baseline import Place, add_results
from grants.domain.queries.change_request import may_change_part
from grants.domain.queries.dossier import dossier_of
from grants.forms.baseline_import import ImportSheet
from grants.forms.table_files import LONGEST_PASTE, MOST_CARRIED, carried, tables_of_uploads, uncarried
from grants.views.baseline import KEY, tell_voided
from grants.views.proposal import visible_proposal
from grants.views.section import Page, page_facts, reading_place, section_url
from portal.access import Refused, demand
from portal.record import Stale
from portal.words import counted


@require_http_methods(["GET", "HEAD", "POST"])
def baseline_import(request, reference):
    """Choose files; then what was read of them. Nothing is saved before “Use these numbers”, and no file is kept."""
    proposal = visible_proposal(request, reference)
    if request.method == "POST":
        demand(rules.may_write(proposal, request.user))
        demand(may_change_part(proposal, KEY, request.arrived_at))
    elif not (may_change_part(proposal, KEY, request.arrived_at) and rules.may_write(proposal, request.user)):
        return redirect(reading_place(proposal, KEY))
    dossier = dossier_of(proposal)
    if request.method != "POST":
        return _choose(request, dossier, [])
    if "tables" in request.POST:
        return _correct(request, dossier)
    tables, problems = tables_of_uploads(request.FILES.getlist("files"), request.POST.get("paste", ""))
    if tables and len(carried(tables)) > MOST_CARRIED:
        tables, problems = [], ["That is more than we read at once. Send fewer files."]
    if not tables:
        return _choose(request, dossier, problems or ["Choose a file, or paste a table."], status=422)
    return _preview(request, dossier, tables, ImportSheet(tables, _known(dossier)), problems=problems)


def _correct(request, dossier):
    """The preview came back: read again with the corrections, or use the numbers."""
    tables = uncarried(request.POST["tables"])
    if not tables:
        return _choose(request, dossier, ["The tables did not come along. Send the files again."], status=422)
    sheet = ImportSheet(tables, _known(dossier), request.POST)
    page = Page(request)
    if "use" not in request.POST:
        return _preview(request, dossier, tables, sheet, version=page.version)
    wanted = sheet.facts()
    if not wanted:
        return _preview(request, dossier, tables, sheet, status=422, version=page.version)
    try:
        saved = add_results(
            dossier.proposal,
            wanted,
            actor=request.user,
            at=request.arrived_at,
            version=page.version,
            editor=page.editor,
        )
    except Stale as stale:
        words = (
            f"{stale.current.saved_by} saved baseline results meanwhile. Look at the notes below, then use the numbers."
        )
        sheet.errors.append(words)
        return _preview(request, dossier, tables, sheet, status=409, version=stale.current.version)
    except (Refused, ValidationError) as error:
        sheet.errors += error.messages if isinstance(error, ValidationError) else [str(error)]
        return _preview(request, dossier, tables, sheet, status=422, version=page.version)
    tell_voided(request, saved)
    messages.success(request, f"The numbers of {counted(len(wanted), 'table')} are in your proposal.")
    return redirect(section_url(dossier.proposal, KEY))


def _known(dossier):
    """The tables there are, with the names of their levels."""
    return {
        Place(each["subject"], each["grade_band"], each["school_year"]): each["level_names"]
        for each in dossier.baseline
    }


def _choose(request, dossier, problems, status=200):
    context = {
        **page_facts(dossier, dossier.part(KEY)),
        "problems": [{"target": "id_files", "label": "", "text": text} for text in problems],
        "pasted": request.POST.get("paste", "")[:LONGEST_PASTE],
    }
    return render(request, "grants/baseline/import.html", context, status=status)


def _preview(request, dossier, tables, sheet, *, status=200, **more):
    context = {
        **page_facts(dossier, dossier.part(KEY)),
        "sheet": sheet,
        "tables": carried(tables),
        "entries": [{"target": "", "label": "", "text": text} for text in sheet.errors],
        **more,
    }
    return render(request, "grants/baseline/preview.html", context, status=status)
