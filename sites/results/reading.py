"""Reading results by student group and achievement level out of tables, without making up a single number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from portal.imports import Table
from sites.enums import PARTITIONS, StudentGroup
from sites.results.cells import ABSENT, COUNT, WORDS, Cell, read_cell
from sites.results.layout import Column, Layout, lay_out, turned
from sites.results.percents import counts_from
from sites.results.words import grades_of, group_in, group_of, leftover, plain, subject_of, year_of

Counts = tuple[int | None, ...]
NOT_USED = "-"
_NEED_COUNTS = "These are percents. The number of students at each level is needed."
_TOTALS = frozenset({"total", "grand total", "sum", "totals"})


@dataclass(frozen=True)
class Choices:
    """What a person corrected. Groups by label or file name (`NOT_USED` leaves it out), levels by column name."""

    groups: Mapping[str, str] = field(default_factory=dict)
    positions: Mapping[str, int] = field(default_factory=dict)
    subject: str = ""
    grades: str = ""
    year: str = ""


@dataclass(frozen=True)
class Line:
    """One line that can be used. `subject`, `grades` and `year` are empty where the table does not say them."""

    source: str
    number: int
    group: str
    subject: str
    grades: str
    year: str
    counts: Counts


@dataclass(frozen=True)
class Unused:
    """A line (or, with number 0, a whole table) that could not be used: what it says and why not."""

    source: str
    number: int
    text: str
    why: str

    def __str__(self):
        line = f"line {self.number}" if self.number else ""
        place = ", ".join(filter(None, [self.source, line]))
        return ": ".join(filter(None, [place[:1].upper() + place[1:], self.why]))


@dataclass
class Reading:
    """What was found: lines, the columns with figures, labels nobody knows, and what was not used."""

    lines: list[Line] = field(default_factory=list)
    level_names: tuple[str, ...] = ()
    columns: dict[str, Column] = field(default_factory=dict)
    # Labels of lines and names of files, each with the group it is taken for, empty where that has to be said.
    groups: dict[str, str] = field(default_factory=dict)
    unused: list[Unused] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def places(self) -> list[tuple[str, str]]:
        """The pairs of subject and grades, in the order they were found."""
        return list(dict.fromkeys((line.subject, line.grades) for line in self.lines))

    def years(self, place: tuple[str, str]) -> list[str]:
        """The school years of a place, the latest first."""
        return sorted({line.year for line in self.lines if (line.subject, line.grades) == place}, reverse=True)

    def counts(self, place: tuple[str, str], year: str) -> dict[str, Counts]:
        """Students by group, lowest level first, None where a number is withheld."""
        return {
            line.group: line.counts for line in self.lines if (line.subject, line.grades, line.year) == (*place, year)
        }


def read_tables(tables: Sequence[Table], choices: Choices | None = None) -> Reading:
    """Everything that can be used of these tables, one group a line or one group a file. Never raises.

    Each line needs a student group, and at least one number (or a sign that it is withheld) at its levels; a line with
    words among them is left out whole. Percents are used only where they tell the counts (see `percents`).
    """
    found, choices = Reading(), choices or Choices()
    common = _common_words(tables)
    for table in tables:
        _read_table(found, turned(table) or table, choices, common)
    return found


def _common_words(tables: Sequence[Table]) -> set[str]:
    """What the names of several files share says nothing about their groups."""
    names = [leftover(table.name) for table in tables if table.name]
    return set.intersection(*names) if len(names) > 1 else set()


def _read_table(found: Reading, table: Table, choices: Choices, common: set[str]) -> None:
    layout = lay_out(table.rows, choices.positions)
    for column in layout.columns:
        found.columns.setdefault(column.header, column)
    why = _unusable(found, layout)
    if why:
        found.unused.append(Unused(table.name, 0, "", why))
        return
    found.level_names = found.level_names or tuple(each.name for each in layout.levels)
    whole = _group_of_table(table, layout, choices, common)
    if layout.group is None:
        found.groups[table.name] = whole
        if not whole or whole == NOT_USED:
            why = "you left it out." if whole else "say which student group this table is about."
            found.unused.append(Unused(table.name, 0, "", why.capitalize()))
            return
    if table.is_cut:
        found.notes.append(f"{table.name or 'The table'} is longer or wider than we read; the rest is left out.")
    for number, row in enumerate(table.rows[layout.first :], layout.first + 1):
        if any(row):
            _read_row(found, table, layout, row, number, whole, choices)
    _check_looks_like_percents(found, table.name, layout)


def _unusable(found: Reading, layout: Layout) -> str:
    if layout.twice:
        return "Two columns are said to be the same level."
    if not layout.levels:
        return "There are no columns with the numbers of students at each level."
    if found.level_names and len(found.level_names) != len(layout.levels):
        return f"It has {len(layout.levels)} levels where the table before has {len(found.level_names)}."
    return ""


def _group_of_table(table: Table, layout: Layout, choices: Choices, common: set[str]) -> str:
    """The group a whole table is about, by its name; all students where the name says nothing else."""
    if layout.group is not None:
        return ""
    if table.name in choices.groups:
        return choices.groups[table.name]
    named = group_in(table.name)
    if named:
        return named.value
    return "" if not table.name or leftover(table.name) - common else StudentGroup.ALL.value


def _read_row(
    found: Reading, table: Table, layout: Layout, row: Sequence[str], number: int, whole: str, choices: Choices
) -> None:
    def leave(why: str) -> None:
        found.unused.append(Unused(table.name, number, " | ".join(filter(None, row))[:120], why))

    cells = [read_cell(_at(row, column.index)) for column in layout.levels]
    why = _why_not(cells)
    group, label = whole, ""
    if layout.group is not None:
        label = _at(row, layout.group)
        group = _chosen_group(found, label, choices, remember=not why)
    if why:
        return leave(why)
    if not group:
        return leave(f"“{label[:60]}” is not a student group of the list." if label else "It names no student group.")
    if group == NOT_USED:
        return leave("You left this group out.")
    line = _line(found, table, layout, row, number, group, cells, choices)
    if isinstance(line, str):
        return leave(line)
    if plain(label) in _TOTALS and _adds_up(found, line):
        return leave("It adds up the lines above, which are not all students once each.")
    twin = next((each for each in found.lines if _place(each) == _place(line)), None)
    if twin is not None:
        same = " with the same numbers" if twin.counts == line.counts else " with other numbers"
        where = f"{twin.source}, line {twin.number}" if twin.source != line.source else f"line {twin.number}"
        return leave(f"{StudentGroup(group).label} is there already{same} ({where}).")
    found.lines.append(line)
    _note_total(found, table, layout, row, line)
    return None


def _line(
    found: Reading,
    table: Table,
    layout: Layout,
    row: Sequence[str],
    number: int,
    group: str,
    cells: Sequence[Cell],
    choices: Choices,
) -> Line | str:
    """The line, or why it cannot be used."""
    grades = grades_of(_at(row, layout.grades)) if layout.grades is not None else None
    single = (
        plain(_at(row, layout.grades)).removeprefix("grade ").removeprefix("0") if layout.grades is not None else ""
    )
    if single.isdecimal() and grades is None:
        return f"It is about grade {single} alone. Results are compared over grades 3-8, 3-5, 6-8 or high school."
    counts: Counts | None
    if layout.percents:
        tested = read_cell(_at(row, layout.tested)) if layout.tested is not None else None
        counts = counts_from(cells, tested)
        if counts is None:
            return _NEED_COUNTS
    else:
        counts = tuple(cell.count if cell.kind == COUNT else None for cell in cells)
    subject = subject_of(_at(row, layout.subject)) if layout.subject is not None else None
    year = year_of(_at(row, layout.year)) if layout.year is not None else None
    if layout.year is not None and year is None and _at(row, layout.year):
        return f"“{_at(row, layout.year)[:30]}” is not a school year."
    return Line(
        source=table.name,
        number=number,
        group=group,
        subject=(subject or subject_of(table.name) or "") or choices.subject,
        grades=(grades or grades_of(table.name) or "") or choices.grades,
        year=(year or year_of(table.name) or "") or choices.year,
        counts=counts,
    )


def _why_not(cells: Sequence[Cell]) -> str:
    kinds = {cell.kind for cell in cells}
    if kinds <= {ABSENT}:
        return "There are no numbers in this line."
    if WORDS in kinds:
        return "Something at its levels is neither a whole number nor a known sign for a number withheld."
    return ""


def _chosen_group(found: Reading, label: str, choices: Choices, *, remember: bool) -> str:
    known = group_of(label)
    group = choices.groups.get(label, known.value if known else "")
    if remember and label:
        found.groups[label] = group
    return group


def _adds_up(found: Reading, line: Line) -> bool:
    """Whether a total line is the sum of the lines above it although those are not the parts of one whole, all known."""
    above = [each for each in found.lines if _place(each)[:1] + _place(each)[2:] == _place(line)[:1] + _place(line)[2:]]
    sums = [sum(count or 0 for count in level) for level in zip(*(each.counts for each in above), strict=True)]
    groups = {each.group for each in above}
    parts = any(groups <= {each.value for each in partition} for partition in PARTITIONS)
    whole = parts and not any(None in each.counts for each in above)
    return len(above) > 1 and sums == list(line.counts) and not whole


def _place(line: Line) -> tuple[str, str, str, str]:
    return line.subject, line.group, line.grades, line.year


def _note_total(found: Reading, table: Table, layout: Layout, row: Sequence[str], line: Line) -> None:
    if layout.tested is None or None in line.counts:
        return
    tested = read_cell(_at(row, layout.tested))
    together = sum(count or 0 for count in line.counts)
    if tested.kind == COUNT and tested.count != together:
        place = f"{table.name}, line {line.number}" if table.name else f"Line {line.number}"
        found.notes.append(f"{place}: the levels add up to {together:,}, the table says {tested.count:,} were tested.")


def _check_looks_like_percents(found: Reading, source: str, layout: Layout) -> None:
    """Take out whole numbers that add up to 100 on every line: rounded percents without their sign."""
    mine = [line for line in found.lines if line.source == source]
    sums = [sum(count or 0 for count in line.counts) for line in mine]
    if layout.percents or len(mine) < 2 or not all(99 <= each <= 101 for each in sums):
        return
    found.lines = [line for line in found.lines if line.source != source]
    why = "Every line adds up to 100, so these look like percents. The number of students at each level is needed."
    found.unused += [Unused(source, line.number, StudentGroup(line.group).label, why) for line in mine]


def _at(row: Sequence[str], index: int | None) -> str:
    return row[index] if index is not None and index < len(row) else ""
