"""The book of a docket for the board: asked for, made by a worker, kept for good under the docket's version."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.urls import reverse

from grants import rules
from grants.domain.queries.docket_book import BOOK_JOB, print_of
from grants.models import Docket, DocketBook
from grants.pdf.docket import DocketPrint, docket_pdf
from portal.access import Refused, demand
from portal.activity.domain import record
from portal.documents.domain import issuing
from portal.jobs.domain import JobFailed, enqueue
from portal.jobs.models import Job
from portal.pdf.bounded import produce
from portal.pdf.render import RenderFailed
from portal.record import lock

STEPS = 3
PDF = "application/pdf"


def ask_for_book(docket: Docket, *, actor: Any) -> Job:
    """Have the book made of the docket as it stands. Raises `Refused` when it is there, or the person is no staff."""
    demand(rules.may_read_as_staff(docket, actor))
    if docket.books.filter(docket_version=docket.version).exists():
        raise Refused("The book of this version is there already.")
    key = f"{docket.reference}:{docket.version}"
    title = f"Book of the docket {docket.reference}, version {docket.version}"
    return enqueue(BOOK_JOB, actor=actor, key=key, title=title, docket=docket.reference)


def make_book(
    docket: Docket, *, actor: Any, at: datetime, progress: Callable[..., None], finish: Callable[[dict], None]
) -> dict[str, str]:
    """Make and keep the book of the docket as it stands now, and say where it is; a version has one book.

    Raises JobFailed with a sentence when it cannot be made, also when the docket is changed while it is read.
    """
    progress(0, STEPS, "Putting the docket together")
    facts = print_of(docket, at)
    if Docket.objects.get(pk=docket.pk).version != docket.version:
        raise JobFailed("The docket was changed while its book was being put together. Ask for the book again.")
    if docket.books.filter(docket_version=docket.version).exists():
        return outcome(docket)
    progress(1, STEPS, "Setting the pages")
    try:
        pages = produce(docket_pdf, facts, beat=lambda: progress(1, STEPS, "Setting the pages"))
    except RenderFailed as failure:
        raise JobFailed(str(failure)) from failure
    progress(2, STEPS, "Keeping the document")
    _keep(docket, facts, pages, actor=actor, at=at, finish=finish)
    return outcome(docket)


class _Known(Exception):
    """Another worker kept its copy first."""


def _keep(
    docket: Docket, facts: DocketPrint, pages: bytes, *, actor: Any, at: datetime, finish: Callable[[dict], None]
) -> None:
    """One book a version, also when two workers had the same job: the docket's row is held while it is decided."""
    try:
        with issuing(f"{facts.name}.pdf", pages, PDF, at=at, actor=actor) as document:
            lock(docket)
            if docket.books.filter(docket_version=facts.version).exists():
                raise _Known
            DocketBook.objects.create(
                docket=docket, docket_version=facts.version, document=document, made_by=actor, made_at=at
            )
            finish(outcome(docket))
            summary = f"The book of version {facts.version} was made."
            record(docket, "make_book", actor=actor, at=at, summary=summary, facts={"sha256": document.sha256})
    except _Known:
        pass


def outcome(docket: Docket) -> dict[str, str]:
    """Where the book is, for the job's page."""
    url = reverse("grants:docket-book-file", args=[docket.reference, docket.version])
    return {"url": url, "label": "Download the docket book"}
