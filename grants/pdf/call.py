"""A call as a PDF: everything an applicant has to know, to print and to pass around."""

from __future__ import annotations

from django.template.loader import render_to_string

from grants.pdf.facts import CallFacts
from portal.pdf.render import render
from portal.words import day_words, when_words

TEMPLATE = "pdf/call.html"


def call_pdf(facts: CallFacts) -> bytes:
    """The whole document. The same facts give the same bytes.

    Raises portal.pdf.render.RenderFailed. Call it through `portal.pdf.bounded.produce`: nothing in it is limited.
    """
    name = f"{facts.name}: call for proposals"
    context = {"facts": facts, "title": name, "dates": dates(facts)}
    return render(render_to_string(TEMPLATE, context), title=name, created=facts.issued_at)


def dates(facts: CallFacts) -> list[tuple[str, str]]:
    """The dates and amounts of a call, each with its name."""
    rows = [
        ("Opens", when_words(facts.opens_at, facts.time_zone)),
        ("Closes", when_words(facts.closes_at, facts.time_zone)),
        ("Decision by", day_words(facts.decision_by) if facts.decision_by else ""),
        ("First year starts", day_words(facts.first_year_starts_on)),
        ("Each year", f"up to {facts.yearly_ceiling}"),
        (f"All {facts.years} years", f"up to {facts.total_ceiling}"),
        ("For all awards", facts.envelope),
    ]
    return [(name, words) for name, words in rows if words]
