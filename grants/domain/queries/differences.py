"""What differs between two contents of one proposal, section by section, in words a person can read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from grants.enums import Section
from grants.models import Submission
from portal.money import dollars

# What a section says, by what it is about: an answer by its question, money by its line.
Sayings = dict[str, str]


@dataclass(frozen=True)
class Difference:
    """One thing that reads differently; an empty text stands for nothing written."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class SectionChange:
    """A section with what differs in it."""

    key: str
    title: str
    rows: tuple[Difference, ...]


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[SectionChange]:
    """The sections that differ, in the order of the later content."""
    was, now = _sayings(before), _sayings(after)
    titles = {each["key"]: each["title"] for content in (before, after) for each in content.get("sections", [])}
    found = []
    for key in [*now, *(each for each in was if each not in now)]:
        rows = _differences(was.get(key, {}), now.get(key, {}))
        if rows:
            found.append(SectionChange(key, titles.get(key) or Section(key).label, rows))
    return found


def changed_by(submission: Submission) -> list[SectionChange]:
    """What a submission says differently from the one before it; nothing for the first. At most one query."""
    if submission.number == 1:
        return []
    before = Submission.objects.filter(proposal=submission.proposal_id, number=submission.number - 1)
    return changes_between(before.values_list("content", flat=True).first() or {}, submission.content)


def _differences(was: Sayings, now: Sayings) -> tuple[Difference, ...]:
    labels = [*now, *(each for each in was if each not in now)]
    pairs = [Difference(each, was.get(each, ""), now.get(each, "")) for each in labels]
    return tuple(each for each in pairs if each.before != each.after)


def _sayings(content: Mapping[str, Any]) -> dict[str, Sayings]:
    """Everything a content says by the section's key. A content of nothing says nothing."""
    found: dict[str, Sayings] = {}
    for section in content.get("sections", []):
        said = {each["prompt"]: each["text"] for each in section["answers"]}
        milestones = "\n".join(_milestone(each) for each in section["milestones"])
        if milestones:
            said["Milestones"] = milestones
        found[section["key"]] = said
    if not content:
        return found
    found.setdefault(Section.COALITION, {}).update({"Title": content["title"]} | _coalition(content["coalition"]))
    found.setdefault(Section.NEED, {})["Key issues"] = _lines(each["name"] for each in content["key_issues"])
    found.setdefault(Section.BASELINE, {}).update(_baseline(content.get("baseline", [])))
    found[Section.BUDGET.value] = _budget(content["budget"])
    found[Section.ATTACHMENTS.value] = {each["title"]: each["name"] for each in content["attachments"]}
    found[Section.SIGNOFFS.value] = {
        each["partner"]: f"{each['name']}, {each['title']}\n{each['when']}" for each in content["sign_offs"]
    }
    return found


def _milestone(row: Mapping[str, Any]) -> str:
    measure = f" ({row['measure']})" if row["measure"] else ""
    return f"Year {row['year']}: {row['text']}{measure}"


def _coalition(record: Mapping[str, Any]) -> Sayings:
    return {
        "Name": record["name"],
        "Place": f"{record['place']} {record['state']}".strip(),
        "Students": "" if record["students"] is None else f"{record['students']:,}",
        "Story": record["story"],
        "Fiscal agent": record["fiscal_agent"],
        "Partners": _lines(f"{each['name']}, {each['kind_name'].lower()}" for each in record["partners"]),
        "Schools": _lines(each["name"] for each in record["schools"]),
    }


def _baseline(tables: Iterable[Mapping[str, Any]]) -> Sayings:
    said = {}
    for table in tables:
        name = f"{table['subject_name']}, {table['grades_name']}, {table['school_year']}"
        head = f"{table['test_name']}: {', '.join(table['level_names'])}"
        rows = (f"{each['name']}: {_counts(each['counts'])}" for each in table["groups"])
        said[name] = _lines([head, *rows])
    return said


def _counts(counts: Iterable[int | None]) -> str:
    return ", ".join("withheld" if each is None else f"{each:,}" for each in counts)


def _budget(budget: Mapping[str, Any]) -> Sayings:
    said = {"All five years": _money(budget["total"])}
    for component in budget["components"]:
        for line in component["lines"]:
            name = f"{component['name']}: {line['name']}"
            years = ", ".join(f"year {year} {_money(each)}" for year, each in enumerate(line["years"], start=1))
            said[name] = _lines([years, line.get("note", "")])
    for row in budget.get("match", {}).get("rows", []):
        years = ", ".join(f"year {year} {_money(each)}" for year, each in enumerate(row["years"], start=1))
        said[f"{row['partner']}: {row['what']}"] = f"{row['kind_name']}: {years}"
    return said


def _money(text: str) -> str:
    return dollars(Decimal(text))


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(filter(None, texts))
