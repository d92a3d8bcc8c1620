"""What the foundation asks a team to change in what it submitted."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class ChangeRequest(models.Model):
    """Named sections to change by `due_at`; it is closed by the submission that answers it, or by staff."""

    proposal = models.ForeignKey("grants.Proposal", models.CASCADE, related_name="change_requests")
    note = models.TextField("to the team")
    due_at = models.DateTimeField("change it by")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.OneToOneField("grants.Submission", models.PROTECT, null=True, related_name="answers_request")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(note=""), name="change_request_says_what"),
            models.CheckConstraint(condition=Q(due_at__gt=F("asked_at")), name="change_request_leaves_time"),
            models.CheckConstraint(
                condition=Q(answered_by=None) | Q(closed_at__isnull=False), name="change_request_answered_is_closed"
            ),
            models.UniqueConstraint(
                fields=["proposal"], condition=Q(closed_at=None), name="one_open_change_request_per_proposal"
            ),
        ]

    def __str__(self):
        return f"{self.proposal}: changes by {self.due_at.isoformat()}"


class ChangeItem(models.Model):
    """One section of the request, by its key (`need`, `plan-collaboration`, `budget`), and what is wanted there."""

    request = models.ForeignKey(ChangeRequest, models.CASCADE, related_name="items")
    section = models.CharField(max_length=40)
    what = models.TextField("what to change")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["request", "section"], name="change_item_once_per_section"),
            models.CheckConstraint(condition=~Q(what=""), name="change_item_says_what"),
        ]

    def __str__(self):
        return f"{self.request}: {self.section}"
