"""The last number given out for one prefix in one year."""

from django.db import models


class Counter(models.Model):
    """One row per series of references, such as proposals of 2026; updating it is what makes a number ours."""

    prefix = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="counter_once_per_series")]

    def __str__(self):
        return f"{self.prefix}-{self.year}: {self.last}"
