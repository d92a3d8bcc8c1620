"""Writing a section: one page each, saved by hand or by itself while typing, never over a colleague's text."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from portal.access import Refused, demand
from portal.conflict import Difference
from portal.record import Stale
from portal.saving import by_itself, tell_saved
from reporting import rules
from reporting.domain import writing
from reporting.domain.section import OpenPage
from reporting.enums import ReportSection
from reporting.forms.narrative import ProgressForm, ReflectionForm, SummaryForm
from reporting.forms.section import SectionForm
from reporting.forms.tables import CertificationForm, EngagementForm, FinancesForm
from reporting.models import AnnualReport, ReportSectionSave
from reporting.views import indicator
from reporting.views.report import one_report
from reporting.views.steps import section_url
from sites.models import Component

COLLEAGUE = "A colleague saved this page meanwhile. Your text is kept here."


@dataclass(frozen=True)
class Kind:
    """How one kind of section is written: its form, the fields' template, and the domain function that saves it."""

    form: type[SectionForm]
    save: Callable[..., Any]
    lead: str
    body: str


KINDS = {
    ReportSection.SUMMARY: Kind(
        SummaryForm,
        writing.save_summary,
        "For somebody who reads one page only.",
        "reporting/section/summary.html",
    ),
    ReportSection.PROGRESS: Kind(
        ProgressForm,
        writing.save_progress,
        "What was done this year, and how far it is.",
        "reporting/section/progress.html",
    ),
    ReportSection.ENGAGEMENT: Kind(
        EngagementForm,
        writing.save_engagement,
        "How many people took part, and how often in the year. Leave a line empty where nobody did.",
        "reporting/section/engagement.html",
    ),
    ReportSection.FINANCES: Kind(
        FinancesForm,
        writing.save_finances,
        "What was spent this year. Say why where it is more than a tenth away from the budget.",
        "reporting/section/finances.html",
    ),
    ReportSection.REFLECTION: Kind(
        ReflectionForm,
        writing.save_reflection,
        "Honest answers help other coalitions, and never lower a payment.",
        "reporting/section/reflection.html",
    ),
    ReportSection.CERTIFICATION: Kind(
        CertificationForm,
        writing.save_certification,
        "For each partner, who has read the report and says that it is true.",
        "reporting/section/certification.html",
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def report_section(request, reference, key):
    """One section's page; a request of htmx is a save by itself and is answered with a line."""
    report = one_report(request, reference)
    keys = section_keys(report)
    if key not in keys:
        raise Http404
    demand(rules.may_save(report, key, request.user))
    if key == ReportSection.INDICATORS:
        return indicator.indicator_list(request, report, after=following(report, key, request.user))
    section = ReportSectionSave.objects.filter(report=report, key=key).select_related("saved_by").first()
    context = {"report": report, "key": key, "title": keys[key], "section": section, "lead": kind_of(key).lead}
    if request.method != "POST":
        version, editor = section.version if section else 0, secrets.token_hex(8)
        return _page(request, context | {"form": _form(report, key, version=version, editor=editor)})
    return _save(request, report, key, context)


def _save(request, report, key, context):
    form = _form(report, key, request.POST, version=0)
    differences, status, overtaken = [], 422, False
    if form.is_valid():
        try:
            _write(report, key, form, request)
        except Stale as stale:
            differences, status, overtaken = _overtaken(form, report, key, stale), 409, True
        except (Refused, ValidationError) as error:
            form.add_refusal(error)
            status = 409
        else:
            if by_itself(request):
                version = report.sections.get(key=key).version
                return _state(request, {"version": version, "saved_at": request.arrived_at})
            messages.success(request, f"{context['title']} is saved.")
            if request.POST.get("then") == "workspace":
                answer = redirect("reporting:report-detail", reference=report.reference)
            else:
                answer = redirect(following(report, key, request.user))
            return tell_saved(answer, form.cleaned_data["editor"])
    if by_itself(request):
        problem = COLLEAGUE if overtaken else _first_error(form)
        facts = {"version": request.POST.get("version", ""), "problem": problem, "overtaken": overtaken}
        return _state(request, facts, status)
    return _page(request, context | {"form": form, "differences": differences}, status)


def _write(report: AnnualReport, key: str, form: SectionForm, request) -> None:
    told = form.cleaned_data
    subject = (report, form.component) if isinstance(form, ProgressForm) else (report,)
    kind_of(key).save(
        *subject,
        actor=request.user,
        at=request.arrived_at,
        version=told["version"],
        page=OpenPage(told["editor"], autosave=by_itself(request)),
        **form.facts(),
    )


def _form(report: AnnualReport, key: str, data=None, **kwargs) -> SectionForm:
    if key.startswith(f"{ReportSection.PROGRESS}-"):
        kwargs["component"] = Component.objects.get(pk=key.removeprefix(f"{ReportSection.PROGRESS}-"))
    return kind_of(key).form(data, report=report, **kwargs)


def _overtaken(form: Any, report: AnnualReport, key: str, stale: Stale) -> list[Difference]:
    """Prepare the form for another try on top of the colleague's version, and list where the texts differ."""
    data = form.data.copy()
    data["version"] = str(stale.current.version)
    form.data = data
    form.add_refusal(stale)
    report.refresh_from_db()
    standing = _form(report, key, version=stale.current.version)
    found = []
    for bound in form.visible_fields():
        saved, typed = _worded(standing[bound.name]), _worded(bound)
        if saved != typed:
            found.append(Difference(str(bound.label), saved, typed))
    return found


def _worded(bound) -> str:
    value = bound.value()
    choices = {str(code): label for code, label in getattr(bound.field, "choices", ())}
    text = "" if value is None else choices.get(str(value), str(value))
    return "\n".join(text.strip().splitlines())


def _page(request, context, status=200):
    context["crumbs"] = [
        ("Reports", reverse("reporting:report-list")),
        (context["report"].reference, reverse("reporting:report-detail", args=[context["report"].reference])),
    ]
    context.setdefault("differences", [])
    context["body"] = kind_of(context["key"]).body
    return render(request, "reporting/section/edit.html", context, status=status)


def _state(request, context, status=200):
    """The answer to a save by itself: what came of it, and the version to go on from."""
    facts = {"saved_at": None, "problem": "", "overtaken": False, **context}
    return render(request, "grants/proposal/save_state.html", facts, status=status)


def _first_error(form: SectionForm) -> str:
    return next((str(text) for texts in form.errors.values() for text in texts), "")


def kind_name(key: str) -> str:
    """`progress` for the progress of any component, else the key itself."""
    return key.partition("-")[0]


def kind_of(key: str) -> Kind:
    """How the section is written."""
    return KINDS[ReportSection(kind_name(key))]


def section_keys(report: AnnualReport) -> dict[str, str]:
    """Every section's key and title, in order."""
    found: dict[str, str] = {}
    for section in ReportSection:
        if section == ReportSection.PROGRESS:
            for each in report.progress.select_related("component"):
                found[f"{section}-{each.component_id}"] = each.component.name
        else:
            found[section.value] = section.label
    return found


def following(report: AnnualReport, key: str, user) -> str:
    """Where "Save and continue" goes: the next section this person may write, after the last one the check."""
    keys = list(section_keys(report))
    for later in keys[keys.index(key) + 1 :]:
        if rules.may_save(report, later, user):
            return section_url(report, later)
    return reverse("reporting:report-submit", args=[report.reference])
