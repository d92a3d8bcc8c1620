"""The Celery tasks of documents: removing what was only lent, and what no document names."""

from celery import shared_task

from portal import clock
from portal.documents import domain


@shared_task
def sweep() -> None:
    """Remove the files whose time is over."""
    domain.sweep(at=clock.now())


@shared_task
def sweep_strays() -> None:
    """Remove this hour's share of stored files without a document, and put the counts of used room right."""
    domain.sweep_strays(at=clock.now())
    domain.recount_quotas()
