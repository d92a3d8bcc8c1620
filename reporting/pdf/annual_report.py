"""The annual progress report as a PDF: facts in, bytes out, nothing read from anywhere else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256

from django.template.loader import render_to_string

from portal.money import ZERO, dollars
from portal.pdf.render import render
from portal.words import when_words
from reporting.charts import dumbbell, five_years, spectrum, spending
from reporting.charts.dumbbell import Dumbbell, Gap
from reporting.charts.money import NOT_YET, Amounts, spent
from reporting.charts.spectrum import Spectrum
from reporting.pdf import dataset
from reporting.pdf.facts import GapReading, GroupResult, Indicator, MoneyYear, Progress, ReportFacts

TEMPLATE = "pdf/annual_report.html"
RATING_STEPS = range(1, 5)
# The charts' width in the PDF: points of the type area times 4/3.
WIDTH = 640
# Rows of a chart that fit on one page.
ROWS_A_PAGE = 18


def annual_report(facts: ReportFacts) -> bytes:
    """The whole document, with its figures attached as JSON and CSV. The same facts give the same bytes.

    Raises portal.pdf.render.RenderFailed. Call it through `portal.pdf.bounded.produce`: nothing in it is limited.
    """
    files = dataset.attachments(facts)
    context = {
        "facts": facts,
        "title": title(facts),
        "issued": when_words(facts.issued_at, facts.time_zone),
        "year": _year(facts),
        "steps": [_step(number, facts.year_number) for number in range(1, facts.award_years + 1)],
        "glance": _glance(facts),
        "components": [_component(progress) for progress in facts.progress],
        "indicators": [_indicator(place, indicator) for place, indicator in enumerate(facts.indicators, 1)],
        "money": _money(facts),
        "certifications": [(entry, _day(entry.signed_on)) for entry in facts.certifications],
        "files": [(file, sha256(file.content).hexdigest()) for file in files],
    }
    return render(render_to_string(TEMPLATE, context), title=title(facts), created=facts.issued_at, attachments=files)


def title(facts: ReportFacts) -> str:
    """The document's title, as a reader's window shows it."""
    return f"{facts.site}: annual progress report, year {facts.year_number}, {facts.school_year}"


@dataclass(frozen=True)
class _Figure:
    """One of the large figures of the opening page."""

    value: str
    words: str


@dataclass(frozen=True)
class _Year:
    """The reported year's money, added up."""

    budget: str
    spent: str
    left: str
    sentence: str


def _step(number: int, current: int) -> dict:
    state = "current" if number == current else "past" if number < current else "ahead"
    return {"number": number, "state": state}


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _reported(facts: ReportFacts) -> MoneyYear | None:
    return next((year for year in facts.money if year.number == facts.year_number), None)


def _year(facts: ReportFacts) -> _Year | None:
    year = _reported(facts)
    if year is None:
        return None
    budget = sum((line.budget for line in year.lines), ZERO)
    known = [line.actual for line in year.lines if line.actual is not None]
    if not known:
        sentence = f"{dollars(budget)} was budgeted for the school year {year.school_year}. Spending is {NOT_YET}."
        return _Year(dollars(budget), NOT_YET, "", sentence)
    actual = sum(known, ZERO)
    sentence = f"Of the {dollars(budget)} budgeted for the school year {year.school_year}, {dollars(actual)} was spent."
    return _Year(dollars(budget), dollars(actual), _left(budget, actual), sentence)


def _glance(facts: ReportFacts) -> list[_Figure]:
    figures = []
    if year := _year(facts):
        figures += [_Figure(year.budget, "budgeted for the year"), _Figure(year.spent, "spent")]
    milestones = [milestone for progress in facts.progress for milestone in progress.milestones]
    if milestones:
        met = sum(milestone.met for milestone in milestones)
        figures.append(_Figure(f"{met} of {len(milestones)}", "milestones met"))
    if facts.engagement:
        figures.append(_Figure(f"{sum(kind.people for kind in facts.engagement):,}", "people took part"))
    return figures


def _component(progress: Progress) -> dict:
    return {
        "progress": progress,
        "anchor": f"component-{progress.code}",
        "rating": [{"number": step, "reached": step <= (progress.rating or 0)} for step in RATING_STEPS],
    }


def _indicator(place: int, indicator: Indicator) -> dict:
    return {
        "facts": indicator,
        "cut": f"{indicator.level_names[indicator.proficient_from]} or above",
        "spectra": [_spectrum(f"{place}-{part}", indicator, groups) for part, groups in _pages(indicator.groups)],
        "dumbbells": [_dumbbell(f"{place}-{part}", indicator, gaps) for part, gaps in _pages(indicator.gaps)],
        "gaps": [(gap, _comparison(gap)) for gap in indicator.gaps],
    }


def _pages(rows: tuple) -> Iterable[tuple[int, tuple]]:
    """Rows in numbered lots that a page can hold: a drawing does not break."""
    starts = range(0, len(rows), ROWS_A_PAGE)
    return enumerate((rows[start : start + ROWS_A_PAGE] for start in starts), 1)


def _spectrum(place: str, indicator: Indicator, groups: tuple[GroupResult, ...]) -> Spectrum:
    return spectrum(
        [(group.name, group.levels, group.proficient) for group in groups],
        key=f"spectrum-{place}",
        title=f"{indicator.title}: achievement levels by student group, {indicator.school_year}",
        level_names=indicator.level_names,
        proficient_from=indicator.proficient_from,
        width=WIDTH,
    )


def _dumbbell(place: str, indicator: Indicator, gaps: tuple[GapReading, ...]) -> Dumbbell:
    rows = [
        Gap(_comparison(gap), gap.reference, gap.focal, gap.reference_percent, gap.focal_percent, gap.points)
        for gap in gaps
    ]
    return dumbbell(rows, key=f"gaps-{place}", title=f"{indicator.title}: gaps between student groups", width=WIDTH)


def _comparison(gap: GapReading) -> str:
    cut = f", {gap.cut}" if gap.cut else ""
    return f"{gap.reference} and {gap.focal}{cut}, {gap.school_year}"


def _money(facts: ReportFacts) -> dict:
    year = _reported(facts)
    lines = year.lines if year else ()
    return {
        "spending": spending(
            _amounts(lines), key="spending", title=f"Budget and spending by component, {facts.school_year}", width=WIDTH
        ),
        "lines": [
            {
                "line": line,
                "budget": dollars(line.budget),
                "spent": spent(line.actual),
                "left": _left(line.budget, line.actual),
            }
            for line in lines
        ],
        "years": five_years(
            [(f"Year {year.number}", year.school_year, _amounts(year.lines)) for year in facts.money],
            key="years",
            title="Budget and spending over the award",
            current=f"Year {facts.year_number}",
            ceiling=facts.yearly_ceiling,
            width=WIDTH,
        ),
    }


def _amounts(lines) -> list[Amounts]:
    return [Amounts(line.code, line.name, line.budget, line.actual) for line in lines]


def _left(budget: Decimal, actual: Decimal | None) -> str:
    """Budget less spending, with a true minus sign when more was spent."""
    return "" if actual is None else dollars(budget - actual).replace("-", "−")
