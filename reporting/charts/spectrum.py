"""The achievement spectrum: one bar a student group, its levels stacked to both sides of the cut for proficient."""

from collections.abc import Sequence
from dataclasses import dataclass

from reporting.charts.drawing import INK_SOFT, PAPER, Box, Key, Line, Plot, Tick, at, legend, level_colours, lines, on
from reporting.charts.drawing import text_width as width_of
from reporting.charts.reading import Reading, read

NAMES, FIGURES, ROW, BAR, GAP, AXIS = 150, 66, 32, 20, 16, 22
SIZE, SMALL = 10, 8.5
GRID_STEP = 25
UNKNOWN_SHARE = "#f0ede5"


@dataclass(frozen=True)
class Row:
    """A group's bar. `figure` is the share at or above the cut as printed; `notice` stands where no bar may."""

    name: str
    label: tuple[Line, ...]
    boxes: tuple[Box, ...]
    figure: str
    text_y: str
    notice: str


@dataclass(frozen=True, kw_only=True)
class Spectrum(Plot):
    """What `components/charts/spectrum.svg` draws and `components/charts/table.html` lists."""

    cut_x: str
    cut_label: str
    keys: tuple[Key, ...]
    rows: tuple[Row, ...]


def spectrum(
    groups: Sequence[tuple[str, Sequence[str], str]],
    *,
    key: str,
    title: str,
    level_names: Sequence[str],
    proficient_from: int,
    width: int = 640,
) -> Spectrum:
    """`groups` are (name, printed percentage at each level from the lowest, printed percentage proficient or above).

    A group without level percentages gets a bar in two parts; one whose figures are hidden gets words and no bar.
    `proficient_from` is the index of the first level that counts as proficient.
    """
    colours = level_colours(len(level_names), proficient_from)
    shares = [_shares([read(text) for text in levels], read(proficient), proficient_from, colours)
              for _, levels, proficient in groups]  # fmt: skip
    left = _round_up(max((sum(part.percent for part in row if part.is_below) for row in shares), default=0))
    right = _round_up(max((sum(part.percent for part in row if not part.is_below) for row in shares), default=0))
    start, end = NAMES + 10, width - FIGURES
    keys, legend_height = legend(list(zip(colours, level_names, strict=True)), start, width, SMALL)
    top = legend_height + GAP
    unit = (end - start) / (left + right)
    cut = start + left * unit
    rows = tuple(
        _row(top + place * ROW + ROW / 2, group, row, cut, unit)
        for place, (group, row) in enumerate(zip(groups, shares, strict=True))
    )
    bottom = top + len(groups) * ROW
    return Spectrum(
        key=key,
        title=title,
        description=_description(groups, level_names[proficient_from]),
        width=at(width),
        height=at(bottom + AXIS + 18),
        plot_start=at(start),
        plot_end=at(end),
        plot_top=at(top - 4),
        plot_bottom=at(bottom + 2),
        axis_y=at(bottom + 14),
        figures_x=at(width),
        cut_x=at(cut),
        cut_label=f"{level_names[proficient_from]} or above",
        ticks=_ticks(left, right, cut, unit),
        keys=keys,
        rows=rows,
        columns=("Student group", *level_names, f"{level_names[proficient_from]} or above"),
        cells=tuple(
            (name, *(levels or ["not shown"] * len(level_names)), proficient) for name, levels, proficient in groups
        ),
    )


@dataclass(frozen=True)
class _Share:
    """A part of a bar in percent of the group; `reading` is None for the rest beside a single known figure."""

    percent: float
    is_below: bool
    colour: str
    reading: Reading | None


def _shares(levels: list[Reading], proficient: Reading, cut: int, colours: list[str]) -> list[_Share]:
    if levels and not any(level.hidden for level in levels):
        widths = _widths(levels)
        return [_Share(widths[place], place < cut, colours[place], level) for place, level in enumerate(levels)]
    if proficient.hidden:
        return []
    above = proficient.percent
    return [_Share(100 - above, True, UNKNOWN_SHARE, None), _Share(above, False, colours[-1], proficient)]


def _widths(levels: list[Reading]) -> list[float]:
    """Exact figures as printed; what they leave of 100 is shared among the bounds, in proportion to them."""
    known = sum(level.percent for level in levels if level.exact)
    bounds = sum(level.percent for level in levels if not level.exact)
    if not bounds:
        return [level.percent * 100 / known if known else 0 for level in levels]
    rest = max(0.0, 100 - known)
    return [level.percent if level.exact else level.percent * rest / bounds for level in levels]


def _row(middle, group, shares, cut, unit) -> Row:
    name, _, proficient = group
    below = sum(part.percent for part in shares if part.is_below)
    x, boxes = cut - below * unit, []
    for part in shares:
        if part.percent:
            boxes.append(_box(part, x, middle, part.percent * unit))
        x += part.percent * unit
    return Row(
        name=name,
        label=lines(name, NAMES, SIZE, middle),
        boxes=tuple(boxes),
        figure=proficient,
        text_y=at(middle + SIZE * 0.35),
        notice="" if shares else "Not shown, to protect students in a small group",
    )


def _box(part: _Share, x, middle, width) -> Box:
    exact = part.reading is None or part.reading.exact
    text = part.reading.figure if part.reading else ""
    return Box(
        x=at(x),
        y=at(middle - BAR / 2),
        width=at(width),
        height=at(BAR),
        fill=part.colour if exact else PAPER,
        stroke=PAPER if exact else part.colour,
        dashes="none" if exact else "3 2",
        text=text if width > width_of(text, SMALL) + 6 else "",
        text_x=at(x + width / 2),
        text_y=at(middle + SMALL * 0.36),
        text_fill=on(part.colour) if exact else INK_SOFT,
    )


def _ticks(left, right, cut, unit) -> tuple[Tick, ...]:
    places = range(-left, right + 1, GRID_STEP)
    return tuple(Tick(at(cut + place * unit), f"{abs(place)} %", place == 0) for place in places)


def _round_up(percent: float) -> int:
    """To the next grid line; half a point of rounding in the printed figures opens no new one."""
    return max(GRID_STEP, -(-int(percent + 0.5) // GRID_STEP) * GRID_STEP)


def _description(groups, cut_name) -> str:
    if not groups:
        return "No results were reported."
    figures = "; ".join(f"{name}: {proficient}" for name, _, proficient in groups)
    return f"Share of students at {cut_name} or above. {figures}."
