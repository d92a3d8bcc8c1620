"""Results by student group as everybody may see them: what goes into a document passes through here.

An indicator that has no small group shows percentages with one decimal. Where a group is small, everything about it
that subtraction or arithmetic could give back is hidden or coded by `sites.suppression`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from reporting.domain.queries.reading import GapReading, GroupReading, IndicatorReading, read_indicator
from reporting.pdf import facts
from sites.suppression import LARGE, NOT_SHOWN, hidden_groups, is_exact, shown_group


def protected(indicator: dict[str, Any]) -> facts.Indicator:
    """One entry of a content's `indicators` as a document prints it."""
    reading = read_indicator(indicator)
    hidden = hidden_groups({each.code: each.students for each in reading.groups})
    printed = {each.code: _printed(each, reading, hidden) for each in reading.groups}
    codes = indicator["reference_group"], indicator["focal_group"]
    return facts.Indicator(
        title=reading.title,
        school_year=reading.school_year,
        test=reading.test,
        level_names=reading.level_names,
        proficient_from=reading.proficient_from - 1,
        groups=tuple(printed.values()),
        gaps=tuple(_gaps(reading, codes, printed)),
    )


def _printed(group: GroupReading, reading: IndicatorReading, hidden: frozenset[str]) -> facts.GroupResult:
    shown = shown_group(group.counts, reading.proficient_from, hidden=group.code in hidden)
    return facts.GroupResult(group.name, shown.size, shown.levels, shown.proficient)


def _gaps(
    reading: IndicatorReading, codes: tuple[str, str], printed: Mapping[str, facts.GroupResult]
) -> Iterable[facts.GapReading]:
    reference, focal = (printed.get(code) for code in codes)
    if reference is None or focal is None:
        return
    gap, sizes = reading.gap, {each.code: each.students for each in reading.groups}
    large = all(sizes[code] >= LARGE for code in codes)
    yield facts.GapReading(
        reference=reference.name,
        focal=focal.name,
        school_year=reading.school_year,
        reference_percent=reference.proficient,
        focal_percent=focal.proficient,
        points=_points(gap, reference, focal, large),
        points_se=f"{gap.points_error:.1f}" if large and gap.points_error is not None else "",
        v="" if gap.v is None else _signed(gap.v),
        v_se="" if gap.v_error is None else f"{gap.v_error:.2f}",
        undefined=gap.v_undefined,
        cut=reading.cut,
    )


def _points(gap: GapReading, reference: facts.GroupResult, focal: facts.GroupResult, large: bool) -> str:
    """With one decimal between large groups, else the difference of what is printed; nothing when a share is coded."""
    if not (is_exact(reference.proficient) and is_exact(focal.proficient)) or gap.points is None:
        return NOT_SHOWN
    if large:
        return f"{gap.points:.1f} points".replace("-", "−")
    difference = float(reference.proficient.removesuffix("%")) - float(focal.proficient.removesuffix("%"))
    return f"{difference:.0f} points".replace("-", "−")


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")
