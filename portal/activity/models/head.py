"""Where the chain of entries ends: the one row that is locked to add another."""

from django.db import models

GENESIS = "0" * 64


class Head(models.Model):
    """A single row, written by the migration; who holds its lock adds the next entry."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    sequence = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=GENESIS)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="head_is_one_row")]

    def __str__(self):
        return f"{self.sequence}:{self.hash}"
