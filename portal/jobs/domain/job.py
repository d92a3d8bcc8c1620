"""Asking for work, ringing for it, and calling it off."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from portal import clock
from portal.access import demand
from portal.activity.domain import record
from portal.jobs.enums import JobState
from portal.jobs.models import Job
from portal.jobs.rules import may_cancel
from portal.record import lock
from portal.ring import ring_on_commit

RUN = "portal.jobs.tasks.run"


def enqueue(kind: str, *, actor: Any, key: str, title: str = "", **facts: Any) -> Job:
    """Ask for a job, in the caller's transaction; rings for a worker when that commits.

    While a job of this kind and key is queued or running, that one is returned instead and `facts` are dropped.
    `actor` may be None. `title` is what people read; by default the kind in words.
    """
    with transaction.atomic(savepoint=False):
        job = None
        while job is None:
            asked = Job(
                kind=kind,
                key=key,
                title=title or kind.replace("-", " ").capitalize(),
                facts=facts,
                created_by=actor,
                rung_at=clock.now(),
            )
            # The partial unique index decides between two who ask at once; the loser finds the winner's row, unless
            # it ended in that very moment, and then asks again.
            Job.objects.bulk_create([asked], ignore_conflicts=True)
            job = Job.objects.live().filter(kind=kind, key=key).first()
        if job.pk == asked.pk:
            ring_on_commit(RUN, job_id=str(job.pk))
    return job


def enqueue_first(kind: str, *, actor: Any, key: str, title: str, **facts: Any) -> Job:
    """As `enqueue`, for a key that nobody can have used before (of a row just written): one statement instead of two."""
    with transaction.atomic(savepoint=False):
        job = Job.objects.create(kind=kind, key=key, title=title, facts=facts, created_by=actor, rung_at=clock.now())
        ring_on_commit(RUN, job_id=str(job.pk))
    return job


def cancel(job: Job, *, actor: Any, at: datetime) -> Job:
    """Call off a job that has not ended. A worker on it notices at its next sign of life and rolls back.

    Raises `Refused` when the person may not, or the job is over.
    """
    with transaction.atomic():
        row = lock(job)
        demand(may_cancel(row, actor))
        row.state, row.finished_at = JobState.CANCELLED, at
        row.lease_token = row.lease_until = None
        row.save(update_fields=["state", "finished_at", "lease_token", "lease_until"])
        record(row, "cancel", actor=actor, at=at, summary=f"Cancelled the job “{row.title}”.")
    return row
