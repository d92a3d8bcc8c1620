"""A criterion of a round's rubric."""

from django.db import models
from django.db.models import Q


class Criterion(models.Model):
    """A criterion of the rubric, scored from 1 to the round's top score. Weights need not add up to anything."""

    round = models.ForeignKey("grants.FundingRound", models.CASCADE, related_name="criteria")
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    weight = models.PositiveSmallIntegerField(default=1)
    anchors = models.JSONField(default=dict, blank=True, help_text="What a score means, in words, by score.")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name_plural = "criteria"
        constraints = [
            models.UniqueConstraint(fields=["round", "name"], name="criterion_named_once_per_round"),
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=100), name="criterion_weight_1_to_100"),
        ]

    def __str__(self):
        return self.name
