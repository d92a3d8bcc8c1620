"""The gap dumbbell: one row a comparison, the two groups' shares as two marks joined by the gap between them."""

from collections.abc import Sequence
from dataclasses import dataclass

from reporting.charts.drawing import Line, Plot, Tick, at, lines
from reporting.charts.reading import read
from sites.suppression import NOT_SHOWN

NAMES, FIGURES, ROW, TOP, AXIS, SIZE = 186, 84, 40, 26, 22, 10
GRID_STEP = 20
RADIUS = 5.5
KEY = 110


@dataclass(frozen=True)
class Row:
    """Two marks and the line between them; `notice` stands where a share is hidden and nothing may be drawn."""

    label: tuple[Line, ...]
    y: str
    text_y: str
    focal_x: str
    focal_path: str
    focal_text: str
    focal_anchor: str
    focal_text_x: str
    focal_exact: bool
    reference_x: str
    reference_text: str
    reference_anchor: str
    reference_text_x: str
    reference_exact: bool
    points: str
    notice: str


@dataclass(frozen=True, kw_only=True)
class Dumbbell(Plot):
    """What `components/charts/dumbbell.svg` draws and `components/charts/table.html` lists."""

    reference_key_x: str
    focal_key_path: str
    focal_key_x: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Gap:
    """One comparison, as printed: who, the two percentages, and the gap in points (or why there is none)."""

    label: str
    reference: str
    focal: str
    reference_percent: str
    focal_percent: str
    points: str

    @property
    def shown_points(self) -> str:
        """The gap, unless a share is hidden or only a bound: beside the other share it would give that one away."""
        exact = read(self.reference_percent).exact and read(self.focal_percent).exact
        return self.points if exact else NOT_SHOWN


def dumbbell(gaps: Sequence[Gap], *, key: str, title: str, width: int = 640) -> Dumbbell:
    """Rows in the order given. Where either share is hidden, neither mark is drawn: one would give the other away."""
    start, end = NAMES + 14, width - FIGURES
    unit = (end - start) / 100
    bottom = TOP + len(gaps) * ROW
    return Dumbbell(
        key=key,
        title=title,
        description=" ".join(_sentence(gap) for gap in gaps) or "No gaps were measured.",
        width=at(width),
        height=at(bottom + AXIS),
        plot_start=at(start),
        plot_end=at(end),
        plot_top=at(TOP - 4),
        plot_bottom=at(bottom + 2),
        axis_y=at(bottom + 14),
        figures_x=at(width),
        reference_key_x=at(start + 8),
        focal_key_path=_diamond(start + KEY, 7.5),
        focal_key_x=at(start + KEY + 9),
        ticks=tuple(Tick(at(start + place * unit), f"{place} %") for place in range(0, 101, GRID_STEP)),
        rows=tuple(_row(place, gap, start, unit) for place, gap in enumerate(gaps)),
        columns=("Comparison", "Reference group", "Focal group", "Gap"),
        cells=tuple((gap.label, gap.reference_percent, gap.focal_percent, gap.shown_points) for gap in gaps),
    )


def _row(place, gap: Gap, start, unit) -> Row:
    middle = TOP + place * ROW + ROW / 2
    reference, focal = read(gap.reference_percent), read(gap.focal_percent)
    hidden = reference.hidden or focal.hidden
    reference_at = start + (0 if hidden else reference.percent) * unit
    focal_at = start + (0 if hidden else focal.percent) * unit
    # The words go outwards, so that they never lie on the line between the marks.
    reference_side = 1 if reference_at >= focal_at else -1
    return Row(
        label=lines(gap.label, NAMES, SIZE, middle, most=3),
        y=at(middle),
        text_y=at(middle + SIZE * 0.35),
        focal_x=at(focal_at),
        focal_path=_diamond(focal_at, middle),
        focal_text=gap.focal_percent,
        focal_anchor="end" if reference_side > 0 else "start",
        focal_text_x=at(focal_at - reference_side * (RADIUS + 4)),
        focal_exact=focal.exact,
        reference_x=at(reference_at),
        reference_text=gap.reference_percent,
        reference_anchor="start" if reference_side > 0 else "end",
        reference_text_x=at(reference_at + reference_side * (RADIUS + 4)),
        reference_exact=reference.exact,
        points="" if hidden else gap.shown_points,
        notice="Not shown, to protect students in a small group" if hidden else "",
    )


def _diamond(x, y) -> str:
    reach = RADIUS + 1
    return f"M{at(x)} {at(y - reach)}L{at(x + reach)} {at(y)}L{at(x)} {at(y + reach)}L{at(x - reach)} {at(y)}Z"


def _sentence(gap: Gap) -> str:
    shares = f"{gap.reference} {gap.reference_percent}, {gap.focal} {gap.focal_percent}"
    return f"{gap.label}: {shares}, gap {gap.shown_points}."
