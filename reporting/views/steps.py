"""What a team's page says is to be done next, and its list of sections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.urls import reverse

from portal.states import GO, PLAIN, WAIT, Look
from portal.words import counted
from reporting import rules
from reporting.domain.queries.report import SectionStatus
from reporting.enums import ReportState
from reporting.models import AnnualReport
from sites.models import Component


@dataclass(frozen=True)
class Next:
    """The one thing to do now, as `components/next_step.html` shows it."""

    title: str
    text: str = ""
    items: Sequence[str] = ()
    url: str = ""
    action: str = ""
    clear: bool = False


@dataclass(frozen=True)
class Task:
    """One line of `components/tasks.html`."""

    title: str
    detail: str
    state_words: str
    look: Look
    url: str = ""
    component: Component | None = field(default=None)


MOST_ITEMS = 4


def section_url(report: AnnualReport, key: str) -> str:
    """The page of a section."""
    return reverse("reporting:report-section", args=[report.reference, key])


def tasks(report: AnnualReport, statuses: Sequence[SectionStatus], user) -> list[Task]:
    """Every section; with a link where this person may write."""
    components = {each.code: each for each in Component.objects.all()}
    found = []
    for status in statuses:
        words, look = ("Complete", GO) if status.complete else ("In progress", WAIT)
        if not status.complete and not status.started:
            words, look = "Not started", PLAIN
        url = section_url(report, status.key) if rules.may_save(report, status.key, user) else ""
        found.append(Task(status.title, status.detail, words, look, url, components.get(status.component)))
    return found


def next_step(report: AnnualReport, statuses: Sequence[SectionStatus], user) -> Next:
    """What the report needs now, and from whom."""
    if report.state == ReportState.SUBMITTED:
        return Next(
            "The foundation is reading your report", "You get an answer by mail, and it stands here.", clear=True
        )
    if report.state == ReportState.ACCEPTED:
        return Next("This report is accepted", "There is nothing left to do.", clear=True)
    missing = [sentence for status in statuses for sentence in status.missing]
    check = reverse("reporting:report-submit", args=[report.reference])
    if not missing:
        text = "Check your answers once more." if rules.may_submit(report, user) else "The site lead can submit it now."
        return Next("Everything is filled in", text, url=check, action="Check your answers", clear=True)
    title = f"{counted(len(missing), 'thing')} to do before the report can be submitted"
    items = missing[:MOST_ITEMS]
    if len(missing) > MOST_ITEMS:
        items.append(f"And {counted(len(missing) - MOST_ITEMS, 'thing')} more, marked below.")
    open_keys = [each.key for each in statuses if not each.complete and rules.may_save(report, each.key, user)]
    if not open_keys:
        return Next(title, items=items)
    return Next(title, items=items, url=section_url(report, open_keys[0]), action="Go on writing")


def staff_next(report: AnnualReport) -> Next:
    """The same for foundation staff: who holds the report, and what it waits for."""
    if report.state == ReportState.SUBMITTED:
        return Next(
            "Waiting for your answer", "Read the report, then return it with questions or accept it with a reply."
        )
    if report.state == ReportState.ACCEPTED:
        return Next("Nothing is left to do", "The next payment no longer waits for this report.", clear=True)
    if report.state == ReportState.RETURNED:
        return Next("The site is answering your questions", "Below is what it submitted last.")
    return Next("The site has not submitted this report yet", "You can read it here as soon as it has.")
