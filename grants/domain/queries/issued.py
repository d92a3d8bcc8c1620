"""How far a document is that a job makes of a frozen row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.jobs.enums import JobState
from portal.jobs.models import Job


@dataclass(frozen=True)
class IssuedPdf:
    """`ready`; or being made, by `job` where this person may see it; or `failed`, and perhaps theirs to ask `again`."""

    ready: bool
    job: Job | None = None
    failed: bool = False
    again: bool = False


def pdf_of(kind: str, key: str, user: Any, *, ready: bool, may_ask_again: Any) -> IssuedPdf:
    """For anybody who may read the row; the job itself is shown to those who may see jobs. At most two queries."""
    if ready:
        return IssuedPdf(ready=True)
    latest = Job.objects.filter(kind=kind, key=key).order_by("-created_at").first()
    if latest is None or (not latest.is_live and latest.state != JobState.DONE):
        return IssuedPdf(ready=False, failed=True, again=bool(may_ask_again))
    return IssuedPdf(ready=False, job=Job.objects.visible_to(user).filter(pk=latest.pk).first())
