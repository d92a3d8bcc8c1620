"""What every record of the portal has: a public reference, a version for optimistic locking, a birth date."""

from __future__ import annotations

from django.db import models

from portal import clock


class Stale(Exception):
    """Somebody else saved this record since the person opened it; `current` is the row as it stands now."""

    def __init__(self, current):
        self.current = current
        super().__init__("Somebody else changed this while you had it open. Compare both versions and choose.")


class Record(models.Model):
    """Abstract base of records people refer to: `reference` is what they say, `version` counts the saves."""

    reference = models.CharField(max_length=24, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        abstract = True

    def __str__(self):
        return self.reference

    def told_state(self, user, field: str = "state") -> str:
        """The state in words, as this person may know it. A record with states that are still secret says less."""
        return getattr(self, f"get_{field}_display")()


def lock(instance, *, version: int | None = None):
    """Lock the row of `instance` until the transaction ends and return it fresh.

    What `instance` had at hand of its foreign keys (the round and site of a proposal) comes along in the same query,
    fresh as well and not locked. `version` is what the person's form was made from: raises `Stale` when the row has
    moved on since. Raises the model's DoesNotExist when the row is gone. Must run inside a transaction.

    The lock leaves the row's key alone (FOR NO KEY UPDATE): PostgreSQL takes a share of the key of every row that an
    inserted row names, at the commit, when the activity log's head is held already. Were the key locked, somebody who
    holds the row and waits for the head would wait for that commit, and it for them.
    """
    model = type(instance)
    at_hand = [each.name for each in model._meta.concrete_fields if each.is_relation and each.is_cached(instance)]
    rows = model._base_manager.select_related(*at_hand) if at_hand else model._base_manager
    row = rows.select_for_update(of=("self",), no_key=True).get(pk=instance.pk)
    if version is not None and row.version != version:
        raise Stale(row)
    return row


def lock_all(queryset) -> list:
    """Lock the rows of a query set in primary-key order (one order everywhere, so no two acts can deadlock)."""
    return list(queryset.order_by("pk").select_for_update(of=("self",), no_key=True))


def bump(record, *fields: str) -> None:
    """Save the named fields of a locked record and count its version up by one."""
    record.version += 1
    record.save(update_fields=[*fields, "version"])


__all__ = ["Record", "Stale", "bump", "lock", "lock_all"]
