"""A file a team put to its proposal."""

from django.db import models


class AttachmentQuerySet(models.QuerySet):
    def current(self):
        """What belongs to the proposal now; a removed file stays while a submission names it."""
        return self.filter(removed_at=None)


class Attachment(models.Model):
    """A file a team put to its proposal."""

    proposal = models.ForeignKey("grants.Proposal", models.CASCADE, related_name="attachments")
    document = models.OneToOneField("documents.Document", models.PROTECT, related_name="+")
    slot = models.ForeignKey("grants.AttachmentSlot", models.PROTECT, null=True, blank=True, related_name="attachments")
    title = models.CharField("what it is", max_length=160)
    removed_at = models.DateTimeField(null=True, editable=False)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "slot"],
                condition=models.Q(removed_at=None, slot__isnull=False),
                name="one_current_attachment_per_slot",
            ),
        ]

    def __str__(self):
        return self.title
