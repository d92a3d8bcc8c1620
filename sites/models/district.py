"""School districts as the National Center for Education Statistics lists them; loaded, not shipped."""

from django.db import models
from django.db.models.functions import Length, Lower
from django.db.models.lookups import Exact

from sites.enums import State


class District(models.Model):
    """One district of the list: what a coalition looks its LEAID up in."""

    leaid = models.CharField("NCES district id (LEAID)", max_length=7, primary_key=True)
    name = models.CharField(max_length=160)
    city = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=2, choices=State)
    students = models.PositiveIntegerField("students enrolled", null=True, blank=True)

    class Meta:
        ordering = ["state", "name", "leaid"]
        indexes = [models.Index("state", Lower("name"), name="district_by_state_and_name")]
        constraints = [
            models.CheckConstraint(condition=models.Q(Exact(Length("leaid"), 7)), name="district_leaid_is_complete"),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="district_state_is_known"),
        ]

    def __str__(self):
        return self.name
