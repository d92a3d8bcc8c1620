"""Results of students by group and achievement level."""

from django.db import models
from django.db.models import Q

from sites.enums import GradeBand, StudentGroup, Subject


class Indicator(models.Model):
    """One test in one school year: its levels from lowest to highest, and from which level on counts as proficient."""

    report = models.ForeignKey("reporting.AnnualReport", models.CASCADE, related_name="indicators")
    subject = models.CharField(max_length=16, choices=Subject)
    grade_band = models.CharField("grades", max_length=8, choices=GradeBand)
    school_year = models.CharField(max_length=7)
    test_name = models.CharField("name of the test", max_length=120, blank=True)
    level_names = models.JSONField(default=list)
    proficient_from = models.PositiveSmallIntegerField("proficient from level", default=3)
    reference_group = models.CharField(max_length=24, choices=StudentGroup, default=StudentGroup.WHITE)
    focal_group = models.CharField(max_length=24, choices=StudentGroup, default=StudentGroup.BLACK)

    class Meta:
        ordering = ["subject", "grade_band", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "subject", "grade_band"], name="indicator_once_per_report"),
            models.CheckConstraint(condition=Q(subject__in=Subject.values), name="indicator_subject_is_known"),
            models.CheckConstraint(
                condition=Q(proficient_from__gte=2, proficient_from__lte=6), name="indicator_proficient_from_2_to_6"
            ),
            models.CheckConstraint(
                condition=~Q(reference_group=models.F("focal_group")), name="indicator_compares_two_groups"
            ),
        ]

    def __str__(self):
        return f"{self.get_subject_display()}, {self.get_grade_band_display().lower()}"


class GroupResult(models.Model):
    """How many students of a group reached each level: `counts` runs from the lowest level to the highest."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="results")
    group = models.CharField(max_length=24, choices=StudentGroup)
    counts = models.JSONField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "group"], name="result_once_per_group"),
            models.CheckConstraint(condition=Q(group__in=StudentGroup.values), name="result_group_is_known"),
        ]

    def __str__(self):
        return f"{self.indicator}: {self.get_group_display()}"
