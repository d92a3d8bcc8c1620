"""A document a round asks for by name."""

import uuid

from django.db import models

from portal.documents.enums import ContentType


class AttachmentSlot(models.Model):
    """A named place for one document, and which kinds of file it takes (`documents.enums.ContentType`; none: all)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey("grants.FundingRound", models.CASCADE, related_name="slots")
    name = models.CharField("name of the document", max_length=120)
    help = models.TextField("explanation", blank=True)
    kinds = models.JSONField("kinds of file", default=list, blank=True)
    required = models.BooleanField(default=True)
    hidden_from_reviewers = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["round", "name"], name="slot_named_once_per_round")]

    def __str__(self):
        return self.name

    @property
    def kind_words(self) -> str:
        """`PDF, Word document`: the kinds of file it takes; every kind the portal keeps where it says nothing."""
        return ", ".join(each.label for each in ContentType if not self.kinds or each in self.kinds)
