"""Messages between the foundation and a team about its proposal."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class TeamMessage(models.Model):
    """One message, for good. It waits for the other side until somebody answers, or says that none is needed."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    proposal = models.ForeignKey("grants.Proposal", models.CASCADE, related_name="messages")
    from_foundation = models.BooleanField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField()
    sent_at = models.DateTimeField()
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["sent_at", "pk"]
        indexes = [
            models.Index(
                fields=["from_foundation", "sent_at"], condition=Q(settled_at=None), name="team_message_waiting"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="team_message_says_something"),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None) | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="team_message_settled_by_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.author} on {self.proposal}"
