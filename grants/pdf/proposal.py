"""A proposal as a PDF, as it was submitted or as it stands: facts in, bytes out, nothing read from anywhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.template.loader import render_to_string

from portal.pdf.render import Attachment, render
from portal.words import when_words

TEMPLATE = "pdf/proposal.html"


@dataclass(frozen=True)
class Receipt:
    """What a submission's receipt says; `earlier` are number and instant of the submissions it replaced."""

    number: int
    at: datetime
    by: str
    sha256: str
    earlier: tuple[tuple[int, datetime], ...] = ()


@dataclass(frozen=True)
class ProposalPrint:
    """A proposal to print. `content` is a content of `grants.domain.content`, `canonical` its one spelling, attached.

    `mark` is said on every page (“Draft, not submitted”); empty under a receipt. `printed_at` dates the document.
    """

    portal: str
    foundation: str
    content: dict[str, Any]
    canonical: bytes
    time_zone: str
    printed_at: datetime
    mark: str = ""
    receipt: Receipt | None = None

    @property
    def name(self) -> str:
        """`P-2026-0042-2` for a submission, `P-2026-0042-draft` for what was not submitted."""
        return f"{self.content['reference']}-{self.receipt.number if self.receipt else 'draft'}"


def proposal_pdf(facts: ProposalPrint) -> bytes:
    """The whole document with its content attached as JSON. The same facts give the same bytes.

    Raises portal.pdf.render.RenderFailed. Call it through `portal.pdf.bounded.produce`: nothing in it is limited.
    """
    file = Attachment(f"{facts.name}.json", facts.canonical, "Everything in this proposal, as JSON")
    content, zone = facts.content, facts.time_zone
    context = {
        "facts": facts,
        "content": content,
        "title": title(facts),
        "heading": heading(content),
        "printed": when_words(facts.printed_at, zone),
        "received": when_words(facts.receipt.at, zone) if facts.receipt else "",
        "earlier": [(number, when_words(at, zone)) for number, at in facts.receipt.earlier] if facts.receipt else [],
        "file": file,
        "digest": sha256(facts.canonical).hexdigest(),
    }
    return render(render_to_string(TEMPLATE, context), title=title(facts), created=facts.printed_at, attachments=[file])


def heading(content: dict[str, Any]) -> str:
    """The proposal's title, or its number while it has none."""
    return content["title"].strip() or content["reference"]


def title(facts: ProposalPrint) -> str:
    """The document's title, as a reader's window shows it."""
    what = f"submission {facts.receipt.number}" if facts.receipt else facts.mark
    return f"{heading(facts.content)}: {facts.content['reference']}, {what}"
