"""Where a coalition starts: results of students by group and achievement level, from one test in one school year."""

from django.db import models
from django.db.models import Q

from sites.enums import GradeBand, StudentGroup, Subject


class BaselineTable(models.Model):
    """One test: its levels from lowest to highest, and from which level on (counted from 1) students are proficient."""

    proposal = models.ForeignKey("grants.Proposal", models.CASCADE, related_name="baseline_tables")
    subject = models.CharField(max_length=16, choices=Subject)
    grade_band = models.CharField("grades", max_length=8, choices=GradeBand)
    school_year = models.CharField("school year", max_length=7)
    test_name = models.CharField("name of the test", max_length=120, blank=True)
    level_names = models.JSONField(default=list)
    proficient_from = models.PositiveSmallIntegerField("proficient from level", default=3)

    class Meta:
        ordering = ["subject", "grade_band", "-school_year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "subject", "grade_band", "school_year"], name="baseline_table_once_per_test"
            ),
            models.CheckConstraint(condition=Q(subject__in=Subject.values), name="baseline_subject_is_known"),
            models.CheckConstraint(condition=Q(grade_band__in=GradeBand.values), name="baseline_grades_are_known"),
            models.CheckConstraint(
                condition=Q(proficient_from__gte=2, proficient_from__lte=6), name="baseline_proficient_from_2_to_6"
            ),
        ]

    def __str__(self):
        return f"{self.get_subject_display()}, {self.get_grade_band_display().lower()}, {self.school_year}"


class BaselineResult(models.Model):
    """How many students of a group reached each level, lowest first. None stands for a number the state withholds."""

    table = models.ForeignKey(BaselineTable, models.CASCADE, related_name="results")
    group = models.CharField(max_length=24, choices=StudentGroup)
    counts = models.JSONField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["table", "group"], name="baseline_result_once_per_group"),
            models.CheckConstraint(condition=Q(group__in=StudentGroup.values), name="baseline_group_is_known"),
        ]

    def __str__(self):
        return f"{self.table}: {self.get_group_display()}"
