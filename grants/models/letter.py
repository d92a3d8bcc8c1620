"""Letters of decision: the templates of a round, and the letter of each line of a docket."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from grants.enums import Decision
from portal import clock


class LetterTemplate(models.Model):
    """A round's own wording for one decision; a round without one uses the portal's."""

    round = models.ForeignKey("grants.FundingRound", models.CASCADE, related_name="letter_templates")
    decision = models.CharField(max_length=16, choices=Decision)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    version = models.PositiveIntegerField(default=1, editable=False)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    saved_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["round", "decision"]
        constraints = [
            models.UniqueConstraint(fields=["round", "decision"], name="one_letter_template_per_decision"),
            models.CheckConstraint(condition=Q(decision__in=Decision.values), name="letter_decision_is_known"),
        ]

    def __str__(self):
        return f"{self.get_decision_display()}, {self.round}"


class Letter(models.Model):
    """One applicant's letter. Written from the template, edited by staff, frozen when it is released.

    `body` and `subject` hold the final words, merge fields filled in. Nobody outside the staff sees a letter before
    `released_at`.
    """

    line = models.OneToOneField("grants.DocketLine", models.PROTECT, related_name="letter")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    # Whether a person changed it: a template that changes later leaves such a letter alone.
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    edited_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["line__rank", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(released_at=None, released_by=None)
                | Q(released_at__isnull=False, released_by__isnull=False),
                name="letter_released_by_somebody",
            ),
        ]

    def __str__(self):
        return f"Letter for {self.line}"
