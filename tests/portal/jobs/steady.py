"""A kind of job for real workers: a few steps with signs of life, then a number that must be drawn once."""

import time
from datetime import timedelta

from django.db import transaction

from portal.activity.domain import allocate
from portal.jobs.domain import enqueue, handles

KIND = "steady"
STEPS = 4
LEASE = timedelta(seconds=5)
SERIES = ("STEADY", 2026)


@handles(KIND, lease=LEASE)
def steady(job, progress):
    """Take about a fifth of a second, and write result and end together."""
    for step in range(1, STEPS + 1):
        time.sleep(0.05)
        progress(step, STEPS)
    with transaction.atomic():
        number = allocate(*SERIES)
        progress.finish({"number": number})
    return {}


def ask(count, first=0):
    """Ask for that many of them."""
    return [enqueue(KIND, actor=None, key=str(n)) for n in range(first, first + count)]
