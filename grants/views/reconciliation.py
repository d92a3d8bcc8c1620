"""The reconciliation page: where awarded money is, cut six ways, on the screen and as a file."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from grants import rules
from grants.domain.queries.reconciliation_table import COLUMNS, table_of
from grants.domain.reconciliation import FORMS, export_reconciliation
from grants.forms.reconciliation import ReconciliationFilter
from grants.models import Award, AwardYear
from portal.access import demand

# Lines on one page; the sum below them is always of all.
SIZE = 100


def _filtered(request):
    awards = Award.objects.visible_to(request.user)
    return ReconciliationFilter(request.GET, AwardYear.objects.filter(award__in=awards))


@require_safe
def reconciliation(request):
    """Awarded, scheduled, cleared, paid, refunded and what is left, line by line and together."""
    demand(rules.may_read_as_staff(None, request.user))
    found = _filtered(request)
    table = table_of(found.qs, found.chosen)
    start = _start(request, len(table.lines))
    context = {
        "form": found.form,
        "table": table,
        "lines": table.lines[start : start + SIZE],
        "columns": COLUMNS.values(),
        "place": f"{start + 1:,} to {min(start + SIZE, len(table.lines)):,} of {len(table.lines):,}",
        "previous_url": _page(request, start - SIZE) if start else "",
        "next_url": _page(request, start + SIZE) if start + SIZE < len(table.lines) else "",
    }
    return render(request, "grants/reconciliation/detail.html", context)


@require_POST
def reconciliation_export(request, form):
    """The same table, every line of it, as a file."""
    demand(rules.may_read_as_staff(None, request.user))
    if form not in FORMS:
        raise Http404
    found = _filtered(request)
    table = table_of(found.qs, found.chosen)
    narrowed = {name: request.GET.get(name, "") for name in found.filters if name != "by"}
    content = export_reconciliation(table, form, narrowed=narrowed, actor=request.user, at=request.arrived_at)
    response = HttpResponse(content, content_type=FORMS[form])
    response.headers["Content-Disposition"] = f'attachment; filename="reconciliation.{form}"'
    return response


def _start(request, count):
    asked = request.GET.get("from", "")
    start = int(asked) if asked.isdecimal() else 0
    return start if start < count else 0


def _page(request, start):
    query = request.GET.copy()
    query["from"] = str(max(0, start))
    return f"?{query.urlencode()}"
