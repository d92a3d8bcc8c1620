"""Small measures that every chart shares: coordinates as text, lines of a label, colours of levels and components."""

import textwrap
from dataclasses import dataclass

# Average width of a character of the sans face, as a share of the type size; measured on names of student groups.
CHARACTER = 0.55
INK, INK_SOFT, INK_FAINT, LINE, PAPER = "#1d2a2e", "#47575c", "#5c6a6e", "#dcd9d0", "#ffffff"

# From the far end towards the cut, and from the cut to the far end. Neither is a component's hue.
_BELOW = ("#6f5118", "#b8934d", "#d3bb85", "#e6d6ae", "#f2e8cf")
_ABOVE = ("#cfe4e1", "#9cc7c2", "#62a69f", "#12514d", "#0a3532")
_NO_COMPONENT = ("#47575c", "#e8eae9")
_COMPONENTS = {
    "collaboration": ("#3f4d9c", "#d5d9ef"),
    "partnerships": ("#a8481f", "#f3d5c6"),
    "coherence": ("#22704a", "#c5e4d2"),
}


@dataclass(frozen=True)
class Box:
    """A rectangle with what is written on it. Every coordinate is text, so no locale can change its decimal point."""

    x: str
    y: str
    width: str
    height: str
    fill: str
    stroke: str = "none"
    dashes: str = "none"
    text: str = ""
    text_x: str = ""
    text_y: str = ""
    text_fill: str = INK


@dataclass(frozen=True)
class Tick:
    """A grid line and its label."""

    at: str
    text: str
    is_base: bool = False


@dataclass(frozen=True, kw_only=True)
class Plot:
    """What charts with names on the left, bars or marks in the middle and figures on the right have in common.

    `columns` and `cells` are the chart as a table.
    """

    key: str
    title: str
    description: str
    width: str
    height: str
    plot_start: str
    plot_end: str
    plot_top: str
    plot_bottom: str
    axis_y: str
    figures_x: str
    ticks: tuple[Tick, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Line:
    """One line of a label."""

    y: str
    text: str


@dataclass(frozen=True)
class Key:
    """One entry of a legend: a swatch and its words."""

    x: str
    y: str
    text_x: str
    text_y: str
    fill: str
    text: str


def at(value: float) -> str:
    """A coordinate: one decimal at most."""
    return f"{value:.1f}".removesuffix(".0")


def text_width(text: str, size: float) -> float:
    return len(text) * size * CHARACTER


def lines(text: str, width: float, size: float, middle: float, most: int = 2) -> tuple[Line, ...]:
    """`text` broken to fit `width`, around the height `middle`; the last of `most` lines may end in an ellipsis."""
    room = max(4, int(width / (size * CHARACTER)))
    parts = textwrap.wrap(text, room, max_lines=most, placeholder="…") or [""]
    step = size * 1.22
    first = middle - step * (len(parts) - 1) / 2 + size * 0.35
    return tuple(Line(at(first + step * place), part) for place, part in enumerate(parts))


def level_colours(count: int, proficient_from: int) -> list[str]:
    """A colour for each level, lowest first; `proficient_from` is the index of the first that counts as proficient."""
    below, above = proficient_from, count - proficient_from
    return [_spread(_BELOW, place, below) for place in range(below)] + [
        _spread(_ABOVE[::-1], above - 1 - place, above) for place in range(above)
    ]


def on(colour: str) -> str:
    """Ink or paper, whichever reads at 4.5:1 or better on `colour` (WCAG relative luminance)."""
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return PAPER if luminance < 0.2 else INK


def component_colours(code: str) -> tuple[str, str]:
    """The strong and the soft colour of a core component; a neutral pair for one the portal has no hue for."""
    return _COMPONENTS.get(code, _NO_COMPONENT)


def legend(entries: list[tuple[str, str]], start: float, end: float, size: float) -> tuple[tuple[Key, ...], float]:
    """Entries of (colour, words) side by side, in as many lines as they need; and the height they take."""
    keys, x, y = [], start, 3.0
    for fill, text in entries:
        wide = size + 4 + text_width(text, size)
        if x + wide > end and x > start:
            x, y = start, y + size * 1.6
        keys.append(Key(at(x), at(y), at(x + size + 4), at(y + size * 0.88), fill, text))
        x += wide + 14
    return tuple(keys), y + size


def _spread(colours, place, count):
    """`count` colours out of the ramp, starting at its far end and never using up the pale end when few are needed."""
    steps = {1: (0,), 2: (1, 2), 3: (0, 1, 3), 4: (0, 1, 2, 3)}.get(count, tuple(range(len(colours))))
    return colours[steps[min(place, len(steps) - 1)]]
