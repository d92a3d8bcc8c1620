"""Invented numbers of an application: results by student group, why a budget's lines are needed, what partners give."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from random import Random

from grants.domain.baseline import Place, TableFacts
from grants.domain.queries.budget import MatchRow
from grants.enums import BudgetCategory, MatchKind
from portal import programme
from sites.enums import PartnerKind, Subject

LEVELS = ("Beginning", "Nearing", "Proficient", "Advanced")
# How the students of a group spread over the levels, in percent, and their share of all students.
_SPREADS = {
    "hispanic": ((34, 31, 25, 10), 26),
    "black": ((36, 30, 24, 10), 17),
    "asian": ((14, 22, 36, 28), 5),
    "white": ((19, 26, 35, 20), 47),
    "american_indian": ((40, 30, 22, 8), 1),
    "disadvantaged": ((37, 31, 23, 9), 52),
    "not_disadvantaged": ((15, 24, 38, 23), 48),
    "english_learner": ((52, 29, 15, 4), 11),
    "not_english_learner": ((23, 27, 32, 18), 89),
}
_WHY = {
    BudgetCategory.PERSONNEL: "One coordinator at the district and release time for the union's co-lead, at scale.",
    BudgetCategory.LEARNING: "Six days a year of joint training for teachers and principals, with substitutes.",
    BudgetCategory.CONTRACTS: "Coaches for the school teams, forty days a year, less each year as teachers take over.",
    BudgetCategory.MATERIALS: "Books and measuring tools for the classrooms of the schools named, bought once.",
    BudgetCategory.TRAVEL: "Visits between schools and the yearly meeting of all sites.",
    BudgetCategory.ENGAGEMENT: "Food, child care and interpreters at twelve family evenings a year.",
    BudgetCategory.EVALUATION: "An outside evaluator from the state university, and pulling the data together.",
    BudgetCategory.INDIRECT: "The district's agreed rate for what it spends on running all programs.",
}


def results_of(students: int, random: Random, year: str) -> list[TableFacts]:
    """Two tables of last year's results for a district of that size."""
    tables = []
    for subject in (Subject.MATHEMATICS, Subject.ELA):
        counts: dict[str, list[int | None]] = {}
        for group, (spread, share) in _SPREADS.items():
            tested = max(12, students * share // 220)
            counts[group] = [max(0, tested * (part + random.randint(-3, 3)) // 100) for part in spread]
        counts["american_indian"] = [None, *counts["american_indian"][1:]]
        tables.append(TableFacts(Place(subject, "3-8", year), LEVELS, 3, counts, "State Assessment of Progress"))
    return tables


def notes_of(places: Iterable[tuple[str, str, int]]) -> dict[tuple[str, str], str]:
    """Why each line of a budget is needed."""
    return {(code, category): _WHY[BudgetCategory(category)] for code, category, _ in places}


def match_of(partners) -> list[MatchRow]:
    """What the community partners give, and the district's rooms."""
    rows = []
    for partner in partners:
        if partner.kind == PartnerKind.DISTRICT:
            amounts = dict.fromkeys(programme.YEAR_NUMBERS, Decimal("12000.00"))
            rows.append(MatchRow(partner.name, MatchKind.IN_KIND, "Rooms and data staff, half a day a week", amounts))
        elif partner.kind == PartnerKind.COMMUNITY and not any(row.kind == MatchKind.CASH for row in rows):
            amounts = {year: Decimal(5000 * (6 - year)) for year in programme.YEAR_NUMBERS}
            rows.append(MatchRow(partner.name, MatchKind.CASH, "Family evenings", amounts))
    return rows
