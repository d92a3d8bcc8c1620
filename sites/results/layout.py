"""How a table of results is laid out: which row names the columns, and what each column holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from portal.imports import Table
from sites.results.cells import ABSENT, COUNT, PERCENT, WITHHELD, read_cell
from sites.results.words import (
    group_of,
    is_percent_name,
    is_tested_name,
    level_of,
    plain,
    subject_of,
    year_of,
)

FEWEST_LEVELS, MOST_LEVELS = 2, 6
_SEARCHED = 25  # rows from the top in which the columns' names are looked for
_FIGURES = frozenset({COUNT, PERCENT, WITHHELD, ABSENT})


@dataclass(frozen=True)
class Column:
    """One column with figures: where it stands, what it is called, and which level (from 1, lowest first) it is, or 0."""

    index: int
    header: str
    name: str = ""
    position: int = 0


@dataclass(frozen=True)
class Layout:
    """Where the figures of a table stand. Without `levels` nothing of it can be used."""

    first: int  # the first row below the names
    levels: tuple[Column, ...] = ()
    percents: bool = False
    twice: bool = False  # two columns were said to be the same level
    tested: int | None = None
    group: int | None = None
    year: int | None = None
    subject: int | None = None
    grades: int | None = None
    # Every column with figures, for whoever corrects what was recognized.
    columns: tuple[Column, ...] = field(default=())


def lay_out(rows: Sequence[Sequence[str]], positions: Mapping[str, int] | None = None) -> Layout:
    """The layout of these rows. `positions` are a person's corrections: the level by column name, 0 for none."""
    positions = positions or {}
    header = _header_row(rows, positions)
    if header is None:
        return _without_names(rows)
    names, body = rows[header], rows[header + 1 :]
    width = max(map(len, rows[header:]))
    headers = [names[index] if index < len(names) else "" for index in range(width)]
    kinds = [_kinds(body, index) for index in range(width)]
    levels, percents = _levels(headers, kinds, positions)
    taken = {each.index for each in levels}
    return Layout(
        first=header + 1,
        levels=tuple(levels),
        percents=percents,
        twice=not levels and len({positions.get(name, 0) for name in headers} - {0}) > 0,
        tested=next(
            (i for i, name in enumerate(headers) if i not in taken and is_tested_name(name) and COUNT in kinds[i]), None
        ),
        **_places(headers, body, taken),
        columns=tuple(_figures(headers, kinds, levels)),
    )


def turned(table: Table) -> Table | None:
    """The table with rows and columns changed, when its levels stand below each other and its groups side by side."""
    first = [row[0] if row else "" for row in table.rows]
    levels = sum(level_of(cell) is not None for cell in first)
    groups = max((sum(group_of(cell) is not None for cell in row[1:]) for row in table.rows[:_SEARCHED]), default=0)
    if levels < FEWEST_LEVELS or groups < 1 or _level_row(table.rows, {}) is not None:
        return None
    width = max(map(len, table.rows))
    rows = [[row[index] if index < len(row) else "" for row in table.rows] for index in range(width)]
    return Table(table.name, tuple(tuple(row) for row in rows), table.is_cut)


def _header_row(rows: Sequence[Sequence[str]], positions: Mapping[str, int]) -> int | None:
    """The row of the columns' names: the first that names levels; where none does, the one above the figures."""
    named_row = _level_row(rows, positions)
    if named_row is not None:
        return named_row
    for number, (row, following) in enumerate(pairwise(rows[: _SEARCHED + 1])):
        named = [index for index, cell in enumerate(row) if cell and not _is_figure(cell)]
        below = [_at(following, index) for index in named]
        if sum(read_cell(cell).kind in (COUNT, PERCENT) for cell in below) >= FEWEST_LEVELS:
            return number
    return None


def _level_row(rows: Sequence[Sequence[str]], positions: Mapping[str, int]) -> int | None:
    """The first row that names at least two levels, known ones or such as somebody chose."""
    for number, row in enumerate(rows[:_SEARCHED]):
        known = {found for cell in row if (found := level_of(cell)) is not None}
        chosen = sum(positions.get(cell, 0) > 0 for cell in row if cell)
        if len(known) >= FEWEST_LEVELS or chosen >= FEWEST_LEVELS:
            return number
    return None


def _at(row: Sequence[str], index: int) -> str:
    return row[index] if index < len(row) else ""


