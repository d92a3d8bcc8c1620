"""Taking the review matrix of a round along as a file: exactly what is shown, and the log keeps who took it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from grants import rules
from grants.domain.queries import matrix
from grants.domain.queries.matrix_figures import Figures
from grants.domain.queries.matrix_standings import MEASURES
from grants.models import FundingRound
from portal.access import Refused, demand
from portal.activity.domain import record
from portal.exports import Sheet, csv_bytes, workbook_bytes
from portal.words import counted

CSV, XLSX = "csv", "xlsx"
# A workbook of more rows takes seconds to write; a spreadsheet opens the CSV file just as well.
MOST_IN_WORKBOOK = 2000
_AT_ONCE = 1000
_NAMES = {
    "raw": "Raw mean",
    "weighted": "Weighted mean",
    "standardized": "Standardized mean",
    "adjusted": "Adjusted mean",
}


def export_matrix(
    round_: FundingRound, *, kind: str, before: bool, shown: str, sort: str, actor: Any, at: datetime
) -> bytes:
    """The rows of the matrix in their order as a CSV file, or as a workbook with the reviewers and the agreement.

    Raises `Refused` unless somebody of the foundation asks, and for a workbook of too many rows.
    """
    demand(rules.may_read_as_staff(round_, actor))
    with transaction.atomic():
        figures = matrix.figures_of(round_, before=before)
        keys = matrix.chosen(round_, figures, shown=shown, sort=sort)
        if kind == XLSX and len(keys) > MOST_IN_WORKBOOK:
            raise Refused(f"A workbook holds {MOST_IN_WORKBOOK:,} proposals at most. Take the CSV file.")
        people = matrix.reviewers_of(figures, round_)
        columns = [*_COLUMNS, *(str(each.person) for each in people)]
        rows = list(_rows(figures, keys, [each.person.pk for each in people], before=before))
        criteria = matrix.criteria_of(figures, round_)
        record(
            round_,
            "export-matrix",
            actor=actor,
            at=at,
            summary=f"{actor} took the review matrix of {counted(len(rows), 'proposal')} along as a file.",
            facts={"rows": len(rows), "kind": kind, "before": before, "shown": shown},
        )
    if kind == CSV:
        return csv_bytes(columns, rows)
    agreed = [("Overall mark", figures.overall), *((each.criterion.name, each.agreement) for each in criteria)]
    return workbook_bytes(
        [
            Sheet("Proposals", columns, rows, (16, 40, 30, 18)),
            Sheet("Reviewers", _REVIEWER_COLUMNS, [_reviewer(each) for each in people], (30,)),
            Sheet(
                "Agreement",
                ("What", "Krippendorff’s alpha", "Proposals", "Reading"),
                [(name, _figure(each.alpha), each.units, each.reading) for name, each in agreed],
                (30, 20, 12, 70),
            ),
        ]
    )


_COLUMNS = (
    "Number", "Title", "Coalition", "Stage", "Reviews", "Asked",
    *(name for measure in MEASURES for name in (_NAMES[measure], f"Rank by {_NAMES[measure].lower()}")),
    "Group", "Lowest mark", "Highest mark", "Reviewers disagree", "Ranks lie apart",
)  # fmt: skip
_REVIEWER_COLUMNS = ("Reviewer", "Reviews", "Mean", "Standard deviation", "Leniency", "Standard error", "Group")


def _rows(figures: Figures, keys: list[int], people: list[int], *, before: bool) -> Iterator[list[object]]:
    for start in range(0, len(keys), _AT_ONCE):
        columns, rows = matrix.rows_of(figures, keys[start : start + _AT_ONCE], before=before)
        place = {person.pk: number for number, person in enumerate(columns)}
        for row in rows:
            cells = [row.cells[place[pk]] if pk in place else None for pk in people]
            yield [*_standing(row), *(None if each is None else _figure(each.mark) for each in cells)]


def _standing(row: matrix.Row) -> list[object]:
    proposal, found = row.proposal, row.standing
    head = [proposal.reference, proposal.title, proposal.site.name, proposal.get_state_display()]
    if found is None:
        return [*head, 0, row.assigned, *[None] * (2 * len(MEASURES) + 5)]
    measured = [value for each in MEASURES for value in (_figure(found.values[each]), found.ranks[each])]
    flags = ["yes" if each else "no" for each in (found.split, found.apart)]
    return [
        *head,
        found.marks,
        row.assigned,
        *measured,
        found.part + 1,
        _figure(found.low),
        _figure(found.high),
        *flags,
    ]


def _reviewer(row: matrix.ReviewerRow) -> list[object]:
    found = row.figures
    if found is None:
        return [str(row.person), 0, *[None] * 5]
    figures = (found.mean, found.spread, found.leniency, found.error)
    return [str(row.person), found.marks, *map(_figure, figures), found.part + 1]


def _figure(value: float | None) -> Decimal | None:
    """To three places, as a number of the file; None stays an empty cell."""
    return None if value is None else Decimal(f"{value:.3f}")
