"""What was submitted, frozen."""

from django.conf import settings
from django.db import models


class Submission(models.Model):
    """What was submitted, frozen: the whole content as JSON, its hash, and the receipt's facts.

    `sha256` is over the canonical JSON of `content` (sorted keys, no spaces, UTF-8). `key` is the one the form
    carried, so a double click or a retry cannot make a second submission.
    """

    proposal = models.ForeignKey("grants.Proposal", models.CASCADE, related_name="submissions")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField("when the request arrived")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    key = models.CharField(max_length=64, unique=True)
    # The PDF of the receipt with every answer; a worker makes it after the submission.
    receipt = models.OneToOneField("documents.Document", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["proposal", "number"], name="submission_numbered_once")]

    def __str__(self):
        return f"{self.proposal}, submission {self.number}"
