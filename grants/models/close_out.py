"""The end of an award: its check list, and a legal hold on its papers."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class CloseOut(models.Model):
    """What was found when the end of an award was prepared. What the portal knows itself is computed, never ticked.

    `unspent` is what the last accepted report left over; it is refunded before the award closes.
    """

    award = models.OneToOneField("grants.Award", models.PROTECT, related_name="close_out")
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    # The points only a person can confirm, by key: `{"property": {"by": name, "at": instant, "note": …}}`.
    confirmed = models.JSONField(default=dict)
    note = models.TextField("what to remember", blank=True)
    # Frozen when the award closes: awarded, paid, refunded, returned, in dollars as text.
    reconciliation = models.JSONField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return f"Close-out of {self.award}"


class LegalHold(models.Model):
    """The papers of an award must not be destroyed, whatever the retention clock says."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    award = models.ForeignKey("grants.Award", models.PROTECT, related_name="legal_holds")
    reason = models.TextField()
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lift_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-placed_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="legal_hold_says_why"),
            models.UniqueConstraint(
                fields=["award"], condition=Q(lifted_at=None), name="one_standing_legal_hold_per_award"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, lift_reason="")
                | (Q(lifted_at__gte=F("placed_at"), lifted_by__isnull=False) & ~Q(lift_reason="")),
                name="legal_hold_lifted_says_by_whom_and_why",
            ),
        ]

    def __str__(self):
        return f"Legal hold on {self.award}"
