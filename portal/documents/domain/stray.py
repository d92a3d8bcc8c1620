"""Files in storage that no row names, because the process that wrote them died: found and removed, a part each hour."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from django.core.files.storage import Storage, default_storage
from django.db import transaction
from django.db.models import Sum

from portal.documents.models import Document, Quota
from portal.record import lock

logger = logging.getLogger(__name__)

# The row follows its file within one request or job; what has none after a day will never get one.
SETTLED = timedelta(days=1)
# Names begin with a folder of two hexadecimal digits (`portal.documents.models.document.storage_name`). A listing may be
# slow where files are far away, so each hour of the day has folders of its own: after a day all were looked through.
FOLDERS = 256
FOLDERS_AN_HOUR = -(-FOLDERS // 24)
_OURS = re.compile(r"[0-9a-f]{38}")
# Files one run asks the storage about, and quotas it counts anew, at most.
AT_ONCE = 200
# Names looked up in one query.
_BATCH = 500


def sweep_strays(*, at: datetime) -> int:
    """Remove the files of this hour's folders that no document names and that are older than a day. Returns how many.

    Bounded: eleven listings, two hundred files. Nothing but names a portal gives is ever touched; a
    bucket that another portal uses would lose that one's files. What could not be removed is logged and tried again a day later.
    """
    removed = asked = 0
    for folder in folders_of(at):
        for name in _strays(default_storage, folder):
            if asked == AT_ONCE:
                logger.warning("More than %s files without a document: the rest are removed later.", AT_ONCE)
                return removed
            asked += 1
            removed += _remove(default_storage, name, before=at - SETTLED)
    if removed:
        logger.warning("Removed %s stored files that no document named.", removed)
    return removed


def folders_of(at: datetime) -> list[str]:
    """The folders whose turn it is in this hour of the day (UTC)."""
    first = at.astimezone(UTC).hour * FOLDERS_AN_HOUR
    return [f"{number:02x}" for number in range(first, min(first + FOLDERS_AN_HOUR, FOLDERS))]


def recount_quotas() -> int:
    """Make every quota say what its group's documents take, and forget those that take nothing. Returns how many changed.

    Each is counted under a lock on its row, which an upload holds from taking its room until its document is there.
    """
    taken = dict(
        Document.objects.exclude(quota_group="").order_by().values_list("quota_group").annotate(sum=Sum("size"))
    )
    wrong = [
        each for each in Quota.objects.order_by("pk").iterator() if each.used != taken.get(each.pk) or not each.used
    ]
    return sum(_recount(quota) for quota in wrong[:AT_ONCE])


def _recount(quota: Quota) -> bool:
    with transaction.atomic():
        try:
            row = lock(quota)
        except Quota.DoesNotExist:
            return False
        used = Document.objects.filter(quota_group=row.pk).aggregate(sum=Sum("size"))["sum"] or 0
        if used and used == row.used:
            return False
        if used != row.used:
            logger.warning("The quota of %s said %s bytes, its documents have %s.", row.pk, row.used, used)
        if not used:
            row.delete()
            return True
        row.used = used
        row.save(update_fields=["used"])
    return True


def _strays(storage: Storage, folder: str) -> Iterator[str]:
    """The names in a folder that no document has."""
    found: list[str] = []
    with suppress(FileNotFoundError):
        found = [f"{folder}/{each}" for each in storage.listdir(folder)[1] if _OURS.fullmatch(each)]
    for start in range(0, len(found), _BATCH):
        batch = found[start : start + _BATCH]
        named = set(Document.objects.filter(file__in=batch).values_list("file", flat=True))
        yield from (name for name in batch if name not in named)


def _remove(storage: Storage, name: str, *, before: datetime) -> bool:
    """Remove a file that was written before then. A storage that fails is logged, and the next file is tried."""
    try:
        if storage.get_modified_time(name) >= before:
            return False
        storage.delete(name)
    except Exception:  # each storage has errors of its own, and one file must not stop the others
        logger.exception("The stray file %s could not be removed.", name)
        return False
    return True
