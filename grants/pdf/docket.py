"""The docket as a book for the board: facts in, bytes out, nothing read from anywhere else."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string

from grants.enums import Decision
from portal.money import ZERO, dollars
from portal.pdf.render import Attachment, render
from portal.words import when_words

TEMPLATE = "pdf/docket.html"
# The drawings' own units: of a meter's length, and of a spread from its left end.
METER, SPREAD_LEFT, SPREAD = Decimal(480), Decimal(8), Decimal(224)


@dataclass(frozen=True)
class Named:
    """A core component by code, and its amount in dollars."""

    code: str
    name: str
    amount: Decimal


@dataclass(frozen=True)
class YearAmounts:
    """One award year: what was asked and what is recommended, by component in the round's order."""

    label: str
    asked: tuple[Decimal, ...]
    recommended: tuple[Decimal, ...]


@dataclass(frozen=True)
class CriterionMean:
    """What the reviewers gave for one criterion: mean to two places, lowest and highest points."""

    name: str
    weight: int
    mean: Decimal
    low: int
    high: int


@dataclass(frozen=True)
class LinePrint:
    """One proposal of the docket. `marks` are those of its submitted reviews, lowest first; texts are as typed."""

    rank: int
    reference: str
    site: str
    where: str
    about: tuple[str, ...]
    title: str
    decision: str
    decision_name: str
    asked: Decimal
    recommended: Decimal
    years: tuple[YearAmounts, ...]
    marks: tuple[Decimal, ...]
    outlier: Decimal | None
    raw_mean: Decimal | None
    weighted_mean: Decimal | None
    normalised: Decimal | None
    criteria: tuple[CriterionMean, ...]
    strengths: tuple[str, ...]
    weaknesses: tuple[str, ...]
    conditions: str
    note: str
    feedback: str
    verdict: str
    verdict_reason: str
    below_cut: bool
    first_below_cut: bool


@dataclass(frozen=True)
class DocketPrint:
    """A docket to print, as it stood at `version`. Amounts in dollars; `left` is what the envelope still holds."""

    portal: str
    foundation: str
    reference: str
    version: int
    title: str
    round_name: str
    state: str
    steps: tuple[tuple[str, str], ...]
    top_score: int
    envelope: Decimal
    committed: Decimal
    elsewhere: Decimal
    left: Decimal
    components: tuple[Named, ...]
    years: tuple[tuple[str, Decimal], ...]
    lines: tuple[LinePrint, ...]
    time_zone: str
    printed_at: datetime

    @property
    def name(self) -> str:
        """`D-2027-0001-7`: the docket and its version."""
        return f"{self.reference}-{self.version}"


def docket_pdf(facts: DocketPrint) -> bytes:
    """The whole book with its figures attached as JSON. The same facts give the same bytes.

    Raises portal.pdf.render.RenderFailed. Call it through `portal.pdf.bounded.produce`: nothing in it is limited.
    """
    file = Attachment(f"{facts.name}.json", _figures(facts), "The figures of this docket, as JSON")
    context = {
        "facts": facts,
        "title": title(facts),
        "printed": when_words(facts.printed_at, facts.time_zone),
        "meter": _meter(facts),
        "share": _share(facts),
        "pages": [_page(facts, line) for line in facts.lines if line.decision != Decision.DECLINE],
        "declines": [_page(facts, line) for line in facts.lines if line.decision == Decision.DECLINE],
        "awards": sum(line.recommended > ZERO for line in facts.lines),
        "file": file,
    }
    return render(render_to_string(TEMPLATE, context), title=title(facts), created=facts.printed_at, attachments=[file])


def title(facts: DocketPrint) -> str:
    """The document's title, as a reader's window shows it."""
    return f"{facts.title}: {facts.reference}, version {facts.version}"


def _share(facts: DocketPrint) -> str:
    together = facts.committed + facts.elsewhere
    return f"{together / facts.envelope * 100:.0f}%" if facts.envelope else ""


def _meter(facts: DocketPrint) -> dict[str, Any]:
    """The envelope as a bar, a piece for each component; a docket beyond the envelope ends where the bar does."""
    pieces, start = [], Decimal(0)
    for each in facts.components:
        length = min(each.amount / facts.envelope * METER, METER - start) if facts.envelope else Decimal(0)
        pieces.append({"code": each.code, "x": f"{start:.2f}", "width": f"{length:.2f}"})
        start += length
    said = ", ".join(f"{each.name} {dollars(each.amount)}" for each in facts.components) or "nothing yet"
    return {"pieces": pieces, "description": f"{said}, of {dollars(facts.envelope)}."}


def _page(facts: DocketPrint, line: LinePrint) -> dict[str, Any]:
    """A line with its table: a row a year and one for all five, each cell what was asked and what is recommended."""
    rows = [(year.label, list(zip(year.asked, year.recommended, strict=True))) for year in line.years]
    together = [tuple(map(_sum, zip(*cells, strict=True))) for cells in zip(*(cells for _, cells in rows), strict=True)]
    return {
        "line": line,
        "key": line.reference.lower(),
        "rows": [(label, [*cells, tuple(map(_sum, zip(*cells, strict=True)))]) for label, cells in rows],
        "total": [*together, tuple(map(_sum, zip(*together, strict=True)))],
        "spread": _spread(facts, line),
    }


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)


def _spread(facts: DocketPrint, line: LinePrint) -> dict[str, Any] | None:
    if not line.marks:
        return None
    step = SPREAD / (facts.top_score - 1)
    dots = [
        {"x": f"{SPREAD_LEFT + step * (mark - 1):.2f}", "outlier": line.outlier is not None and mark == line.outlier}
        for mark in line.marks
    ]
    ticks = [
        {"x": f"{SPREAD_LEFT + step * (number - 1):.2f}", "text": str(number)}
        for number in range(1, facts.top_score + 1)
    ]
    said = ", ".join(f"{mark:.2f}" for mark in line.marks)
    apart = " The reviewers are split." if line.outlier is not None else ""
    return {"dots": dots, "ticks": ticks, "description": f"Marks {said} on a scale of 1 to {facts.top_score}.{apart}"}


def _figures(facts: DocketPrint) -> bytes:
    """Everything countable of the book, one spelling for the same facts."""
    lines = [
        asdict(line) | {"years": [asdict(year) for year in line.years], "verdict_reason": "", "note": ""}
        for line in facts.lines
    ]
    said = asdict(facts) | {"lines": lines, "printed_at": facts.printed_at.isoformat()}
    return json.dumps(said, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True, indent=1).encode()
