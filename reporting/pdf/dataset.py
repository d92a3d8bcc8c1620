"""The figures of a report as files that travel inside it: JSON with everything, CSV with one figure a row."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from decimal import Decimal

from portal.exports import csv_bytes
from portal.pdf.render import Attachment
from reporting.pdf.facts import Indicator, ReportFacts

LAYOUT = "throughline-annual-report/1"
COLUMNS = ("section", "subject", "school_year", "group", "measure", "value")


def attachments(facts: ReportFacts) -> list[Attachment]:
    """Both files. They hold the printed figures and no others, so nothing that is hidden on paper is in them."""
    name = facts.report_reference.lower()
    return [
        Attachment(f"{name}.json", json_bytes(facts), "Everything in this report, as JSON"),
        Attachment(f"{name}.csv", csv_bytes(COLUMNS, rows(facts)), "The figures of this report, one a row, as CSV"),
    ]


def json_bytes(facts: ReportFacts) -> bytes:
    """UTF-8; money as text with two places, days and instants in ISO 8601."""
    content = {"layout": LAYOUT, **asdict(facts)}
    return json.dumps(content, ensure_ascii=False, indent=1, default=_plain).encode()


def rows(facts: ReportFacts) -> Iterator[tuple[str, ...]]:
    """The figures in the order they are printed, in the columns of COLUMNS."""
    for progress in facts.progress:
        if progress.rating is not None:
            yield "progress", progress.name, facts.school_year, "", "self-rating, 1 to 4", str(progress.rating)
    for kind in facts.engagement:
        yield "engagement", kind.audience, facts.school_year, "", "people", str(kind.people)
        yield "engagement", kind.audience, facts.school_year, "", "times in the year", str(kind.times)
    for indicator in facts.indicators:
        yield from _results(indicator)
    for year in facts.money:
        for line in year.lines:
            yield "money", line.name, year.school_year, "", "budget in dollars", str(line.budget)
            if line.actual is not None:
                yield "money", line.name, year.school_year, "", "spent in dollars", str(line.actual)


def _results(indicator: Indicator) -> Iterator[tuple[str, ...]]:
    cut = indicator.level_names[indicator.proficient_from]
    for group in indicator.groups:
        where = "results", indicator.title, indicator.school_year, group.name
        yield *where, "students tested", group.students
        for name, share in zip(indicator.level_names, group.levels, strict=False):
            yield *where, f"at {name}", share
        yield *where, f"at {cut} or above", group.proficient
    for gap in indicator.gaps:
        where = "gaps", indicator.title, gap.school_year, f"{gap.reference} and {gap.focal}"
        yield *where, "gap in points", gap.points
        if gap.points_se:
            yield *where, "standard error of the gap in points", gap.points_se
        if gap.v:
            yield *where, "V in standard deviations", gap.v
            yield *where, "standard error of V", gap.v_se


def _plain(value) -> str:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a report's data.")
