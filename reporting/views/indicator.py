"""Results by student group: the list of tests with what follows from the counts, and the grid of one test."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from portal.access import Refused, demand
from portal.record import Stale
from reporting import rules
from reporting.domain import indicator as domain
from reporting.domain.content import tell_indicator
from reporting.domain.queries.reading import read_indicator
from reporting.domain.section import OpenPage
from reporting.enums import ReportSection
from reporting.forms.indicator import USUAL_LEVELS, IndicatorForm, filled, levels_wanted
from reporting.models import AnnualReport, Indicator
from reporting.views.charts import charted
from reporting.views.report import one_report
from reporting.views.steps import section_url


def indicator_list(request, report: AnnualReport, *, after: str):
    """The section's page: every test entered, with shares and gap."""
    indicators = list(report.indicators.prefetch_related("results"))
    readings = [read_indicator(tell_indicator(each)) for each in indicators]
    context = {
        "report": report,
        "tests": list(zip(indicators, charted(readings), strict=True)),
        "after": after,
        "crumbs": _crumbs(report)[:2],
    }
    return render(request, "reporting/indicator/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_new(request, reference):
    """Enter a test the report does not have yet."""
    report = one_report(request, reference)
    return _edit(request, report, None)


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_edit(request, reference, subject, grades):
    """Change what was entered for a test."""
    report = one_report(request, reference)
    return _edit(request, report, get_object_or_404(report.indicators, subject=subject, grade_band=grades))


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_remove(request, reference, subject, grades):
    """Take a test out of the report, after a page that says so."""
    report = one_report(request, reference)
    demand(rules.may_save(report, ReportSection.INDICATORS, request.user))
    indicator = get_object_or_404(report.indicators, subject=subject, grade_band=grades)
    back = section_url(report, ReportSection.INDICATORS)
    if request.method == "POST":
        try:
            domain.remove_indicator(indicator, actor=request.user, at=request.arrived_at, version=_version(report))
        except (Refused, Stale) as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"{indicator} is taken out of the report.")
        return redirect(back)
    context = {"report": report, "indicator": indicator, "back": back, "crumbs": _crumbs(report)}
    return render(request, "reporting/indicator/remove.html", context)


def _edit(request, report: AnnualReport, indicator: Indicator | None):
    demand(rules.may_save(report, ReportSection.INDICATORS, request.user))
    standing = len(indicator.level_names) if indicator else USUAL_LEVELS
    if request.method != "POST":
        form = IndicatorForm(
            report=report, indicator=indicator, levels=standing, version=_version(report), editor=secrets.token_hex(8)
        )
        return _page(request, report, indicator, form)
    levels = levels_wanted(request.POST, standing)
    for button, change in (("more", 1), ("fewer", -1)):
        if button in request.POST:
            return _refilled(request, report, indicator, levels_wanted({"levels": levels + change}, levels))
    if "fill" in request.POST or request.POST.get("paste", "").strip():
        return _refilled(request, report, indicator, levels)
    return _save(request, report, indicator, levels)


def _refilled(request, report, indicator, levels: int):
    """The grid again with what was typed, not saved: with another number of levels, or with what was pasted."""
    pasted = bool(request.POST.get("paste", "").strip()) and "more" not in request.POST and "fewer" not in request.POST
    typed, problems = filled(request.POST, levels) if pasted else (request.POST.dict(), [])
    for name in ("version", "levels"):
        typed.pop(name, None)
    form = IndicatorForm(
        report=report,
        indicator=indicator,
        levels=levels,
        version=_version(report),
        editor=request.POST.get("editor", ""),
        typed=typed,
    )
    return _page(request, report, indicator, form, problems=problems, was_filled=pasted and not problems)


def _save(request, report, indicator, levels: int):
    form = IndicatorForm(request.POST, report=report, indicator=indicator, levels=levels, version=0)
    status = 422
    if form.is_valid():
        try:
            saved = domain.save_indicator(
                report,
                actor=request.user,
                at=request.arrived_at,
                version=form.cleaned_data["version"],
                page=OpenPage(form.cleaned_data["editor"]),
                **form.facts(),
            )
        except (Refused, Stale, ValidationError) as error:
            form.add_refusal(error)
            status = 409
            if isinstance(error, Stale):
                data = request.POST.copy()
                data["version"] = str(error.current.version)
                form.data = data
        else:
            messages.success(request, f"{saved} is saved.")
            return redirect(section_url(report, ReportSection.INDICATORS))
    return _page(request, report, indicator, form, status=status)


def _page(request, report, indicator, form, *, problems=(), was_filled=False, status=200):
    context = {
        "report": report,
        "indicator": indicator,
        "form": form,
        "problems": problems,
        "was_filled": was_filled,
        "more": len(form.levels) < domain.MOST_LEVELS,
        "fewer": len(form.levels) > domain.FEWEST_LEVELS,
        "back": section_url(report, ReportSection.INDICATORS),
        "crumbs": _crumbs(report),
    }
    return render(request, "reporting/indicator/edit.html", context, status=status)


def _version(report: AnnualReport) -> int:
    return report.sections.filter(key=ReportSection.INDICATORS).values_list("version", flat=True).first() or 0


def _crumbs(report: AnnualReport) -> list[tuple[str, str]]:
    return [
        ("Reports", reverse("reporting:report-list")),
        (report.reference, reverse("reporting:report-detail", args=[report.reference])),
        (ReportSection.INDICATORS.label, section_url(report, ReportSection.INDICATORS)),
    ]
