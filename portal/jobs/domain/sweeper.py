"""Finding the jobs nobody works on: those whose ring was lost and those whose worker died."""

from datetime import datetime, timedelta

from django.db.models import Q

from portal.jobs.domain.job import RUN
from portal.jobs.domain.worker import NO_LEASE, gave_up
from portal.jobs.enums import JobState
from portal.jobs.models import Job
from portal.ring import bell

# A job that was rung for may simply be standing in line; a second ring for it costs a worker one query.
RING_AGAIN = timedelta(seconds=30)
AT_ONCE = 200


def sweep(*, at: datetime) -> int:
    """Ring for every job that should have been taken by now, and end those whose attempts are used up.

    Any number of sweeps may run at the same time. Returns how many were rung for.
    """
    Job.objects.filter(state=JobState.RUNNING, lease_until__lt=at, attempts__gte=Job.MAX_ATTEMPTS).update(
        state=JobState.FAILED, failure=gave_up(), finished_at=at, **NO_LEASE
    )
    overdue = (
        Job.objects.live()
        .free(at)
        .filter(Q(rung_at=None) | Q(rung_at__lte=at - RING_AGAIN))
        .order_by("created_at")
        .values_list("pk", flat=True)[:AT_ONCE]
    )
    rung = []
    for job_id in overdue:
        if not bell.ring(RUN, job_id=str(job_id)):
            break
        rung.append(job_id)
    Job.objects.filter(pk__in=rung).update(rung_at=at)
    return len(rung)
