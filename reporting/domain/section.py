"""Saving a section of a report: who may, whether it is open, and whether a colleague was faster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from portal.access import demand
from portal.activity.domain import record
from portal.record import Stale, lock
from reporting import rules
from reporting.enums import ReportSection
from reporting.models import AnnualReport, ReportSectionSave


@dataclass(frozen=True)
class OpenPage:
    """The page a save comes from: its own random word, and whether it saves by itself while somebody types."""

    editor: str = ""
    autosave: bool = False


EXPLICIT = OpenPage()


@contextmanager
def open_section(
    report: AnnualReport, key: str, *, actor: Any, at: datetime, version: int, page: OpenPage = EXPLICIT
) -> Iterator[AnnualReport]:
    """Lock the report for one save of the section `key`; on leaving, count the section's version up and log.

    `version` is the section's version the page was made from, 0 for one never saved. A save whose answer got lost on
    the way is known by the page's own word and is no conflict with itself. Autosaves are not logged one by one.
    Raises `Refused`, or `Stale` with the section's row when somebody else saved meanwhile.
    """
    with transaction.atomic():
        row = lock(report)
        demand(rules.may_save(row, key, actor))
        section = row.sections.filter(key=key).select_related("saved_by").first()
        if section is None:
            section = ReportSectionSave(report=row, key=key, version=0)
        elif section.version != version and not (page.editor and section.editor == page.editor):
            raise Stale(section)
        yield row
        section.version += 1
        section.saved_at, section.saved_by, section.editor = at, actor, page.editor
        section.save()
        if not page.autosave:
            summary = f"{title_of(row, key)} saved by {actor}."
            record(row, "save_section", actor=actor, at=at, summary=summary, facts={"section": key})


def title_of(report: AnnualReport, key: str) -> str:
    """What a section is called: `Results by student group`, or the name of a component for its progress."""
    if key in ReportSection.values:
        return ReportSection(key).label
    code = key.removeprefix(f"{ReportSection.PROGRESS}-")
    return report.progress.select_related("component").get(component=code).component.name
