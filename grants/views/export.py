"""Taking the table of all proposals along as a file: who does proves again who they are, and the log keeps it."""

from allauth.account.decorators import reauthentication_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from grants import rules
from grants.domain import export as domain
from grants.forms.proposal import StaffProposalFilter
from grants.models import Proposal
from portal.access import demand


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_export(request):
    """The table of staff for spreadsheets: exactly what is filtered, every row."""
    demand(rules.may_read_as_staff(None, request.user))
    return _proved(request)


@reauthentication_required
def _proved(request):
    rows = Proposal.objects.visible_to(request.user).select_related("round", "site").defer("set_aside")
    found = StaffProposalFilter(request.GET, rows)
    if request.method != "POST":
        context = {
            "count": found.qs.count(),
            "narrowed": _narrowed(found.form),
            "back": f"{reverse('grants:proposal-list')}?{request.GET.urlencode()}",
        }
        return render(request, "grants/proposal/export.html", context)
    narrowed = {name: request.GET.get(name, "") for name in found.filters}
    content = domain.export_proposals(found.qs, narrowed=narrowed, actor=request.user, at=request.arrived_at)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="proposals.csv"'
    return response


def _narrowed(form) -> list[tuple[str, str]]:
    """By what the table is narrowed down, in pairs of label and value."""
    if not form.is_valid():
        return []
    chosen = [(name, value) for name, value in form.cleaned_data.items() if value and name != "order"]
    return [
        (form.fields[name].label, dict(getattr(form.fields[name], "choices", [])).get(value, value))
        for name, value in chosen
    ]
