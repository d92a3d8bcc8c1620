"""Saving what a team writes and enters, section by section; results by student group are saved by `indicator`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from reporting.domain.section import EXPLICIT, OpenPage, open_section
from reporting.enums import Audience, MilestoneStatus, Rating, ReportSection
from reporting.models import AnnualReport
from sites.models import Component


def save_summary(
    report: AnnualReport, *, actor: Any, at: datetime, version: int, summary: str, page: OpenPage = EXPLICIT
) -> None:
    """Save the year in brief. Raises `Refused` or `Stale`, as all functions of this module."""
    with open_section(report, ReportSection.SUMMARY, actor=actor, at=at, version=version, page=page) as row:
        row.summary = summary
        row.save(update_fields=["summary"])


def save_reflection(
    report: AnnualReport,
    *,
    actor: Any,
    at: datetime,
    version: int,
    challenges: str,
    lessons: str,
    next_year: str,
    page: OpenPage = EXPLICIT,
) -> None:
    """Save challenges, lessons and next year."""
    with open_section(report, ReportSection.REFLECTION, actor=actor, at=at, version=version, page=page) as row:
        row.challenges, row.lessons, row.next_year = challenges, lessons, next_year
        row.save(update_fields=["challenges", "lessons", "next_year"])


def save_progress(
    report: AnnualReport,
    component: Component,
    *,
    actor: Any,
    at: datetime,
    version: int,
    text: str,
    rating: int | None,
    milestones: Mapping[int, tuple[str, str]],
    page: OpenPage = EXPLICIT,
) -> None:
    """Save one component's progress. `milestones` gives status and note by the outcome's id; others are left alone."""
    if rating is not None and rating not in Rating.values:
        raise ValidationError({"rating": "Choose one of the four steps."})
    if any(status and status not in MilestoneStatus.values for status, _ in milestones.values()):
        raise ValidationError("Say of each milestone whether it was met, moved or dropped.")
    key = f"{ReportSection.PROGRESS}-{component.pk}"
    with open_section(report, key, actor=actor, at=at, version=version, page=page) as row:
        row.progress.filter(component=component).update(text=text, rating=rating)
        for outcome in row.milestones.filter(milestone__component=component, pk__in=milestones):
            outcome.status, outcome.note = milestones[outcome.pk]
            outcome.save(update_fields=["status", "note"])


def save_engagement(
    report: AnnualReport,
    *,
    actor: Any,
    at: datetime,
    version: int,
    rows: Mapping[str, tuple[int, int, str]],
    page: OpenPage = EXPLICIT,
) -> None:
    """Save who was engaged: people, times in the year, doing what, by audience; audiences left out are removed."""
    if not set(rows) <= set(Audience.values):
        raise ValidationError("Choose among the kinds of people on the list.")
    with open_section(report, ReportSection.ENGAGEMENT, actor=actor, at=at, version=version, page=page) as row:
        row.engagement.exclude(audience__in=rows).delete()
        for audience, (people, times, doing) in rows.items():
            row.engagement.update_or_create(
                audience=audience, defaults={"people": people, "times": times, "doing": doing}
            )


def save_finances(
    report: AnnualReport,
    *,
    actor: Any,
    at: datetime,
    version: int,
    rows: Mapping[str, tuple[Decimal | None, str]],
    page: OpenPage = EXPLICIT,
) -> None:
    """Save what was spent (dollars, None where it is not known yet) and why it differs, by component code."""
    with open_section(report, ReportSection.FINANCES, actor=actor, at=at, version=version, page=page) as row:
        for spending in row.spending.filter(component__in=rows):
            spending.actual, spending.explanation = rows[spending.component_id]
            spending.save(update_fields=["actual", "explanation"])


def save_certification(
    report: AnnualReport,
    *,
    actor: Any,
    at: datetime,
    version: int,
    rows: Mapping[int, tuple[str, str]],
    page: OpenPage = EXPLICIT,
) -> None:
    """Save who certifies for each partner (name and title by the partner's id); an empty name takes it back.

    A certification that says what it said before keeps its instant.
    """
    with open_section(report, ReportSection.CERTIFICATION, actor=actor, at=at, version=version, page=page) as row:
        standing = {each.partner_id: (each.name, each.title) for each in row.certifications.all()}
        for partner in row.site.partners.filter(pk__in=rows):
            name, title = rows[partner.pk]
            if not name:
                row.certifications.filter(partner=partner).delete()
            elif standing.get(partner.pk) != (name, title):
                row.certifications.update_or_create(
                    partner=partner, defaults={"name": name, "title": title, "at": at, "recorded_by": actor}
                )
