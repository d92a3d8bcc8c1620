"""A report's content as people read it on a page: money as `Decimal`, shares and gaps worked out from the counts.

For the site's team and the foundation's staff only: nothing here is protected. See `reporting.domain.protection`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reporting.gaps import ThresholdFreeGap, Undefined, measure


@dataclass(frozen=True)
class GroupReading:
    """One student group. Shares are percentages (0 to 100), lowest level first; `proficient` at or above the cut."""

    code: str
    name: str
    counts: tuple[int, ...]
    levels: tuple[float, ...]
    proficient: float

    @property
    def students(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class GapReading:
    """The gap between the two compared groups: points and V with their standard errors, or why there are none."""

    reference: str
    focal: str
    reference_percent: float | None = None
    focal_percent: float | None = None
    points: float | None = None
    points_error: float | None = None
    points_undefined: str = ""
    v: float | None = None
    v_error: float | None = None
    v_undefined: str = ""


@dataclass(frozen=True)
class IndicatorReading:
    """One test's results. `proficient_from` is the number of the first level that counts as proficient, from 1."""

    title: str
    test: str
    school_year: str
    level_names: tuple[str, ...]
    proficient_from: int
    groups: tuple[GroupReading, ...]
    gap: GapReading

    @property
    def cut(self) -> str:
        """`Proficient or above`."""
        name = self.level_names[self.proficient_from - 1]
        return name if self.proficient_from == len(self.level_names) else f"{name} or above"


@dataclass(frozen=True)
class ComponentReading:
    """One core component: what was written, how it was rated, its milestones and its money."""

    code: str
    name: str
    text: str
    rating: int | None
    rating_label: str
    milestones: list[dict[str, Any]]
    budget: Decimal
    actual: Decimal | None
    explanation: str


def read_indicator(indicator: dict[str, Any]) -> IndicatorReading:
    """One entry of a content's `indicators`, worked out."""
    start = indicator["proficient_from"]
    groups = tuple(_group(each, start) for each in indicator["groups"])
    return IndicatorReading(
        title=indicator["title"],
        test=indicator["test"],
        school_year=indicator["school_year"],
        level_names=tuple(indicator["level_names"]),
        proficient_from=start,
        groups=groups,
        gap=_gap(indicator, {each.code: each for each in groups}),
    )


def read_content(content: dict[str, Any]) -> dict[str, Any]:
    """A whole content for a page: as it is stored, with amounts as `Decimal` and indicators as readings."""
    year = content["year"] | {"amount": Decimal(content["year"]["amount"])}
    components = [
        ComponentReading(**(each | {"budget": Decimal(each["budget"]), "actual": _amount(each["actual"])}))
        for each in content["components"]
    ]
    known = [each.actual for each in components if each.actual is not None]
    return content | {
        "year": year,
        "components": components,
        "spent": sum(known, Decimal(0)) if known else None,
        "indicators": [read_indicator(each) for each in content["indicators"]],
    }


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _group(group: dict[str, Any], start: int) -> GroupReading:
    counts = group["counts"]
    students = sum(counts)
    return GroupReading(
        code=group["code"],
        name=group["name"],
        counts=tuple(counts),
        levels=tuple(100 * count / students for count in counts),
        proficient=100 * sum(counts[start - 1 :]) / students,
    )


def _gap(indicator: dict[str, Any], groups: dict[str, GroupReading]) -> GapReading:
    names = indicator["reference_name"], indicator["focal_name"]
    reference, focal = groups.get(indicator["reference_group"]), groups.get(indicator["focal_group"])
    if reference is None or focal is None:
        missing = " and ".join(name for name, each in zip(names, (reference, focal), strict=True) if each is None)
        reason = f"Enter the results of {missing} to see the gap."
        return GapReading(*names, points_undefined=reason, v_undefined=reason)
    return _measured(names, reference.counts, focal.counts, indicator["proficient_from"])


def _measured(names: tuple[str, str], reference: Sequence[int], focal: Sequence[int], start: int) -> GapReading:
    gaps = measure(reference, focal)
    facts: dict[str, Any] = {}
    point = gaps.from_level(start)
    if isinstance(point, Undefined):
        facts["points_undefined"] = point.reason
    else:
        error = point.standard_error
        facts |= {
            "points": point.points,
            "reference_percent": point.reference.percent,
            "focal_percent": point.focal.percent,
            "points_error": None if isinstance(error, Undefined) else error,
        }
    free = gaps.threshold_free
    if isinstance(free, ThresholdFreeGap):
        facts |= {"v": free.v, "v_error": free.standard_error}
    else:
        facts["v_undefined"] = free.reason
    return GapReading(*names, **facts)
