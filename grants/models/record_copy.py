"""Everything about one proposal as a zip, made for somebody to take away."""

import uuid

from django.conf import settings
from django.db import models


class RecordCopy(models.Model):
    """A zip of a proposal's record as it was at `made_at`. It goes with its document, which is kept for some days."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    proposal = models.ForeignKey("grants.Proposal", models.CASCADE, related_name="record_copies")
    document = models.OneToOneField("documents.Document", models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self):
        return f"{self.proposal}: record of {self.made_at.isoformat()}"
