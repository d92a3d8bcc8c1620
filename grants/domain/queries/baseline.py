"""Baseline results as a content tells them: counts with the shares and gaps that follow, and protected for outsiders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from grants.enums import Section
from grants.models import BaselineTable
from sites.enums import PARTITIONS, StudentGroup
from sites.suppression import hidden_groups, is_exact, shown_group

_TENTH = Decimal("0.1")
# A group of whom the state withholds a number is taken for one of a single student: what else there is must protect it.
_WITHHELD = 1


def tell(table: BaselineTable, results: Iterable[tuple[str, Sequence[int | None]]]) -> dict[str, Any]:
    """One table as JSON: `results` are counts by group, lowest level first, None where the state withholds one.

    What follows from a count that is not known is None as well, never 0.
    """
    groups = [_group(code, counts, table.proficient_from) for code, counts in results]
    return {
        "subject": table.subject,
        "subject_name": table.get_subject_display(),
        "grade_band": table.grade_band,
        "grades_name": table.get_grade_band_display(),
        "school_year": table.school_year,
        "test_name": table.test_name,
        "level_names": list(table.level_names),
        "proficient_from": table.proficient_from,
        "groups": groups,
        "gaps": gaps_between({each["group"]: each["proficient"] for each in groups}),
    }


def gaps_between(shares: Mapping[str, str | None]) -> list[dict[str, str]]:
    """The widest difference in each way of parting all students (race, English learners, …), in points.

    `shares` are percents at or above the cut by group, as they are shown; groups without one are left out.
    """
    found = []
    for partition in PARTITIONS:
        known = [(Decimal(share), code) for code in partition if (share := shares.get(code.value)) is not None]
        if len(known) > 1:
            (low, lower), (high, higher) = min(known, key=_share), max(known, key=_share)
            if high > low:
                found.append(
                    {
                        "higher": higher.label,
                        "higher_percent": str(high),
                        "lower": lower.label,
                        "lower_percent": str(low),
                        "points": str(high - low),
                    }
                )
    return found


def compared_groups(tables: Iterable[Mapping[str, Any]]) -> int:
    """The most student groups with numbers that any of these told tables has."""
    return max((sum(1 for each in table["groups"] if each["students"]) for table in tables), default=0)


def protected(content: dict[str, Any], *, blind: bool) -> dict[str, Any]:
    """The content for readers outside the team and the foundation: shares only, coded and hidden where a group is small.

    `blind` takes the test's name away as well, because it tells the state.
    """
    return content | {"baseline": [_protected(table, blind) for table in content.get("baseline", [])]}


def is_baseline(section: Mapping[str, Any]) -> bool:
    """Whether a section of a content is the one the tables belong to."""
    return section["key"] == Section.BASELINE


def percent(part: int, whole: int) -> str:
    """A share of 100 with one decimal, rounded half up."""
    return str((Decimal(100 * part) / whole).quantize(_TENTH, ROUND_HALF_UP))


def _share(pair: tuple[Decimal, StudentGroup]) -> Decimal:
    return pair[0]


def _group(code: str, counts: Sequence[int | None], proficient_from: int) -> dict[str, Any]:
    known = [count for count in counts if count is not None]
    students = sum(known) if len(known) == len(counts) else None
    return {
        "group": code,
        "name": StudentGroup(code).label,
        "counts": list(counts),
        "students": students,
        "proficient": percent(sum(known[proficient_from - 1 :]), students) if students else None,
    }


def _protected(table: dict[str, Any], blind: bool) -> dict[str, Any]:
    sizes = {each["group"]: _WITHHELD if each["students"] is None else each["students"] for each in table["groups"]}
    hidden = hidden_groups(sizes)
    groups, shares = [], {}
    for each in table["groups"]:
        known = each["students"] is not None
        counts = each["counts"] if known else [_WITHHELD]
        shown = shown_group(counts, table["proficient_from"] if known else 1, hidden=each["group"] in hidden)
        groups.append(
            {"name": each["name"], "size": shown.size, "levels": shown.levels, "proficient": shown.proficient}
        )
        shares[each["group"]] = shown.proficient.removesuffix(" %") if is_exact(shown.proficient) else None
    return table | {
        "test_name": "" if blind else table["test_name"],
        "protected": True,
        "groups": groups,
        "gaps": gaps_between(shares),
    }
