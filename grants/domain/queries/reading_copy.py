"""Reading copies that can still be downloaded, and the job that makes the next one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from grants.models import ReadingCopy
from portal.jobs.models import Job

READING_JOB = "reading-copy"


def copies_of(review, *, at: datetime) -> QuerySet[ReadingCopy]:
    """The copies of a review whose time is not over, the newest first; also before the sweep has come by."""
    rows = ReadingCopy.objects.filter(review=review, document__expires_at__gte=at)
    return rows.select_related("document").order_by("-made_at", "-pk")


def key_of(review) -> str:
    """What the jobs of one review are told apart by."""
    return str(review.pk)


def unfinished_job(review, person: Any) -> Job | None:
    """The person's latest job for this review, while it is on its way or when it went wrong."""
    mine = Job.objects.visible_to(person).filter(kind=READING_JOB, key=key_of(review))
    job = mine.order_by("-created_at").first()
    return job if job and (job.is_live or job.failure) else None
