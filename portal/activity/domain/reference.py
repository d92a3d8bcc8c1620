"""Public references: the numbers records are known by, counted per prefix and year."""

from django.db import transaction
from django.db.models import F

from portal.activity.models import Counter


def allocate(prefix: str, year: int) -> str:
    """The next reference of a series, such as `P-2026-0042`: no number twice, none skipped unless its row was deleted.

    Locks the series' counter until the transaction ends, so a number whose act was rolled back is given out again.
    """
    series = Counter.objects.filter(prefix=prefix, year=year)
    with transaction.atomic(savepoint=False):
        if not series.update(last=F("last") + 1):
            # Two firsts of a year race to here: one inserts, the other waits for it, then both count up.
            Counter.objects.bulk_create([Counter(prefix=prefix, year=year)], ignore_conflicts=True)
            series.update(last=F("last") + 1)
        number = series.values_list("last", flat=True).get()
    return f"{prefix}-{year}-{number:04d}"
