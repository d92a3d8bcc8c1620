"""What other apps use: `enqueue` work, and `handles` it in their tasks."""

from portal.jobs.handlers import JobFailed, LeaseLost, handles

from .job import cancel, enqueue, enqueue_first
from .sweeper import sweep
from .worker import Progress, run

__all__ = ["JobFailed", "LeaseLost", "Progress", "cancel", "enqueue", "enqueue_first", "handles", "run", "sweep"]
