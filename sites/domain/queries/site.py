"""Reading sites with what their pages and lists show, in a fixed number of queries."""

from __future__ import annotations

from django.db.models import Case, Count, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from sites.enums import SeatRole
from sites.models import School, Seat, Site

_LEADS_FIRST = Case(When(role=SeatRole.LEAD, then=Value(0)), default=Value(1))


def for_list(sites: QuerySet[Site]) -> QuerySet[Site]:
    """Sites with `school_count`, `lead_name` (of the longest-serving lead) and the fiscal agent."""
    schools = School.objects.filter(site=OuterRef("pk")).order_by().values("site").annotate(number=Count("pk"))
    leads = Seat.objects.current().filter(site=OuterRef("pk"), role=SeatRole.LEAD).order_by("started_at", "pk")
    return sites.select_related("fiscal_agent").annotate(
        school_count=Coalesce(Subquery(schools.values("number")), 0),
        lead_name=Subquery(leads.values("holder__name")[:1]),
    )


def team_of(site: Site) -> QuerySet[Seat]:
    """The seats held now, the leads first."""
    seats = site.seats.current().select_related("holder")
    return seats.order_by(_LEADS_FIRST, "started_at", "pk")


def with_everything(sites: QuerySet[Site]) -> QuerySet[Site]:
    """Sites with partners and schools, for the pages that show one."""
    return sites.select_related("fiscal_agent").prefetch_related("partners", "schools")
