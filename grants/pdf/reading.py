"""A proposal for its reviewer to read offline, with a blank scoring sheet: facts in, bytes out, no file attached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.template.loader import render_to_string

from grants.pdf.facts import RubricLine
from portal.pdf.render import render
from portal.words import when_words

TEMPLATE = "pdf/reading.html"


@dataclass(frozen=True)
class ReadingPrint:
    """What a reading copy says. `content` is what this reviewer may see; `blind` when that is without names.

    `review` is the review's reference, by which the copy is called; `heading` the title, or a neutral one.
    """

    portal: str
    foundation: str
    round: str
    review: str
    proposal: str
    heading: str
    reader: str
    content: dict[str, Any]
    blind: bool
    rubric: tuple[RubricLine, ...]
    top_score: int
    due_on: date | None
    time_zone: str
    printed_at: datetime

    @property
    def name(self) -> str:
        """`V-2026-0042-proposal`."""
        return f"{self.review}-proposal"


def reading_pdf(facts: ReadingPrint) -> bytes:
    """The whole document, tagged, with nothing attached. The same facts give the same bytes.

    Raises portal.pdf.render.RenderFailed. Call it through `portal.pdf.bounded.produce`: nothing in it is limited.
    """
    title = f"{facts.heading}: reading copy for review {facts.review}"
    context = {
        "facts": facts,
        "content": facts.content,
        "title": title,
        "printed": when_words(facts.printed_at, facts.time_zone),
    }
    return render(render_to_string(TEMPLATE, context), title=title, created=facts.printed_at)
