"""The Celery tasks of jobs: one that runs a job, one that finds the forgotten ones."""

from celery import shared_task

from portal import clock
from portal.jobs import domain


@shared_task
def run(*, job_id: str) -> None:
    """Run one job if it is free; a second ring for the same job does nothing."""
    domain.run(job_id)


@shared_task
def sweep() -> None:
    """Ring again for what was not taken."""
    domain.sweep(at=clock.now())
