"""Geometry of the small drawings on pages: meters and the five bars of an award. Lengths are percentages as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.icons import MARKS
from portal.money import ZERO, dollars

# A segment lower than this share of the bar has no room for its mark.
ROOM_FOR_MARK = Decimal("0.12")


def percentage(share: Decimal | float) -> str:
    """A share of one as an SVG length: 0.275 becomes `27.5%`."""
    return f"{float(share) * 100:.4g}%"


@dataclass(frozen=True)
class Part:
    """One core component's amount within a bar or a meter."""

    code: str
    name: str
    amount: Decimal


@dataclass(frozen=True)
class Bar:
    """One bar: what stands under it, its parts from the bottom up, and the ceiling it may not pass (or None)."""

    label: str
    parts: tuple[Part, ...]
    ceiling: Decimal | None = None

    @property
    def total(self) -> Decimal:
        return sum((part.amount for part in self.parts), ZERO)

    @property
    def excess(self) -> Decimal:
        """How far the bar is over its ceiling; zero when it is not."""
        return max(ZERO, self.total - self.ceiling) if self.ceiling is not None else ZERO

    @property
    def description(self) -> str:
        """What the bar shows, for those who do not see it."""
        parts = [f"{part.name} {dollars(part.amount)}" for part in self.parts]
        said = ", ".join([*parts, f"together {dollars(self.total)}"])
        if self.ceiling is None or not self.excess:
            return f"{self.label}: {said}."
        return f"{self.label}: {said}, {dollars(self.excess)} over the ceiling of {dollars(self.ceiling)}."


@dataclass(frozen=True)
class Segment:
    """A rectangle of a drawing and, where there is room, the middle at which its mark goes."""

    part: Part
    start: str
    length: str
    mark_at: str

    @property
    def shape(self) -> str:
        return MARKS[self.part.code]


def meter_segments(parts: Iterable[Part], maximum: Decimal) -> list[Segment]:
    """Segments from left to right; a meter that would run over its end stops there."""
    segments, start = [], Decimal(0)
    for part in parts:
        share = min(part.amount / maximum, 1 - start) if maximum else Decimal(0)
        segments.append(Segment(part, percentage(start), percentage(share), ""))
        start += share
    return segments


@dataclass(frozen=True)
class DrawnBar:
    """A bar with its geometry: segments from the bottom up and the height of the ceiling line."""

    bar: Bar
    segments: tuple[Segment, ...]
    ceiling_at: str


def _drawn(bar: Bar, scale: Decimal) -> DrawnBar:
    segments, top = [], Decimal(1)
    for part in bar.parts:
        share = part.amount / scale if scale else Decimal(0)
        top -= share
        middle = percentage(top + share / 2) if share >= ROOM_FOR_MARK else ""
        segments.append(Segment(part, percentage(top), percentage(share), middle))
    ceiling_at = percentage(1 - bar.ceiling / scale) if bar.ceiling is not None and scale else ""
    return DrawnBar(bar, tuple(segments), ceiling_at)


def drawn_bars(bars: Sequence[Bar]) -> list[DrawnBar]:
    """Bars on one scale: the highest of every total and every ceiling is the full height."""
    heights = [bar.total for bar in bars] + [bar.ceiling for bar in bars if bar.ceiling is not None]
    scale = max(heights, default=ZERO)
    return [_drawn(bar, scale) for bar in bars]


@dataclass(frozen=True)
class Column:
    """One of many thin columns along a time: what it stands for in words, and how many."""

    label: str
    number: int


@dataclass(frozen=True)
class DrawnColumn:
    """A column with its place from the left, its width, and its height from the top."""

    column: Column
    start: str
    width: str
    top: str
    height: str


def drawn_columns(columns: Sequence[Column]) -> list[DrawnColumn]:
    """Columns side by side on one scale; the highest number is the full height, and nothing at all is flat."""
    most = max((each.number for each in columns), default=0)
    step = 1 / len(columns) if columns else 0.0
    drawn = []
    for place, each in enumerate(columns):
        share = each.number / most if most else 0.0
        drawn.append(
            DrawnColumn(
                each, percentage(place * step), percentage(step * 0.8), percentage(1 - share), percentage(share)
            )
        )
    return drawn


def totals_by_component(bars: Sequence[Bar]) -> list[Part]:
    """What each component gets over all bars, in the order the components first appear."""
    totals: dict[str, Part] = {}
    for bar in bars:
        for part in bar.parts:
            before = totals.get(part.code, Part(part.code, part.name, ZERO))
            totals[part.code] = Part(part.code, part.name, before.amount + part.amount)
    return list(totals.values())
