"""What the reviewers of a proposal and staff say to each other about its scores."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Discussion(models.Model):
    """Staff open it over a proposal whose reviewers disagree; while it is open, reviews can be scored again."""

    proposal = models.OneToOneField("grants.Proposal", models.CASCADE, related_name="discussion")
    question = models.TextField("what to talk about")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(question=""), name="discussion_asks_something"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__gte=F("opened_at"), closed_by__isnull=False),
                name="discussion_closed_by_somebody",
            ),
        ]

    def __str__(self):
        return f"Discussion of {self.proposal}"


class DiscussionPost(models.Model):
    """One contribution, for good."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    discussion = models.ForeignKey(Discussion, models.CASCADE, related_name="posts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="discussion_post_says_something")]

    def __str__(self):
        return f"{self.author} on {self.discussion}"
