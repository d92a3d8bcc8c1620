"""Reminders of a deadline: each once."""

from django.db import models
from django.db.models import Q

from grants.enums import ReminderMoment


class Reminder(models.Model):
    """The team of a proposal was reminded of a deadline at one of the fixed moments before it.

    `superseded` marks a moment that passed while nothing ran: a later reminder took its place.
    """

    proposal = models.ForeignKey("grants.Proposal", models.CASCADE, related_name="reminders")
    deadline = models.DateTimeField()
    moment = models.CharField(max_length=8, choices=ReminderMoment)
    at = models.DateTimeField()
    superseded = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "deadline", "moment"], name="reminder_once_per_moment"),
            models.CheckConstraint(condition=Q(moment__in=ReminderMoment.values), name="reminder_moment_is_known"),
        ]

    def __str__(self):
        return f"{self.proposal}: {self.get_moment_display()}"
