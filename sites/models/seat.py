"""A seat on a site's team: the role belongs to the seat, the person holds it for a while."""

import uuid

from django.conf import settings
from django.db import models

from portal import clock
from sites.enums import SeatRole


class SeatQuerySet(models.QuerySet):
    def current(self):
        """Seats that are held now."""
        return self.filter(ended_at=None)


class Seat(models.Model):
    """One person's time in one role on one site. A hand-over ends this row and starts the successor's."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    site = models.ForeignKey("grant_sites.Site", models.CASCADE, related_name="seats")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="seats")
    role = models.CharField(max_length=16, choices=SeatRole)
    started_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    predecessor = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="successor")
    # What the holder leaves for whoever takes the seat over.
    hand_over_note = models.TextField("note for your successor", blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ["site", "started_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=SeatRole.values), name="seat_role_is_known"),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("started_at")),
                name="seat_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=["site", "holder"],
                condition=models.Q(ended_at=None),
                name="one_current_seat_per_person_and_site",
            ),
        ]

    def __str__(self):
        return f"{self.holder}, {self.get_role_display().lower()} of {self.site}"
