"""Filling the budget from a spreadsheet: download the sheet, fill it in, send it back or paste it, look, then save."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from grants import rules
from grants.domain.queries.budget_sheet import sheets_of
from grants.domain.queries.change_request import may_change_part
from grants.domain.queries.dossier import dossier_of
from grants.forms.budget import BudgetSheet, boxes_of
from grants.forms.budget_reading import match_boxes, read_budget
from grants.forms.table_files import LONGEST_PASTE, tables_of_uploads
from grants.views.budget import KEY, budget_page, may_write_budget
from grants.views.proposal import visible_proposal
from grants.views.section import page_facts, reading_place
from portal.access import demand
from portal.exports import workbook_bytes

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
def budget_import(request, reference):
    """Choose a file or paste; the answer is the budget's own page with the boxes filled, and nothing saved yet."""
    proposal = visible_proposal(request, reference)
    if request.method == "POST":
        demand(rules.may_enter_budget(proposal, request.user))
        demand(may_change_part(proposal, KEY, request.arrived_at))
    elif not may_write_budget(request, proposal):
        return redirect(reading_place(proposal, KEY))
    dossier = dossier_of(proposal)
    if request.method != "POST":
        return _choose(request, dossier, [])
    tables, problems = tables_of_uploads(request.FILES.getlist("files"), request.POST.get("paste", ""))
    found = read_budget(tables, dossier)
    if not (found.lines or found.match):
        nothing = found.unused if tables else ["Choose a file, or paste your lines."]
        return _choose(request, dossier, problems or nothing, status=422)
    filled = boxes_of(BudgetSheet(dossier)) | found.boxes | match_boxes(found)
    return budget_page(request, dossier, BudgetSheet(dossier, filled), was_filled=True, unused=problems + found.unused)


@require_safe
def budget_template(request, reference):
    """The budget as a workbook, with what is saved in it: to fill in, to send to whoever keeps the money, to send back."""
    proposal = visible_proposal(request, reference)
    response = HttpResponse(workbook_bytes(sheets_of(dossier_of(proposal))), content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{proposal.reference}-budget.xlsx"'
    return response


def _choose(request, dossier, problems, status=200):
    context = {
        **page_facts(dossier, dossier.part(KEY)),
        "problems": [{"target": "id_files", "label": "", "text": text} for text in problems],
        "pasted": request.POST.get("paste", "")[:LONGEST_PASTE],
    }
    return render(request, "grants/proposal/budget_import.html", context, status=status)
