"""Money charts: budget against actual for the components of one year, and the five years of an award side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import cycle
from math import ceil

from portal.icons import MARKS
from portal.money import ZERO, dollars
from reporting.charts.drawing import Box, Line, Tick, at, component_colours, lines

NAMES, FIGURES, ROW, BAR, TOP, SIZE, SMALL = 196, 96, 46, 11, 22, 10, 8.5
COLUMN_TOP, COLUMN_HEIGHT, COLUMN_GAP, COLUMN_AXIS = 14, 150, 26, 38
NOT_YET = "not yet reported"


@dataclass(frozen=True)
class Amounts:
    """One component's budget and what was spent; `actual` is None until it is reported."""

    code: str
    name: str
    budget: Decimal
    actual: Decimal | None


@dataclass(frozen=True)
class SpendingRow:
    """A component's two bars with their amounts."""

    label: tuple[Line, ...]
    mark: str
    mark_at: str
    colour: str
    bars: tuple[Box, ...]


@dataclass(frozen=True)
class Spending:
    """What `components/charts/spending.svg` draws and `components/charts/table.html` lists."""

    key: str
    title: str
    description: str
    width: str
    height: str
    plot_top: str
    plot_bottom: str
    axis_y: str
    ticks: tuple[Tick, ...]
    rows: tuple[SpendingRow, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class YearColumns:
    """One award year: a column for the budget and, once reported, one for what was spent."""

    middle: str
    label: str
    sub_label: str
    is_current: bool
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class FiveYears:
    """What `components/charts/five_years.svg` draws and `components/charts/table.html` lists."""

    key: str
    title: str
    description: str
    width: str
    height: str
    base_y: str
    label_y: str
    sub_label_y: str
    ceiling_y: str
    ceiling_text_y: str
    ceiling_label: str
    years: tuple[YearColumns, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]


def spending(rows: Sequence[Amounts], *, key: str, title: str, width: int = 640) -> Spending:
    """One row a component: its budget in the soft colour above what was spent in the strong one."""
    start, end = NAMES + 14, width - FIGURES
    largest = max((max(row.budget, row.actual or ZERO) for row in rows), default=ZERO)
    step = _step(largest)
    intervals = max(1, ceil(largest / step))
    unit = (end - start) / float(step * intervals)
    bottom = TOP + len(rows) * ROW
    return Spending(
        key=key,
        title=title,
        description=" ".join(f"{row.name}: budget {dollars(row.budget)}, spent {spent(row.actual)}." for row in rows)
        or "No money was budgeted.",
        width=at(width),
        height=at(bottom + 22),
        plot_top=at(TOP - 6),
        plot_bottom=at(bottom),
        axis_y=at(bottom + 13),
        ticks=tuple(
            Tick(at(start + float(step * place) * unit), dollars(step * place), place == 0)
            for place in range(intervals + 1)
        ),
        rows=tuple(_spending_row(place, row, start, unit) for place, row in enumerate(rows)),
        columns=("Component", "Budget", "Spent"),
        cells=tuple((row.name, dollars(row.budget), spent(row.actual)) for row in rows),
    )


def five_years(
    years: Sequence[tuple[str, str, Sequence[Amounts]]],
    *,
    key: str,
    title: str,
    current: str,
    ceiling: Decimal,
    width: int = 640,
) -> FiveYears:
    """`years` are (label, school year, amounts by component); `current` is the label of the reported year."""
    heights = [budgeted(rows) for _, _, rows in years]
    heights += [total for _, _, rows in years if (total := _spent_in(rows)) is not None]
    scale = COLUMN_HEIGHT / float(max([ceiling, *heights]))
    base = COLUMN_TOP + COLUMN_HEIGHT
    slot = width / max(1, len(years))
    ceiling_y = base - float(ceiling) * scale
    cells = tuple(
        (f"{label}, {school_year}", dollars(budgeted(rows)), spent(_spent_in(rows)))
        for label, school_year, rows in years
    )
    return FiveYears(
        key=key,
        title=title,
        description=" ".join(f"{label}: budget {budget}, spent {actual}." for label, budget, actual in cells),
        width=at(width),
        height=at(base + COLUMN_AXIS),
        base_y=at(base),
        label_y=at(base + 15),
        sub_label_y=at(base + 28),
        ceiling_y=at(ceiling_y),
        ceiling_text_y=at(ceiling_y - 4),
        ceiling_label=f"Most a year: {dollars(ceiling)}",
        years=tuple(
            _columns(slot * place + slot / 2, slot, base, scale, year, current) for place, year in enumerate(years)
        ),
        columns=("Year", "Budget", "Spent"),
        cells=cells,
    )


def spent(amount: Decimal | None) -> str:
    """The amount in dollars, or words when it is not known: an unknown amount is never shown as zero."""
    return NOT_YET if amount is None else dollars(amount)


def budgeted(rows: Sequence[Amounts]) -> Decimal:
    """The budgets of all components together."""
    return sum((row.budget for row in rows), ZERO)


def _spent_in(rows: Sequence[Amounts]) -> Decimal | None:
    known = [row.actual for row in rows if row.actual is not None]
    return sum(known, ZERO) if known else None


def _spending_row(place, row: Amounts, start, unit) -> SpendingRow:
    middle = TOP + place * ROW + ROW / 2 - 3
    strong, soft = component_colours(row.code)
    bars = [_amount_bar(row.budget, start, unit, middle - BAR - 1, soft, f"{dollars(row.budget)} budget")]
    words = NOT_YET if row.actual is None else f"{dollars(row.actual)} spent"
    bars.append(_amount_bar(row.actual or ZERO, start, unit, middle + 1, strong, words))
    return SpendingRow(
        label=lines(row.name, NAMES - 18, SIZE, middle, most=3),
        mark=MARKS.get(row.code, ""),
        mark_at=at(middle),
        colour=strong,
        bars=tuple(bars),
    )


def _amount_bar(amount, start, unit, y, fill, text) -> Box:
    width = max(0.0, float(amount)) * unit
    return Box(
        at(start), at(y), at(width), at(BAR), fill, text=text, text_x=at(start + width + 5), text_y=at(y + BAR - 2.5)
    )


def _columns(middle, slot, base, scale, year, current) -> YearColumns:
    label, school_year, rows = year
    wide = (slot - COLUMN_GAP) / 2
    actual = _spent_in(rows)
    boxes = _stack([(row.budget, component_colours(row.code)[1]) for row in rows], middle - wide - 1, wide, base, scale)
    if actual is not None:
        amounts = [(row.actual or ZERO, component_colours(row.code)[0]) for row in rows]
        boxes += _stack(amounts, middle + 1, wide, base, scale)
    return YearColumns(
        middle=at(middle),
        label=label,
        sub_label=school_year,
        is_current=label == current,
        boxes=tuple(boxes),
    )


def _stack(amounts, x, wide, base, scale) -> list[Box]:
    boxes, y = [], base
    for amount, fill in amounts:
        height = max(0.0, float(amount)) * scale
        y -= height
        boxes.append(Box(at(x), at(y), at(wide), at(height), fill, stroke="#ffffff"))
    return boxes


def _step(largest: Decimal) -> Decimal:
    """The smallest round distance (1, 2.5 or 5 times a power of ten) that gives at most five grid lines."""
    step = Decimal(1000)
    factors = cycle((Decimal("2.5"), Decimal(2), Decimal(2)))
    while largest > step * 5:
        step *= next(factors)
    return step
