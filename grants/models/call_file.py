"""A call as a file that anybody may download."""

from django.db import models
from django.db.models import Q

from grants.enums import CallFileKind


class CallFile(models.Model):
    """One edition of a call as a file; `fingerprint` is of everything that stands in it, so it is made once."""

    round = models.ForeignKey("grants.FundingRound", models.CASCADE, related_name="files")
    kind = models.CharField(max_length=4, choices=CallFileKind)
    fingerprint = models.CharField(max_length=64)
    document = models.OneToOneField("documents.Document", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "kind", "fingerprint"], name="call_file_once_per_content"),
            models.CheckConstraint(condition=Q(kind__in=CallFileKind.values), name="call_file_kind_is_known"),
        ]

    def __str__(self):
        return f"{self.round}: {self.get_kind_display()}"
