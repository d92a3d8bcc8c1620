"""The list of districts: loading it from the file NCES publishes, in batches, and the job that does it for a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse

from portal import clock
from portal.access import Refused, demand
from portal.accounts.models import User
from portal.activity.domain import record
from portal.documents.domain.scanner import scan
from portal.jobs.domain import JobFailed, enqueue
from portal.jobs.enums import LIVE
from portal.jobs.models import Job
from sites.domain.district_file import Unusable, district_of, rows_of
from sites.models import District
from sites.rules import may_load_districts

JOB = "load-districts"
BATCH = 1000
# Far more than the country has (about 20,000).
MOST_ROWS = 100_000


@dataclass
class Loaded:
    """What came of loading a list: how many districts are in it, how many are new, and which rows were of no use."""

    used: int = 0
    new: int = 0
    with_students: int = 0
    unused: Counter[str] = field(default_factory=Counter)
    # For each reason the first line of the file it holds for.
    first_lines: dict[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return self.used + self.unused.total()

    def sentences(self) -> list[str]:
        """What a person is told, a sentence each."""
        told = [f"{_districts(self.used)} loaded, {self.new:,} of them new."]
        if self.used and not self.with_students:
            told.append("The file has no numbers of students; those known before stay.")
        for reason, number in self.unused.most_common():
            rows = "1 row was" if number == 1 else f"{number:,} rows were"
            told.append(f"{rows} not used: {reason} (the first is line {self.first_lines[reason]:,}).")
        return told


def load_districts(file: IO[bytes], *, progress: Callable[[int, int, str], None] | None = None) -> Loaded:
    """Add and update the districts of a list; districts it does not name stay, because coalitions may have them.

    Each batch is a transaction of its own, so nobody waits long for the database, and loading again after a crash
    changes nothing twice. `progress` is called between batches. Raises ValidationError for a file that is no list.
    """
    loaded = Loaded()
    with rows_of(file) as rows:
        for batch in _batches(rows, loaded):
            _keep(batch, loaded)
            if progress:
                progress(loaded.rows, loaded.rows, f"{_districts(loaded.used)} so far")
    if not loaded.used:
        reasons = " ".join(loaded.sentences()[1:])
        raise ValidationError(f"No row of this file could be used. {reasons}".strip())
    return loaded


def receive_list(upload: Any, *, actor: User, at: datetime) -> Job:
    """Keep an uploaded list and ask a worker to load it.

    Raises `Refused` when the person may not or a list is being loaded, ValidationError for a file that is no list.
    """
    demand(may_load_districts(None, actor))
    with rows_of(upload) as rows:
        if next(rows, None) is None:
            raise ValidationError("This list is empty.")
    upload.seek(0)
    content = upload.read()
    scan(content)
    _clear_away()
    path = default_storage.save(f"districts/{uuid4().hex}", ContentFile(content))
    try:
        with transaction.atomic():
            job = enqueue(
                JOB, actor=actor, key="the list", title="Load the list of districts", path=path, name=upload.name
            )
            if job.facts["path"] != path:
                raise Refused("A list is being loaded right now. Wait until it is done.")
    except BaseException:
        default_storage.delete(path)
        raise
    return job


def load_received(
    job: Job, *, progress: Callable[[int, int, str], None], finish: Callable[[dict[str, Any]], None]
) -> dict[str, Any]:
    """What the worker does for `receive_list`. Raises JobFailed with a sentence for a file that cannot be used."""
    path = job.facts["path"]
    try:
        with default_storage.open(path) as file:
            loaded = load_districts(file, progress=progress)
    except FileNotFoundError as error:
        raise JobFailed("The file is gone. Upload the list again.") from error
    except ValidationError as error:
        default_storage.delete(path)
        raise JobFailed(" ".join(error.messages)) from error
    outcome = {"url": reverse("sites:district-list"), "label": "See the list", "sentences": loaded.sentences()}
    with transaction.atomic():
        finish(outcome)
        record(
            job, "load-districts", actor=job.created_by, at=clock.now(),
            summary=f"Loaded the list of districts: {_districts(loaded.used)}.",
            facts={"file": job.facts["name"], "told": outcome["sentences"]},
        )  # fmt: skip
    default_storage.delete(path)
    return outcome


def _clear_away() -> None:
    """Remove the files of uploads that ended without their worker: cancelled, or given up."""
    for job in Job.objects.filter(kind=JOB).exclude(state__in=LIVE).order_by("-created_at")[:5]:
        default_storage.delete(job.facts["path"])


def _districts(number: int) -> str:
    return "1 district" if number == 1 else f"{number:,} districts"


def _batches(rows: Iterator[dict[str, str]], loaded: Loaded) -> Iterator[list[District]]:
    """Usable districts, a batch at a time; the rest is counted by reason."""
    seen: set[str] = set()
    batch: list[District] = []
    for line, row in enumerate(rows, 2):
        if line > MOST_ROWS:
            raise ValidationError(f"A list has at most {MOST_ROWS:,} rows. Is this the list of districts?")
        try:
            district = district_of(row)
            if district.leaid in seen:
                raise Unusable("the same district once more")
        except Unusable as reason:
            loaded.unused[str(reason)] += 1
            loaded.first_lines.setdefault(str(reason), line)
            continue
        seen.add(district.leaid)
        batch.append(district)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _keep(batch: list[District], loaded: Loaded) -> None:
    """Write one batch. A number of students that this file does not know stays as it was."""
    counts = [each for each in batch if each.students is not None]
    bare = [each for each in batch if each.students is None]
    with transaction.atomic():
        known = District.objects.filter(pk__in=[each.pk for each in batch]).count()
        for rows, more in ((counts, ["students"]), (bare, [])):
            District.objects.bulk_create(
                rows, update_conflicts=True, unique_fields=["leaid"], update_fields=["name", "city", "state", *more]
            )
    loaded.used += len(batch)
    loaded.new += len(batch) - known
    loaded.with_students += len(counts)
