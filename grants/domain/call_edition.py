"""Making the files of a call: rendered outside of any transaction, each content once. Workers alone import this."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.urls import reverse

from grants.domain.queries.call import facts_of, fingerprint
from grants.enums import CallFileKind
from grants.models import CallFile, FundingRound
from grants.pdf.call import call_pdf
from grants.word.call import call_template
from portal.documents.domain import issuing
from portal.documents.enums import ContentType
from portal.jobs.domain import JobFailed
from portal.pdf.bounded import produce
from portal.pdf.render import RenderFailed

MAKERS = {
    CallFileKind.PDF: (call_pdf, ContentType.PDF),
    CallFileKind.DOCX: (call_template, ContentType.DOCX),
}


def make_call_files(round_: FundingRound, *, actor: Any, at: datetime, progress: Callable[..., None]) -> dict[str, str]:
    """Make and keep each file the call lacks for what it says now. However often it runs, there is one of each.

    Raises JobFailed with a sentence when one cannot be made.
    """
    facts = facts_of(round_)
    mark = fingerprint(facts)
    there = set(CallFile.objects.filter(round=round_, fingerprint=mark).values_list("kind", flat=True))
    for done, (kind, (make, content_type)) in enumerate(MAKERS.items()):
        progress(done, len(MAKERS), kind.label)
        if kind not in there:
            try:
                content = produce(make, facts, beat=lambda: progress(0, len(MAKERS), "Setting the pages"))
            except RenderFailed as failure:
                raise JobFailed(str(failure)) from failure
            _keep(round_, kind, mark, content, content_type, actor=actor, at=at)
    progress(len(MAKERS), len(MAKERS))
    return {"url": reverse("grants:call-detail", args=[round_.reference]), "label": "See the call"}


def _keep(round_, kind, mark, content: bytes, content_type: str, *, actor: Any, at: datetime) -> None:
    try:
        with issuing(f"{round_.reference}.{kind}", content, content_type, at=at, actor=actor) as document:
            CallFile.objects.create(round=round_, kind=kind, fingerprint=mark, document=document, made_at=at)
    except IntegrityError:
        # Another worker kept its copy first; ours was taken back with the transaction.
        return
