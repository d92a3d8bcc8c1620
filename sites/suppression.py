"""Which numbers about small groups of students may be shown, and how.

Follows the practice of NCES 2011-603 (SLDS Technical Brief 3) and the Department of Education's PTAC guidance.
`python -m reporting.suppression --help` does the same in a terminal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sites.enums import PARTITIONS, StudentGroup

FEWEST_SHOWN = 10
SUPPRESSED = f"n<{FEWEST_SHOWN}"
NOT_SHOWN = "not shown"
# A group of at least so many students has percentages up to so many, and as far from 100, shown as that end.
ENDS = ((300, 1), (100, 2), (40, 5), (20, 10), (FEWEST_SHOWN, 20))
# From this size on a share that is not coded stands with one decimal, and the group's size may be told.
LARGE = ENDS[0][0]


@dataclass(frozen=True, slots=True)
class Protection:
    """The cells of a partition to hide, in alphabetical order, and whether their total must be hidden as well."""

    hidden: tuple[str, ...]
    total_hidden: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One group as everybody may see it: how many were tested, the share of each level (empty when one would give
    another away), and the share at or above the cut."""

    size: str
    levels: tuple[str, ...]
    proficient: str


def coded_percent(numerator: int, students: int) -> str:
    """The percentage as it may be shown: rounded half up to a whole number, then coded by the size of the group.

    Raises ValueError with a sentence unless 0 ≤ numerator ≤ students.
    """
    if not 0 <= numerator <= students:
        raise ValueError("the first number counts some of the second's students, so it cannot be more")
    if students < FEWEST_SHOWN:
        return SUPPRESSED
    rounded = (200 * numerator + students) // (2 * students)
    end = next(end for size, end in ENDS if students >= size)
    if rounded <= end:
        return f"≤{end}%"
    if rounded >= 100 - end:
        return f"≥{100 - end}%"
    return f"{rounded}%"


def protect(counts: Mapping[str, int]) -> Protection:
    """What to hide of a partition: disjoint groups (students per name) that add up to a total others know.

    Cells of 1 to 9 are hidden; then, while subtraction could give a hidden cell away, the smallest cell still shown
    that is not empty (the first by name of equals). If none is left, empty cells and the total are hidden too: the
    whole partition is then smaller than what may be shown. A cell with nobody in it tells nothing about anybody.
    Raises ValueError with a sentence if a count is negative or there is no cell.
    """
    if not counts:
        raise ValueError("a partition needs at least one group")
    if min(counts.values()) < 0:
        raise ValueError("a count of students cannot be negative")
    hidden = {name for name, students in counts.items() if 0 < students < FEWEST_SHOWN}
    while hidden and _gives_away([counts[name] for name in hidden]):
        shown = [(students, name) for name, students in counts.items() if students and name not in hidden]
        if not shown:
            return Protection(tuple(sorted(counts)), total_hidden=True)
        hidden.add(min(shown)[1])
    return Protection(tuple(sorted(hidden)), total_hidden=False)


def hidden_groups(students: Mapping[str, int]) -> frozenset[str]:
    """The groups (by code) of which nothing may be shown: small ones, and those that would give them away.

    Works on each partition of all students; when a partition's total has to be hidden, so do all students.
    """
    hidden = {code for code, number in students.items() if number < FEWEST_SHOWN}
    for partition in PARTITIONS:
        cells = {code.value: students[code] for code in partition if code in students}
        if not cells:
            continue
        protection = protect(cells)
        hidden.update(protection.hidden)
        if protection.total_hidden:
            hidden.add(StudentGroup.ALL.value)
    return frozenset(hidden)


def shown_group(counts: Sequence[int], proficient_from: int, *, hidden: bool) -> Shown:
    """One group's counts (lowest level first, `proficient_from` counted from 1) as everybody may see them."""
    students = sum(counts)
    if hidden or students < FEWEST_SHOWN:
        return Shown(NOT_SHOWN, (), SUPPRESSED if students < FEWEST_SHOWN else NOT_SHOWN)
    proficient = shown_share(sum(counts[proficient_from - 1 :]), students)
    levels = tuple(shown_share(count, students) for count in counts)
    # Levels add up to the share, so one that is coded would be given back by the others.
    told = all(is_exact(text) for text in (proficient, *levels))
    return Shown(shown_size(students), levels if told else (), proficient)


def shown_share(part: int, students: int) -> str:
    """A share as it is printed: with one decimal for a large group, else whole and coded."""
    coded = coded_percent(part, students)
    if is_exact(coded) and students >= LARGE:
        return f"{100 * part / students:.1f} %"
    return coded.replace("%", " %")


def is_exact(text: str) -> bool:
    """Whether a printed share is a number and not coded or hidden."""
    return text[:1].isdigit()


def shown_size(students: int) -> str:
    """How many were tested, for small groups only between which bounds."""
    if students >= LARGE:
        return f"{students:,}"
    sizes = [size for size, _ in ENDS]
    low = next(size for size in sizes if students >= size)
    return f"{low} to {sizes[sizes.index(low) - 1] - 1}"


def _gives_away(hidden: Sequence[int]) -> bool:
    """Whether the hidden cells' sum, which the total gives away, says too much about them.

    Hidden cells are known not to be empty, so as many students as cells would mean one in each.
    """
    return len(hidden) == 1 or sum(hidden) < FEWEST_SHOWN or sum(hidden) == len(hidden)
