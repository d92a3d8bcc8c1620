"""Where a coalition starts: saving tables of results by student group and achievement level."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from grants import rules
from grants.domain.queries.dossier import Dossier
from grants.domain.section import OpenSection, Saved, open_section
from grants.enums import Section
from grants.models import BaselineResult, BaselineTable, Proposal
from portal.access import demand
from sites.enums import GradeBand, StudentGroup, Subject
from sites.identifiers import first_year

FEWEST_LEVELS, MOST_LEVELS = 2, 6
MOST_STUDENTS = 10_000_000
LONGEST_LEVEL_NAME = 60
LONGEST_TEST_NAME = 120
MOST_TABLES = 24


@dataclass(frozen=True)
class Place:
    """What tells one table of a proposal from another."""

    subject: str
    grade_band: str
    school_year: str

    def __str__(self):
        grades = GradeBand(self.grade_band).label.lower()
        return f"{Subject(self.subject).label}, {grades}, {self.school_year}"


@dataclass(frozen=True)
class TableFacts:
    """One table as it is to be: students by group, lowest level first, None where the state withholds a number."""

    place: Place
    level_names: Sequence[str]
    proficient_from: int
    counts: Mapping[str, Sequence[int | None]] = field(default_factory=dict)
    test_name: str = ""


def save_table(
    proposal: Proposal,
    facts: TableFacts,
    *,
    actor: Any,
    at: datetime,
    version: int,
    editor: str = "",
    replaces: Place | None = None,
) -> Saved:
    """Save one table; `replaces` is where it stood before, None for a new one.

    Raises ValidationError keyed by field when numbers and levels do not fit together or another table stands in that
    place already, `Stale` when somebody else saved a table since `version`, `Refused` when it is not allowed.
    """
    with _opened(proposal, actor, at, version, editor) as section:
        check_table(facts)
        known = _tables(section.proposal)
        if facts.place in known and facts.place != replaces:
            raise ValidationError({"subject": f"You have a table of {facts.place} already. Change it there."})
        if replaces not in known and len(known) >= MOST_TABLES:
            raise ValidationError({"subject": f"A proposal has at most {MOST_TABLES} tables."})
        before = known.get(replaces) if replaces else None
        section.changed = before is None or _facts_of(before) != _plain(facts)
        if section.changed:
            if before is not None:
                before.delete()
            _write([facts], section.proposal)
    return section.saved


def add_results(
    proposal: Proposal,
    tables: Sequence[TableFacts],
    *,
    actor: Any,
    at: datetime,
    version: int,
    editor: str = "",
) -> Saved:
    """Take imported tables in: a new place becomes a table, in one that is there the imported groups replace their own.

    A table with other levels than the imported ones is replaced as a whole. Raises as `save_table`.
    """
    with _opened(proposal, actor, at, version, editor) as section:
        known = _tables(section.proposal)
        merged = [_merged(known.get(facts.place), facts) for facts in tables]
        for facts in merged:
            check_table(facts)
        if len(known.keys() | {facts.place for facts in merged}) > MOST_TABLES:
            raise ValidationError({"subject": f"A proposal has at most {MOST_TABLES} tables."})
        differing = [each for each in merged if each.place not in known or _facts_of(known[each.place]) != _plain(each)]
        section.changed = bool(differing)
        for facts in differing:
            if facts.place in known:
                known[facts.place].delete()
        _write(differing, section.proposal)
    return section.saved


def remove_table(proposal: Proposal, place: Place, *, actor: Any, at: datetime, version: int) -> Saved:
    """Take one table out of the proposal; when it is gone already, nothing changes. Raises as `save_table`."""
    with _opened(proposal, actor, at, version, "") as section:
        known = _tables(section.proposal)
        section.changed = place in known
        if place in known:
            known[place].delete()
    return section.saved


def baseline_state(dossier: Dossier) -> dict[str, Any]:
    """All tables of a proposal as JSON, for revisions: what `restore_baseline` writes back."""
    return {"tables": dossier.baseline}


def restore_baseline(proposal: Proposal, state: Mapping[str, Any]) -> bool:
    """Write the tables of a `baseline_state` (or a content's `baseline` as its `tables`) back on a locked proposal.

    Returns whether anything changed. The caller has asked whether it is allowed.
    """
    wanted = [_from_told(told) for told in state["tables"]]
    known = _tables(proposal)
    if {place: _facts_of(table) for place, table in known.items()} == {each.place: _plain(each) for each in wanted}:
        return False
    BaselineTable.objects.filter(proposal=proposal).delete()
    _write(wanted, proposal)
    return True


def check_table(facts: TableFacts) -> None:
    """Raise ValidationError keyed by field unless levels and counts fit together."""
    _check_place(facts.place)
    names = [name.strip() for name in facts.level_names]
    if not FEWEST_LEVELS <= len(names) <= MOST_LEVELS:
        raise ValidationError({"level_names": f"Give {FEWEST_LEVELS} to {MOST_LEVELS} levels."})
    if not all(0 < len(name) <= LONGEST_LEVEL_NAME for name in names):
        raise ValidationError({"level_names": f"Give every level a name of at most {LONGEST_LEVEL_NAME} characters."})
    if len({name.lower() for name in names}) != len(names):
        raise ValidationError({"level_names": "Two levels have the same name."})
    if not FEWEST_LEVELS <= facts.proficient_from <= len(names):
        raise ValidationError({"proficient_from": f"Choose a level from {FEWEST_LEVELS} to {len(names)}."})
    if len(facts.test_name) > LONGEST_TEST_NAME:
        raise ValidationError({"test_name": f"Shorten the name to {LONGEST_TEST_NAME} characters."})
    if not facts.counts:
        raise ValidationError({"counts": "Enter the number of students at each level for at least one group."})
    for group, row in facts.counts.items():
        _check_row(group, row, len(names))


def _check_place(place: Place) -> None:
    if place.subject not in Subject.values:
        raise ValidationError({"subject": "Choose a subject."})
    if place.grade_band not in GradeBand.values:
        raise ValidationError({"grade_band": "Choose the grades."})
    try:
        first_year(place.school_year)
    except ValidationError as error:
        raise ValidationError({"school_year": error.messages}) from error


def _check_row(group: str, row: Sequence[int | None], levels: int) -> None:
    if group not in StudentGroup.values:
        raise ValidationError({"counts": "Choose student groups of the list."})
    name = StudentGroup(group).label
    known = [count for count in row if count is not None]
    if len(row) != levels:
        raise ValidationError({"counts": f"{name}: enter a number for each of the {levels} levels."})
    if any(not 0 <= count <= MOST_STUDENTS for count in known):
        raise ValidationError({"counts": f"{name}: numbers of students go from 0 to {MOST_STUDENTS:,}."})
    if len(known) == levels and not any(known):
        raise ValidationError({"counts": f"{name}: nobody was tested. Leave the whole line empty."})


@contextmanager
def _opened(proposal: Proposal, actor: Any, at: datetime, version: int, editor: str) -> Iterator[OpenSection]:
    demand(rules.may_write(proposal, actor))
    key = Section.BASELINE.value
    with open_section(proposal, key, actor=actor, at=at, version=version, editor=editor, autosave=False) as section:
        section.state = _STATE
        yield section


_STATE: Callable[[Dossier], dict[str, Any]] = baseline_state


def _tables(proposal: Proposal) -> dict[Place, BaselineTable]:
    rows = BaselineTable.objects.filter(proposal=proposal).prefetch_related("results")
    return {Place(each.subject, each.grade_band, each.school_year): each for each in rows}


def _facts_of(table: BaselineTable) -> TableFacts:
    place = Place(table.subject, table.grade_band, table.school_year)
    counts = {each.group: list(each.counts) for each in table.results.all()}
    return TableFacts(place, list(table.level_names), table.proficient_from, counts, table.test_name)


def _plain(facts: TableFacts) -> TableFacts:
    """The facts as they are stored, for comparing."""
    names = [name.strip() for name in facts.level_names]
    counts = {group: list(facts.counts[group]) for group in StudentGroup.values if group in facts.counts}
    return TableFacts(facts.place, names, facts.proficient_from, counts, " ".join(facts.test_name.split()))


def _merged(table: BaselineTable | None, facts: TableFacts) -> TableFacts:
    if table is None or [name.lower() for name in table.level_names] != [name.lower() for name in facts.level_names]:
        return facts
    known = _facts_of(table)
    name = facts.test_name or known.test_name
    return TableFacts(facts.place, facts.level_names, facts.proficient_from, {**known.counts, **facts.counts}, name)


def _from_told(told: Mapping[str, Any]) -> TableFacts:
    return TableFacts(
        Place(told["subject"], told["grade_band"], told["school_year"]),
        told["level_names"],
        told["proficient_from"],
        {each["group"]: each["counts"] for each in told["groups"]},
        told["test_name"],
    )


def _write(tables: Sequence[TableFacts], proposal: Proposal) -> None:
    for facts in map(_plain, tables):
        table = BaselineTable.objects.create(
            proposal=proposal,
            subject=facts.place.subject,
            grade_band=facts.place.grade_band,
            school_year=facts.place.school_year,
            test_name=facts.test_name,
            level_names=facts.level_names,
            proficient_from=facts.proficient_from,
        )
        BaselineResult.objects.bulk_create(
            BaselineResult(table=table, group=group, counts=counts) for group, counts in facts.counts.items()
        )


def fingerprint(told: Mapping[str, Any]) -> str:
    """A short sign of what a told table says, by which a page knows whether a colleague changed it."""
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def group_name(code: str) -> str:
    """What a student group is called."""
    return StudentGroup(code).label
