"""Pages of a round's own wording of its letters: the three of them, one with its preview, back to the portal's."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from grants import rules
from grants.domain import letter_template as domain
from grants.domain.queries import letter as queries
from grants.domain.queries.letter_text import FIELDS, PORTAL_WORDING, Wording, check_wording
from grants.enums import Decision
from grants.forms.letter_template import TemplateForm
from grants.models import LetterTemplate
from grants.views.round import staff_round
from portal.access import Refused, demand
from portal.forms import PortalForm, typed
from portal.record import Stale


@require_safe
def letter_template_list(request, reference):
    """What the letters of a round say for each decision, and whose wording that is."""
    round_ = staff_round(request, reference)
    context = {
        "round": round_,
        "templates": queries.template_facts(round_),
        "can_edit": rules.may_announce(round_, request.user),
    }
    return render(request, "grants/letter_template/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def letter_template(request, reference, decision):
    """Change the wording; `preview` shows it on a proposal's real data and saves nothing."""
    round_, chosen, own = _template(request, reference, decision)
    can_edit = rules.may_announce(round_, request.user)
    if request.method == "POST":
        demand(can_edit)
    standard = PORTAL_WORDING[chosen]
    proposals = queries.previewable(round_)
    initial = {
        "subject": own.subject if own else standard.subject,
        "body": own.body if own else standard.body,
        "proposal": request.GET.get("proposal", "") or _example(proposals, chosen),
    }
    form = TemplateForm(typed(request), proposals=proposals, version=own.version if own else 0, initial=initial)
    status, theirs = 200, None
    if form.is_valid() and "preview" not in request.POST:
        facts = {name: form.cleaned_data[name] for name in ("version", "subject", "body")}
        try:
            domain.save_template(round_, chosen, actor=request.user, at=request.arrived_at, **facts)
        except Stale as stale:
            form.add_refusal(stale)
            status, theirs = 409, stale.current
        except (Refused, ValidationError) as error:
            form.add_refusal(error)
            status = 422 if isinstance(error, ValidationError) else 409
        else:
            messages.success(request, "The wording is saved. Letters nobody edited say it now.")
            return redirect("grants:letter-template-list", reference)
    elif form.errors:
        status = 422
    context = {
        "round": round_,
        "decision": chosen,
        "own": own,
        "form": form,
        "theirs": theirs if theirs is not None and theirs.pk else None,
        "fields": FIELDS,
        "shown": _preview(form, chosen, initial),
        "can_edit": can_edit,
        "any": bool(initial["proposal"]),
    }
    return render(request, "grants/letter_template/edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def letter_template_reset(request, reference, decision):
    """Back to the portal's wording, after showing it."""
    round_, chosen, own = _template(request, reference, decision)
    demand(rules.may_announce(round_, request.user))
    form = PortalForm(typed(request), version=own.version if own else 0)
    status = 200
    if form.is_valid():
        try:
            version = form.cleaned_data["version"]
            domain.drop_template(round_, chosen, actor=request.user, at=request.arrived_at, version=version)
        except (Refused, Stale) as error:
            form.add_refusal(error)
            status = 409
        else:
            messages.success(request, "The letters have the portal’s wording again.")
            return redirect("grants:letter-template-list", reference)
    elif form.errors:
        status = 422
    context = {"round": round_, "decision": chosen, "own": own, "form": form, "standard": PORTAL_WORDING[chosen]}
    return render(request, "grants/letter_template/reset.html", context, status=status)


def _template(request, reference, decision):
    """The round, the decision and the round's own template, if it has one. Raises Http404 for an unknown decision."""
    round_ = staff_round(request, reference)
    if decision not in Decision.values:
        raise Http404
    return round_, Decision(decision), LetterTemplate.objects.filter(round=round_, decision=decision).first()


def _example(proposals, decision):
    """The number of a proposal to try a letter on: one with this decision, or else any; empty without proposals."""
    fitting = proposals.filter(docket_lines__decision=decision).first() or proposals.first()
    return fitting.reference if fitting else ""


def _preview(form, decision, initial):
    """The proposal and the letter it would get by what is typed now; None without a proposal or with faults."""
    if form.is_bound:
        if not form.is_valid() or form.cleaned_data["proposal"] is None:
            return None
        wording, proposal = (
            Wording(form.cleaned_data["subject"], form.cleaned_data["body"]),
            form.cleaned_data["proposal"],
        )
        try:
            check_wording(wording)
        except ValidationError as error:
            form.add_refusal(error)
            return None
    else:
        wording = Wording(initial["subject"], initial["body"])
        proposal = form.fields["proposal"].queryset.filter(reference=initial["proposal"]).first()
        if proposal is None:
            return None
    return {"proposal": proposal, "letter": queries.preview(wording, decision, proposal)}
