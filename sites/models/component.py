"""The three core components and the key issues: the order in which everything is told."""

from django.db import models


class Component(models.Model):
    """A core component of the programme. The code is fixed; a foundation may reword or reorder the rest."""

    code = models.SlugField(primary_key=True)
    name = models.CharField(max_length=120, unique=True)
    short_name = models.CharField(max_length=40)
    purpose = models.TextField("what it is for")
    engages = models.TextField("who it engages")
    position = models.PositiveSmallIntegerField(unique=True)

    class Meta:
        ordering = ["position"]

    def __str__(self):
        return self.name


class KeyIssue(models.Model):
    """A cross-cutting issue a proposal may claim and a report must then show evidence for."""

    code = models.SlugField(primary_key=True)
    name = models.CharField(max_length=120, unique=True)
    position = models.PositiveSmallIntegerField(unique=True)

    class Meta:
        ordering = ["position"]

    def __str__(self):
        return self.name
