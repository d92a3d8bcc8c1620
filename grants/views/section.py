"""One page a section of a proposal: writing, autosave, and what happens when two people wrote at once."""

from __future__ import annotations

from secrets import token_hex

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from grants import rules
from grants.domain.queries.change_request import may_change_part
from grants.domain.queries.dossier import dossier_of, forget_dossier
from grants.domain.section import Overtaken, Saved, save_section
from grants.enums import Section
from grants.forms.conflict import differences, put_saved
from grants.forms.section import SectionForm, milestone_rows, typed_milestones
from grants.views.proposal import visible_proposal
from portal.access import Refused, demand
from portal.record import Stale
from portal.saving import by_itself, tell_saved

# These have pages of their own.
_ELSEWHERE = {Section.BASELINE, Section.BUDGET, Section.ATTACHMENTS, Section.SIGNOFFS}


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_section(request, reference, key):
    """Read and write one section. An htmx POST is an autosave and answers with its outcome alone."""
    proposal = visible_proposal(request, reference)
    dossier = dossier_of(proposal)
    part = dossier.part(key)
    if part is None or part.section in _ELSEWHERE:
        raise Http404
    if request.method != "POST":
        if not (may_change_part(proposal, key, request.arrived_at) and rules.may_write(proposal, request.user)):
            return redirect(reading_place(proposal, key))
        return _page(request, dossier, part, SectionForm(dossier, part), milestone_rows(dossier, part))
    demand(rules.may_write(proposal, request.user))
    data = _with_chosen_texts(request, dossier, part)
    form, rows = SectionForm(dossier, part, data), milestone_rows(dossier, part, data)
    if not (form.is_valid() and (rows is None or rows.is_valid())):
        return _refuse(request, dossier, part, form, rows, status=422)
    page = Page(request)
    try:
        saved = save_section(
            proposal,
            key,
            actor=request.user,
            at=request.arrived_at,
            version=page.version,
            editor=page.editor,
            turn=page.turn,
            autosave=by_itself(request),
            milestones=typed_milestones(rows),
            **form.facts,
        )
    except Stale as stale:
        return _conflict(request, dossier, part, form, rows, stale.current)
    except Overtaken as late:
        saved = Saved(late.current)
    except (Refused, ValidationError) as error:
        form.add_refusal(error)
        return _refuse(request, dossier, part, form, rows, status=409 if isinstance(error, Refused) else 422)
    return after_save(request, dossier, key, saved)


class Page:
    """What an open page of a section carries along: the version it was made from, its own random word, its saves so far."""

    def __init__(self, request):
        self.version, self.turn = _number(request, "version"), _number(request, "turn")
        self.editor = _word(request, "editor")
        # On the page of a conflict: the page before it, whose text the browser still keeps.
        self.kept = _word(request, "kept") or self.editor


def _word(request, name) -> str:
    text = request.POST.get(name, "")
    return text if len(text) == 32 and text.isalnum() else ""


def _number(request, name) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def page_facts(dossier, part) -> dict:
    """What every page of a section shows around its form."""
    row = dossier.saved.get(part.key)
    parts = dossier.parts
    place = parts.index(part)
    return {
        "dossier": dossier,
        "proposal": dossier.proposal,
        "round": dossier.round,
        "part": part,
        "number": place + 1,
        "count": len(parts),
        "before": parts[place - 1] if place else None,
        "version": row.version if row else 0,
        "editor": token_hex(16),
        "turn": 0,
        "row": row,
        "autosave": not dossier.has_signature,
        "signed": [each for each in dossier.sign_offs if each.state == "signed"],
    }


def after_save(request, dossier, key, saved):
    """The answer to a save: the outcome alone for an autosave, else the next section or the workspace."""
    if by_itself(request):
        context = {"version": saved.section.version, "saved_at": request.arrived_at, "problem": ""}
        return render(request, "grants/proposal/save_state.html", context)
    reference = dossier.proposal.reference
    if saved.voided:
        names = " and ".join(each.signed_name for each in saved.voided)
        messages.warning(request, f"The text changed, so it is no longer signed by {names}. Ask for a new signature.")
    messages.success(request, "Saved.")
    keys = [each.key for each in dossier.parts]
    following = keys[keys.index(key) + 1 :]
    if request.POST.get("then") == "workspace" or not following:
        answer = redirect("grants:proposal-detail", reference)
    else:
        answer = redirect(section_url(dossier.proposal, following[0]))
    return tell_saved(answer, Page(request).kept)


def section_url(proposal, key):
    """The page of a section."""
    return reverse("grants:proposal-section", args=[proposal.reference, key])


def reading_place(proposal, key):
    """Where the same section can be read by those who may not write it."""
    return f"{reverse('grants:proposal-content', args=[proposal.reference])}#content-{key}"


def say_problem(request, problem, *, status, overtaken=False, version=None):
    """The outcome of an autosave that was not saved; what is typed stays in the browser.

    `overtaken` says that a colleague saved: the page stops trying and offers to compare both texts. `version` is what
    the page goes on from where a part of it was saved.
    """
    version = Page(request).version if version is None else version
    context = {"version": version, "saved_at": None, "problem": problem, "overtaken": overtaken}
    return render(request, "grants/proposal/save_state.html", context, status=status)


def _page(request, dossier, part, form, rows, status=200, **more):
    context = {**page_facts(dossier, part), "form": form, "rows": rows, **more}
    return render(request, "grants/proposal/section.html", context, status=status)


def _refuse(request, dossier, part, form, rows, *, status):
    if by_itself(request):
        reasons = [text for texts in form.errors.values() for text in texts]
        problem = reasons[0] if reasons else "One of the rows is not finished yet."
        return say_problem(request, problem, status=status)
    page = Page(request)
    return _page(request, dossier, part, form, rows, status, version=page.version, editor=page.editor, turn=page.turn)


def _conflict(request, dossier, part, form, rows, current):
    """Both texts side by side: the saved one to read, the typed one still in its boxes."""
    forget_dossier(dossier.proposal)
    fresh = dossier_of(dossier.proposal)
    found = differences(fresh, part, form, rows)
    if not found.any:
        # Both wrote the same, or one person has the page open twice: there is nothing to choose.
        return after_save(request, fresh, part.key, Saved(current))
    if by_itself(request):
        problem = f"{_who(current, request.user)} saved this page meanwhile. Your text is kept here."
        return say_problem(request, problem, status=409, overtaken=True)
    context = {
        **page_facts(fresh, part),
        "form": form,
        "rows": rows,
        "found": found,
        "who": _who(current, request.user),
        "row": current,
        "version": current.version,
        "kept": Page(request).kept,
    }
    return render(request, "grants/proposal/conflict.html", context, status=409)


def _who(current, reader) -> str:
    return "You, in another window," if current.saved_by_id == reader.pk else str(current.saved_by)


def _with_chosen_texts(request, dossier, part):
    """What was posted, with the saved text put in where the person chose it on the page of a conflict."""
    data = request.POST.copy()
    for name in data.getlist("theirs"):
        put_saved(data, name, dossier, part)
    return data
