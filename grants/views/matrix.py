"""Seeing the whole: the review matrix of a round, the same as a file, and one proposal's reviews side by side."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from grants import rules
from grants.domain import matrix as domain
from grants.domain.queries import matrix as queries
from grants.domain.queries.discussion import discussion_of, obstacles_to_opening
from grants.domain.queries.side_by_side import side_by_side
from grants.forms.matrix import FIRST, MatrixForm
from grants.views.discussion import reviewed_proposal
from grants.views.round import staff_round
from portal.access import Refused

# What stands over the columns of the matrix, by the name they are sorted by.
HEADS = (
    ("proposal", "Proposal"), ("reviews", "Reviews"), ("raw", "Raw mean"), ("weighted", "Weighted"),
    ("standardized", "Standardized"), ("adjusted", "Adjusted"), ("spread", "Spread"), ("apart", "Ranks apart"),
)  # fmt: skip
PEOPLE_HEADS = (
    ("name", "Reviewer"), ("marks", "Reviews"), ("mean", "Mean"), ("spread", "Standard deviation"),
    ("leniency", "Leniency"),
)  # fmt: skip
_TYPES = {
    domain.CSV: "text/csv; charset=utf-8",
    domain.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_safe
def round_matrix(request, reference):
    """Reviewers against proposals, a page of proposals at a time; the figures are of all of them."""
    round_ = staff_round(request, reference)
    form = _form(request)
    figures = queries.figures_of(round_, before=form.before)
    sort = form.order
    keys = queries.chosen(round_, figures, shown=form.shown, sort=sort)
    page = Paginator(keys, queries.SIZE).get_page(request.GET.get("page"))
    columns, rows = queries.rows_of(figures, list(page.object_list), before=form.before)
    people_sort = request.GET.get("people", "")
    context = {
        "round": round_,
        "form": form,
        "figures": figures,
        "criteria": queries.criteria_of(figures, round_),
        "heads": _heads(request, HEADS, "sort", sort),
        "columns": columns,
        "rows": rows,
        "page": page,
        "previous_url": _address(request, page=page.previous_page_number()) if page.has_previous() else "",
        "next_url": _address(request, page=page.next_page_number()) if page.has_next() else "",
        "people": _sorted_people(queries.reviewers_of(figures, round_), people_sort),
        "people_heads": _heads(request, PEOPLE_HEADS, "people", people_sort),
        "discussed": queries.any_discussion(round_),
        "before": form.before,
        "query": request.GET.urlencode(),
        "may_discuss": rules.may_lead_discussions(round_, request.user),
    }
    return render(request, "grants/matrix/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def matrix_export(request, reference):
    """The matrix for spreadsheets: exactly what is shown, every row. Who takes it proves again who they are."""
    staff_round(request, reference)
    return _proved(request, reference)


@reauthentication_required
def _proved(request, reference):
    round_ = staff_round(request, reference)
    form = _form(request)
    back = f"{reverse('grants:round-matrix', args=[reference])}?{request.GET.urlencode()}"
    if request.method == "POST":
        kind = domain.XLSX if request.POST.get("kind") == domain.XLSX else domain.CSV
        try:
            content = domain.export_matrix(
                round_, kind=kind, before=form.before, shown=form.shown, sort=form.order, actor=request.user,
                at=request.arrived_at,
            )  # fmt: skip
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(back)
        response = HttpResponse(content, content_type=_TYPES[kind])
        response.headers["Content-Disposition"] = f'attachment; filename="review-matrix-{round_.reference}.{kind}"'
        return response
    figures = queries.figures_of(round_, before=form.before)
    number = len(queries.chosen(round_, figures, shown=form.shown, sort=form.order))
    context = {
        "round": round_,
        "number": number,
        "shown": queries.SHOWN[form.shown],
        "before": form.before,
        "back": back,
        "workbook": number <= domain.MOST_IN_WORKBOOK,
    }
    return render(request, "grants/matrix/export.html", context)


@require_safe
def proposal_reviews(request, reference):
    """One proposal's reviews: criteria against reviewers."""
    proposal = reviewed_proposal(request, reference)
    discussion = discussion_of(proposal.pk)
    context = {
        "proposal": proposal,
        "round": proposal.round,
        "table": side_by_side(proposal),
        "discussion": discussion,
        "may_open": rules.may_lead_discussions(proposal, request.user) and discussion is None,
        "obstacles": obstacles_to_opening(proposal) if discussion is None else [],
    }
    return render(request, "grants/matrix/side_by_side.html", context)


def _form(request) -> MatrixForm:
    """The form as the address fills it, with the usual order chosen when the address says none."""
    asked = request.GET.copy()
    asked.setdefault("sort", FIRST)
    return MatrixForm(asked, initial={"sort": FIRST})


def _heads(request, names, parameter: str, current: str) -> list[dict]:
    """The heads of a table: words, where a press leads, and how the column is sorted now (for `aria-sort`)."""
    heads = []
    for name, label in names:
        falling = current == f"-{name}"
        # Words begin at A, figures with the highest.
        follows = name if falling or (name in {"proposal", "name"} and current != name) else f"-{name}"
        changes = {parameter: follows} | ({"page": ""} if parameter == "sort" else {})
        sorted_now = "descending" if falling else "ascending" if current == name else ""
        heads.append({"name": name, "label": label, "url": _address(request, **changes), "sorted": sorted_now})
    return heads


def _address(request, **changes) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query[name] = str(value)
        if not query[name]:
            del query[name]
    return f"?{query.urlencode()}"


def _sorted_people(rows, sort: str):
    name = sort.removeprefix("-")
    if name not in dict(PEOPLE_HEADS):
        return rows
    falling = sort.startswith("-")
    if name == "name":
        return sorted(rows, key=lambda row: (str(row.person).casefold(), row.person.pk), reverse=falling)
    figured = [(getattr(row.figures, name) if row.figures else None, row) for row in rows]
    known = sorted(((figure, row) for figure, row in figured if figure is not None), key=_figure, reverse=falling)
    return [row for _, row in known] + [row for figure, row in figured if figure is None]


def _figure(pair: tuple[float, object]) -> float:
    return pair[0]
