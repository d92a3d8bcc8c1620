"""One act in the activity log: who did what to which record, when, chained to the entry before it."""

import hashlib
import json
from datetime import UTC

from django.apps import apps
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from portal.access import VisibleQuerySet
from portal.activity.rules import may_read_log


class EntryQuerySet(VisibleQuerySet):
    """Entries, newest first by (`at`, `sequence`): the order every index of the table ends in."""

    def visible_to(self, user):
        return self.all() if may_read_log(None, user) else self.none()

    def of(self, subject):
        """What was done to one record."""
        return self.filter(noun=subject._meta.label_lower, subject_pk=str(subject.pk))


class Entry(models.Model):
    """A row nobody changes: triggers refuse it, and `hash` covers every other column and the hash before it."""

    sequence = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    actor_label = models.CharField(max_length=300)
    verb = models.CharField(max_length=60)
    noun = models.CharField(max_length=100)
    subject_pk = models.CharField(max_length=40)
    reference = models.CharField(max_length=200)
    summary = models.TextField()
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    previous_hash = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-sequence"]
        verbose_name_plural = "entries"
        indexes = [
            models.Index(fields=["at", "sequence"], name="entry_at"),
            models.Index(fields=["noun", "at", "sequence"], name="entry_noun"),
            models.Index(fields=["actor", "at", "sequence"], name="entry_actor"),
            models.Index(fields=["reference", "at", "sequence"], name="entry_reference"),
            models.Index(fields=["noun", "subject_pk", "at", "sequence"], name="entry_subject"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(sequence__gte=1), name="entry_sequence_from_one"),
            models.CheckConstraint(condition=~models.Q(summary=""), name="entry_says_something"),
        ]

    def __str__(self):
        return self.summary

    @property
    def noun_words(self) -> str:
        """The kind of record in words; a kind the portal no longer has keeps its old name."""
        try:
            return str(apps.get_model(self.noun)._meta.verbose_name)
        except LookupError:
            return self.noun

    def digest(self) -> str:
        """SHA-256, in hex, over the canonical JSON of every other column."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()

    def canonical(self) -> str:
        """The row as the one text its hash is taken of: sorted keys, no spaces, UTC to the microsecond."""
        columns = {
            "sequence": self.sequence,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": self.actor_id,
            "actor_label": self.actor_label,
            "verb": self.verb,
            "noun": self.noun,
            "subject_pk": self.subject_pk,
            "reference": self.reference,
            "summary": self.summary,
            "facts": self.facts,
            "previous_hash": self.previous_hash,
        }
        return json.dumps(columns, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
