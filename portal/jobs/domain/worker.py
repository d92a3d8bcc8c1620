"""What a worker does with a job: take the lease, run the handler, keep the lease alive, write the end."""

from __future__ import annotations

import logging
import uuid
from typing import Any

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Coalesce

from portal import clock
from portal.jobs.enums import JobState
from portal.jobs.handlers import JobFailed, LeaseLost, Registered, handler_of
from portal.jobs.models import Job

logger = logging.getLogger(__name__)

NO_LEASE: dict[str, Any] = {"lease_token": None, "lease_until": None}


def gave_up() -> str:
    """What the person waiting reads when every attempt went wrong."""
    return (
        f"This did not work, though we tried {Job.MAX_ATTEMPTS} times. Nothing you entered is lost. "
        f"Please write to {settings.SUPPORT_EMAIL} and give the number in the address of this page."
    )


class Progress:
    """The worker's hold on one job: called with counts it shows them and renews the lease."""

    def __init__(self, job: Job, token: uuid.UUID, handler: Registered) -> None:
        self._held = Job.objects.held(job, token)
        self._handler = handler
        self.finished = False

    def __call__(self, done: int, total: int, message: str = "") -> None:
        """Show `done` of `total` and a short sentence, and stay the owner. Call it outside transactions.

        Raises `LeaseLost` when the job was cancelled or taken over.
        """
        self._change(done=done, total=total, message=message[:200], lease_until=clock.now() + self._handler.lease)

    def finish(self, outcome: dict[str, Any]) -> None:
        """End the job as done inside the handler's own transaction, so that result and end commit together.

        Raises `LeaseLost`, which rolls the result back, when the job was cancelled or taken over.
        """
        self._change(
            state=JobState.DONE, done=F("total"), outcome=outcome, message="", finished_at=clock.now(), **NO_LEASE
        )
        self.finished = True

    def _change(self, **columns: Any) -> None:
        if not self._held.update(**columns):
            raise LeaseLost


def run(job_id: str) -> Job | None:
    """Do a job if it is free. Returns its row afterwards, or None when somebody else has it or it is over.

    Raises what the handler raised, after giving the job back for another attempt or ending it as failed; raises
    KeyError for a kind this worker does not know (an older release), and leaves the job for one that does.
    """
    job = Job.objects.filter(pk=job_id).first()
    if job is None:
        return None
    handler, token = handler_of(job.kind), uuid.uuid4()
    if not _take(job, token, handler):
        return None
    job.refresh_from_db()
    progress = Progress(job, token, handler)
    try:
        outcome = handler.run(job, progress)
        if not progress.finished:
            progress.finish(outcome)
    except LeaseLost:
        logger.info("Job %s was cancelled or taken over; this worker stopped.", job.pk)
    except JobFailed as failure:
        _end_as_failed(job, token, str(failure))
    except Exception:
        _give_back(job, token)
        raise
    job.refresh_from_db()
    return job


def _take(job: Job, token: uuid.UUID, handler: Registered) -> bool:
    """Win the job by one conditional UPDATE: of two workers one changes the row, the other changes nothing."""
    moment = clock.now()
    free = Job.objects.free(moment).filter(pk=job.pk, attempts__lt=Job.MAX_ATTEMPTS)
    return bool(
        free.update(
            state=JobState.RUNNING,
            lease_token=token,
            lease_until=moment + handler.lease,
            attempts=F("attempts") + 1,
            started_at=Coalesce("started_at", moment),
        )
    )


def _end_as_failed(job: Job, token: uuid.UUID, sentence: str) -> None:
    Job.objects.held(job, token).update(state=JobState.FAILED, failure=sentence, finished_at=clock.now(), **NO_LEASE)


def _give_back(job: Job, token: uuid.UUID) -> None:
    """After an error nobody foresaw: another attempt when the sweep rings next, or the end."""
    if job.attempts >= Job.MAX_ATTEMPTS:
        _end_as_failed(job, token, gave_up())
    else:
        Job.objects.held(job, token).update(state=JobState.QUEUED, rung_at=clock.now(), **NO_LEASE)
