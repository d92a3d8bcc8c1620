"""A pasted table that fills a grid of one test in one year, with as many levels as the grid has."""

from __future__ import annotations

from dataclasses import dataclass, field

from portal.imports import table_of_text
from sites.results.reading import Choices, Counts, read_tables


@dataclass
class Pasted:
    """Counts by group, lowest level first; the levels' names when the paste has them; what could not be read."""

    rows: dict[str, Counts] = field(default_factory=dict)
    level_names: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_paste(text: str, levels: int) -> Pasted:
    """The groups of a paste; of several school years the latest. Withheld numbers are None. Never raises."""
    table = table_of_text(text)
    reading = read_tables([table])
    if not reading.level_names and len(reading.columns) == levels:
        # Level names that only this state has: the grid says how many there are, and the paste their order.
        names = [column.header for column in sorted(reading.columns.values(), key=lambda each: each.index)]
        reading = read_tables([table], Choices(positions={name: place for place, name in enumerate(names, 1)}))
    found = Pasted(problems=[str(each) for each in reading.unused])
    place = next(iter(reading.places), ("", ""))
    years = reading.years(place)
    if not years:
        found.problems = found.problems or ["There was nothing to read. Paste lines of a group's name and its numbers."]
        return found
    if len(reading.level_names) != levels:
        found.problems.append(f"What you pasted has {len(reading.level_names)} levels, and the grid has {levels}.")
        return found
    found.rows = reading.counts(place, years[0])
    if not any(name.startswith("Level ") for name in reading.level_names):
        found.level_names = list(reading.level_names)
    if len(years) > 1:
        found.problems.append(f"There are {len(years)} school years. The numbers of {years[0]} are used.")
    return found
