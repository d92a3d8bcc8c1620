"""The earlier versions of a section: the list, one of them beside what the section says now, and bringing it back."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from grants import rules
from grants.domain.queries import revision as queries
from grants.domain.queries.change_request import may_change_part
from grants.domain.queries.dossier import dossier_of, forget_dossier
from grants.domain.restore import restore
from grants.models import SectionRevision
from grants.views.proposal import visible_proposal
from grants.views.section import Page, section_url
from portal.access import Refused, demand
from portal.record import Stale


@require_safe
def revision_list(request, reference, key):
    """Every version of a section, the newest first."""
    proposal, _, part = _section(request, reference, key)
    before = request.GET.get("before", "")
    rows, further = queries.revisions(
        proposal, key, before=int(before) if before.isdecimal() and len(before) < 10 else None
    )
    context = {"proposal": proposal, "part": part, "rows": rows, "further": further, "url": section_url(proposal, key)}
    return render(request, "grants/revision/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def revision_detail(request, reference, key, number):
    """One version beside what the section says now; a POST brings it back."""
    proposal, dossier, part = _section(request, reference, key)
    rows = SectionRevision.objects.filter(proposal=proposal, key=key).select_related("saved_by")
    revision = get_object_or_404(rows, number=number)
    if request.method != "POST":
        return _page(request, dossier, part, revision)
    demand(rules.may_write_part(proposal, key, request.user))
    revision.proposal = proposal
    try:
        saved = restore(revision, actor=request.user, at=request.arrived_at, version=Page(request).version)
    except Stale as stale:
        forget_dossier(proposal)
        problem = (
            f"{stale.current.saved_by} saved this page meanwhile. Here is what it says now: look again, then decide."
        )
        return _page(request, dossier_of(proposal), part, revision, problem=problem, status=409)
    except Refused as refusal:
        return _page(request, dossier_of(proposal), part, revision, problem=str(refusal), status=409)
    except ValidationError as error:
        return _page(request, dossier_of(proposal), part, revision, problem=" ".join(error.messages), status=422)
    if saved.voided:
        names = " and ".join(each.signed_name for each in saved.voided)
        messages.warning(request, f"The text changed, so it is no longer signed by {names}. Ask for a new signature.")
    messages.success(request, "The earlier version is back. What stood there until now is kept in the list as well.")
    return redirect(section_url(proposal, key))


def _section(request, reference, key):
    proposal = visible_proposal(request, reference)
    demand(rules.may_read_history(proposal, request.user))
    dossier = dossier_of(proposal)
    part = dossier.part(key)
    if part is None:
        raise Http404
    return proposal, dossier, part


def _page(request, dossier, part, revision, *, problem="", status=200):
    proposal = dossier.proposal
    row = dossier.saved.get(part.key)
    changes = queries.changes(dossier, part, revision.content, queries.state_of(dossier, part))
    verdict = rules.may_write_part(proposal, part.key, request.user)
    context = {
        "proposal": proposal,
        "part": part,
        "revision": revision,
        "changes": changes,
        "is_same": all(each.is_same for each in changes),
        "version": row.version if row else 0,
        "row": row,
        "may_restore": verdict and may_change_part(proposal, part.key, request.arrived_at),
        "signed": [each for each in dossier.sign_offs if each.state == "signed"],
        "problem": problem,
    }
    return render(request, "grants/revision/detail.html", context, status=status)
