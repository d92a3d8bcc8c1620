"""Making one PDF of a frozen row: inside limits, kept for good, and once however often its job runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from portal.documents.domain import issuing
from portal.documents.models import Document
from portal.jobs.domain import JobFailed
from portal.pdf.bounded import produce
from portal.pdf.render import RenderFailed

STEPS = 3
PDF = "application/pdf"
# How long a mail waits for its PDF, which takes a few seconds; after that it goes with the link alone.
PATIENCE = timedelta(seconds=90)


class _Known(Exception):
    """Another worker kept its copy first."""


def issue_once(
    make: Callable[[Any], bytes],
    gather: Callable[[], Any],
    *,
    at: datetime,
    actor: Any,
    claim: Callable[[Document], int],
    progress: Callable[..., None],
) -> None:
    """Gather the facts of a document (with a `name`), print them with `make`, and keep what comes out.

    `claim` writes the document into the row it belongs to, with all that goes with it, and returns zero when the row
    has one already: then ours is taken back. Raises JobFailed with a sentence when the document cannot be made.
    """
    progress(0, STEPS, "Putting the facts together")
    facts = gather()
    progress(1, STEPS, "Setting the pages")
    try:
        pages = produce(make, facts, beat=lambda: progress(1, STEPS, "Setting the pages"))
    except RenderFailed as failure:
        raise JobFailed(str(failure)) from failure
    progress(2, STEPS, "Keeping the document")
    try:
        with issuing(f"{facts.name}.pdf", pages, PDF, at=at, actor=actor) as document:
            if not claim(document):
                raise _Known
    except _Known:
        pass
