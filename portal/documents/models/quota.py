"""How much room the uploads of one group take."""

from django.db import models


class Quota(models.Model):
    """One row per group, such as a proposal; changed by conditional UPDATE, so uploads at once never pass the limit."""

    group = models.CharField(max_length=100, primary_key=True)
    used = models.PositiveBigIntegerField("bytes used", default=0)

    def __str__(self):
        return f"{self.group}: {self.used} bytes"
