"""What the board's book of a docket says, and whether the docket has changed since it was made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db.models import Count, Max, Min, Sum, prefetch_related_objects

from grants.domain.queries import docket_money as money
from grants.domain.queries.docket import Row, Table, table
from grants.enums import Decision, DocketState, LineVerdict, PointKind, ReviewKind, ReviewState
from grants.models import Criterion, Docket, DocketBook, Score
from grants.pdf.docket import CriterionMean, DocketPrint, LinePrint, Named, YearAmounts
from portal.jobs.models import Job
from portal.money import ZERO
from portal.programme import YEAR_NUMBERS
from portal.words import counted, when_words
from sites.models import Component

BOOK_JOB = "docket-book"
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Shelf:
    """The books of a docket: the newest first, the job that makes one while it runs or after it failed."""

    books: tuple[DocketBook, ...]
    job: Job | None
    busy: bool  # whether one is being made, for whomever
    is_current: bool  # whether the newest book is of the docket as it stands

    @property
    def latest(self) -> DocketBook | None:
        return self.books[0] if self.books else None


def shelf_of(docket: Docket, user) -> Shelf:
    """The books with the person's own job. Two queries."""
    books = tuple(docket.books.select_related("document", "made_by"))
    last = Job.objects.filter(kind=BOOK_JOB, key__startswith=f"{docket.reference}:").order_by("-created_at").first()
    current = bool(books) and books[0].docket_version == docket.version
    if last is None or not (last.is_live or (last.failure and not current)):
        return Shelf(books, None, False, current)
    return Shelf(books, last if last.created_by_id == user.pk else None, last.is_live, current)


def print_of(docket: Docket, at: datetime) -> DocketPrint:
    """Everything the book says. A fixed number of queries."""
    shown = table(docket)
    components = list(Component.objects.all())
    keys = [row.line.proposal_id for row in shown.rows]
    asked, means = money.asked_of(keys), _criterion_means(docket)
    prefetch_related_objects([row.line for row in shown.rows], "points")
    spans = money.school_years(docket.round)
    return DocketPrint(
        portal=settings.PORTAL_NAME,
        foundation=settings.FOUNDATION_NAME,
        reference=docket.reference,
        version=docket.version,
        title=docket.title,
        round_name=str(docket.round),
        state=docket.get_state_display(),
        steps=_steps(docket),
        top_score=docket.round.top_score,
        envelope=docket.round.envelope,
        committed=shown.committed,
        elsewhere=shown.elsewhere,
        left=shown.envelope - shown.together,
        components=_all_parts(shown, components),
        years=tuple((f"Year {number} ({bar.label})", bar.total) for number, bar in enumerate(shown.bars, 1)),
        lines=tuple(
            _line(row, asked.get(row.line.proposal_id, {}), means[row.line.proposal_id], components, spans)
            for row in shown.rows
        ),
        time_zone=docket.round.time_zone,
        printed_at=at,
    )


def _all_parts(shown: Table, components: list[Component]) -> tuple[Named, ...]:
    """Every component, also those without money, so that the columns of all tables are the same."""
    found = {part.code: part.amount for part in shown.parts}
    return tuple(Named(each.code, each.name, found.get(each.code, ZERO)) for each in components)


def _steps(docket: Docket) -> tuple[tuple[str, str], ...]:
    zone = docket.round.time_zone
    rows = [("Prepared", f"by {docket.prepared_by}, {when_words(docket.created_at, zone)}")]
    if docket.sent_at:
        rows.append(("Sent", f"by {docket.sent_by}, {when_words(docket.sent_at, zone)}"))
    if docket.approved_at:
        rows.append(("Approved", f"by {docket.approved_by}, {when_words(docket.approved_at, zone)}"))
    return tuple(rows)


def _line(
    row: Row,
    asked: money.Grid,
    criteria: tuple[CriterionMean, ...],
    components: list[Component],
    spans: Mapping[int, str],
) -> LinePrint:
    line, site = row.line, row.line.proposal.site
    grid = {(each.year, each.component_id): each.amount for each in line.amounts.all()} if line.commits else {}
    points = list(line.points.all())
    about = []
    if schools := getattr(line, "school_count", 0):  # annotated by `lines_of`
        about.append(counted(schools, "school"))
    if site.students:
        about.append(f"{site.students:,} students")
    if site.fiscal_agent:
        about.append(f"paid to {site.fiscal_agent}")
    said = line.verdict != LineVerdict.OPEN and line.docket.state != DocketState.DRAFT
    return LinePrint(
        rank=line.rank,
        reference=line.proposal.reference,
        site=str(site),
        where=str(site.where),
        about=tuple(about),
        title=str(line.proposal),
        decision=Decision(line.decision).value,
        decision_name=line.get_decision_display(),
        asked=line.proposal.amount_requested,
        recommended=line.amount if line.commits else ZERO,
        years=tuple(
            YearAmounts(
                f"Year {year} ({spans[year]})",
                tuple(asked.get((year, each.code), ZERO) for each in components),
                tuple(grid.get((year, each.code), ZERO) for each in components),
            )
            for year in YEAR_NUMBERS
        ),
        marks=row.marks,
        outlier=row.outlier,
        raw_mean=row.plain_mean,
        weighted_mean=row.raw_mean,
        normalised=row.normalised,
        criteria=criteria,
        strengths=tuple(each.text for each in points if each.kind == PointKind.STRENGTH),
        weaknesses=tuple(each.text for each in points if each.kind == PointKind.WEAKNESS),
        conditions=line.conditions,
        note=line.note,
        feedback=line.feedback,
        verdict=line.get_verdict_display() if said else "",
        verdict_reason=line.verdict_reason if said else "",
        below_cut=row.below_cut,
        first_below_cut=row.first_below_cut,
    )


def _criterion_means(docket: Docket) -> dict[int, tuple[CriterionMean, ...]]:
    """What the submitted reviews gave for each criterion, by the proposal's key. Two queries."""
    criteria = {each.pk: each for each in Criterion.objects.filter(round=docket.round_id)}
    given = Score.objects.filter(
        review__proposal__in=docket.lines.values("proposal"),
        review__kind=ReviewKind.REAL,
        review__state=ReviewState.SUBMITTED,
        criterion__in=criteria,
    ).exclude(points=None)
    rows = given.order_by("criterion__position", "criterion").values_list("review__proposal", "criterion")
    found: dict[int, list[CriterionMean]] = defaultdict(list)
    for proposal, key, points, number, low, high in rows.annotate(
        sum=Sum("points"), number=Count("pk"), low=Min("points"), high=Max("points")
    ):
        each = criteria[key]
        mean = (Decimal(points) / number).quantize(_CENT)
        found[proposal].append(CriterionMean(each.name, each.weight, mean, low, high))
    return defaultdict(tuple, {proposal: tuple(rows) for proposal, rows in found.items()})
