"""A page's drawings and tables of results by student group: exact figures, for the team and for staff."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reporting.charts import dumbbell, spectrum
from reporting.charts.dumbbell import Dumbbell, Gap
from reporting.charts.spectrum import Spectrum
from reporting.domain.queries.reading import IndicatorReading

WIDTH = 720


@dataclass(frozen=True)
class Result:
    """One test with its two drawings; without a gap there is no second one."""

    reading: IndicatorReading
    spectrum: Spectrum
    dumbbell: Dumbbell | None


def charted(readings: Iterable[IndicatorReading]) -> list[Result]:
    """Every test with its drawings, under keys that are unique on the page."""
    return [_result(place, each) for place, each in enumerate(readings, 1)]


def _result(place: int, reading: IndicatorReading) -> Result:
    drawn = spectrum(
        [(each.name, [_printed(share) for share in each.levels], _printed(each.proficient)) for each in reading.groups],
        key=f"spectrum-{place}",
        title=f"{reading.title}: achievement levels by student group, {reading.school_year}",
        level_names=reading.level_names,
        proficient_from=reading.proficient_from - 1,
        width=WIDTH,
    )
    return Result(reading, drawn, _gap(place, reading))


def _gap(place: int, reading: IndicatorReading) -> Dumbbell | None:
    gap = reading.gap
    if gap.points is None or gap.reference_percent is None or gap.focal_percent is None:
        return None
    row = Gap(
        f"{gap.reference} and {gap.focal}",
        gap.reference,
        gap.focal,
        _printed(gap.reference_percent),
        _printed(gap.focal_percent),
        f"{gap.points:.1f} points".replace("-", "−"),
    )
    title = f"{reading.title}: the gap between {gap.reference} and {gap.focal}"
    return dumbbell([row], key=f"gap-{place}", title=title, width=WIDTH)


def _printed(percent: float) -> str:
    return f"{percent:.1f} %"
