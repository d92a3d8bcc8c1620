"""The Celery tasks of mail: one that sends a message, one that finds the forgotten ones."""

from celery import shared_task

from portal import clock
from portal.mail import domain


@shared_task
def deliver(*, message_id: str) -> None:
    """Send one message if it is due; a second ring for the same message does nothing."""
    domain.deliver(message_id)


@shared_task
def sweep() -> None:
    """Ring again for what was not sent."""
    domain.sweep(at=clock.now())
