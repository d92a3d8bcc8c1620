"""A site: the coalition in one community that applies, is funded and reports."""

from django.db import models

from portal.access import VisibleQuerySet
from portal.record import Record
from sites.enums import State


class SiteQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """Foundation staff see every site; everybody else the ones they hold a seat on."""
        if user.is_foundation_staff:
            return self
        return self.filter(pk__in=user.seats.current().values("site"))


class Site(Record):
    """A coalition of a district, its union and community partners."""

    name = models.CharField("name of the coalition", max_length=160)
    place = models.CharField("city or county", max_length=120)
    state = models.CharField(max_length=2, choices=State)
    students = models.PositiveIntegerField("students enrolled in the district", null=True, blank=True)
    story = models.TextField("how the coalition works together", blank=True)
    fiscal_agent = models.ForeignKey(
        "grant_sites.Partner", models.PROTECT, null=True, blank=True, related_name="fiscal_agent_of"
    )
    is_demo = models.BooleanField(default=False, editable=False)

    objects = SiteQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["name", "id"], name="site_by_name")]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="site_state_is_known"),
        ]

    def __str__(self):
        return self.name

    @property
    def where(self) -> str:
        """`Harbor County MA`."""
        return f"{self.place} {self.state}"
