"""A calibration: one sample proposal that every reviewer of a round scores before the real ones."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from grants.enums import ReviewState
from grants.models.review import Review
from portal.access import VisibleQuerySet
from portal.accounts.enums import Role


class CalibrationQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """Foundation staff; and reviewers who scored the sample, once it is closed."""
        if user.is_foundation_staff:
            return self
        if Role.REVIEWER not in user.roles:
            return self.none()
        took_part = Review.objects.filter(calibration=OuterRef("pk"), reviewer=user, state=ReviewState.SUBMITTED)
        return self.filter(Exists(took_part), closed_at__isnull=False)


class Calibration(models.Model):
    """Open until `closed_at`: while it is, nobody begins a real review of the round without having scored the sample.

    The sample may come from an earlier round. Its reviews are `Review` rows of the kind `calibration`, scored by the
    rubric of `round`, and count towards no decision.
    """

    round = models.OneToOneField("grants.FundingRound", models.PROTECT, related_name="calibration")
    proposal = models.ForeignKey("grants.Proposal", models.PROTECT, related_name="+")
    due_on = models.DateField("scores due", null=True, blank=True)
    note = models.TextField("what to pay attention to", blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    objects = CalibrationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="calibration_closed_by_somebody",
            ),
        ]

    def __str__(self):
        return f"Calibration of {self.round}"
