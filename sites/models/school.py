"""A school a coalition works in."""

import uuid

from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import Exact


class School(models.Model):
    """A school of the site's district; `ncessch` starts with the district's LEAID."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    site = models.ForeignKey("grant_sites.Site", models.CASCADE, related_name="schools")
    name = models.CharField(max_length=160)
    ncessch = models.CharField("NCES school id", max_length=12, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["site", "name"], name="school_named_once_per_site"),
            models.UniqueConstraint(
                fields=["site", "ncessch"], condition=~models.Q(ncessch=""), name="school_id_once_per_site"
            ),
            models.CheckConstraint(
                condition=models.Q(ncessch="") | models.Q(Exact(Length("ncessch"), 12)),
                name="school_id_is_complete",
            ),
        ]

    def __str__(self):
        return self.name
