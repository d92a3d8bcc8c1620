"""The states of a job."""

from django.db.models import TextChoices


class JobState(TextChoices):
    """Queued and running are live: the same key is not queued a second time. The others are ends."""

    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


LIVE = frozenset({JobState.QUEUED, JobState.RUNNING})