def _levels(
    headers: Sequence[str], kinds: Sequence[set[str]], positions: Mapping[str, int]
) -> tuple[list[Column], bool]:
    """The columns of the levels in order, and whether they hold percents. Counts are taken where there are both."""
    chosen = [Column(i, name, _name(name), positions[name]) for i, name in enumerate(headers) if positions.get(name)]
    if len({each.position for each in chosen}) < len(chosen):
        return [], False
    if chosen:
        chosen.sort(key=lambda each: each.position)
        return _numbered(chosen), all(_is_percent(each.header, kinds[each.index]) for each in chosen)
    found = [
        (known[0], Column(index, name, known[1]))
        for index, name in enumerate(headers)
        if (known := level_of(name)) is not None and positions.get(name) != 0 and kinds[index] & _FIGURES
    ]
    counts = [each for each in found if not _is_percent(each[1].header, kinds[each[1].index])]
    percents = len(counts) < FEWEST_LEVELS
    ranked = sorted(found if percents else counts, key=lambda each: each[0])
    if not FEWEST_LEVELS <= len(ranked) <= MOST_LEVELS:
        return [], percents
    return _numbered([column for _, column in ranked]), percents


def _numbered(columns: Sequence[Column]) -> list[Column]:
    return [Column(each.index, each.header, each.name, place) for place, each in enumerate(columns, 1)]


def _name(header: str) -> str:
    known = level_of(header)
    return known[1] if known else " ".join(header.split())


def _is_percent(header: str, kinds: set[str]) -> bool:
    return is_percent_name(header) or (PERCENT in kinds and COUNT not in kinds)


def _kinds(body: Sequence[Sequence[str]], index: int) -> set[str]:
    return {read_cell(row[index]).kind for row in body if index < len(row) and row[index]}


def _is_figure(cell: str) -> bool:
    return read_cell(cell).kind in _FIGURES or year_of(cell) is not None


def _places(headers: Sequence[str], body: Sequence[Sequence[str]], taken: set[int]) -> dict[str, int | None]:
    """The columns of group, school year, subject and grades, where there are any."""
    free = [index for index in range(len(headers)) if index not in taken]
    words = [plain(name) for name in headers]
    year = next((i for i in free if "year" in words[i].split() or words[i] in {"sy", "schoolyear"}), None)
    if year is None:
        year = next(
            (i for i in free if _share(body, i, lambda cell: "-" in cell and year_of(cell) is not None) > 0.5), None
        )
    subject = next(
        (i for i in free if {"subject", "content"} & set(words[i].split()) and _share(body, i, subject_of) > 0), None
    )
    grades = next((i for i in free if words[i].split()[:1] in (["grade"], ["grades"], ["gradelevel"])), None)
    others = [i for i in free if i not in (year, subject, grades)]
    best = max(others, key=lambda i: _share(body, i, group_of), default=None)
    group = best if best is not None and _share(body, best, group_of) > 0 else _named_group(words, others)
    return {"group": group, "year": year, "subject": subject, "grades": grades}


def _named_group(words: Sequence[str], others: Sequence[int]) -> int | None:
    hints = {"group", "subgroup", "subgroups", "demographic", "demographics", "race", "ethnicity"}
    return next((index for index in others if hints & set(words[index].split())), None)


def _share(body: Sequence[Sequence[str]], index: int, known) -> float:
    cells = [row[index] for row in body if index < len(row) and row[index]]
    return sum(known(cell) is not None and known(cell) is not False for cell in cells) / len(cells) if cells else 0


def _figures(headers: Sequence[str], kinds: Sequence[set[str]], levels: Sequence[Column]) -> list[Column]:
    positions = {each.index: each for each in levels}
    return [
        positions.get(index, Column(index, name, _name(name)))
        for index, name in enumerate(headers)
        if name and (index in positions or kinds[index] & {COUNT, PERCENT, WITHHELD})
    ]


def _without_names(rows: Sequence[Sequence[str]]) -> Layout:
    """Lines of a group's name and its numbers: as many levels as most lines have numbers."""
    widths = [len(row) - 1 for row in rows if len(row) > 1 and all(_is_figure(cell) for cell in row[1:])]
    levels = max(set(widths), key=widths.count, default=0)
    if not FEWEST_LEVELS <= levels <= MOST_LEVELS:
        return Layout(first=0)
    columns = tuple(Column(place, f"Column {place + 1}", f"Level {place}", place) for place in range(1, levels + 1))
    return Layout(first=0, levels=columns, group=0, columns=columns)
