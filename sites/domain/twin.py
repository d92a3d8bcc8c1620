"""Two coalitions of one community: said kindly, without naming anybody, and left to the people to decide."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q

from portal.access import Refused
from sites.enums import PartnerKind
from sites.models import Partner, Site


class Twin(Refused):
    """Another coalition is there already; the person may go on after saying that theirs is another one."""


def demand_no_twin_of_district(leaid: str, *, besides: Site) -> None:
    """Raises `Twin` when another coalition has the district of that id."""
    if leaid and Partner.objects.filter(kind=PartnerKind.DISTRICT, leaid=leaid).exclude(site=besides).exists():
        raise Twin(
            "Another coalition in this portal has this school district already, perhaps your own, founded by a colleague. "
            "Ask the superintendent’s office or the union’s president who leads it, and have that person invite you; "
            f"or write to {settings.SUPPORT_EMAIL}, and we bring you together. If yours is really another coalition, "
            "tick the box at the end of this form and save again."
        )


def demand_no_twin_of_place(name: str, place: str, state: str) -> None:
    """Raises `Twin` when a coalition of that name, or of that city or county, is there in that state."""
    same = Q(name__iexact=name.strip()) | Q(place__iexact=place.strip())
    if Site.objects.filter(same, state=state).exists():
        raise Twin(
            "There is a coalition of this name or place already, perhaps your own, founded by a colleague. "
            "Ask the superintendent’s office or the union’s president who leads it, and have that person invite you; "
            f"or write to {settings.SUPPORT_EMAIL}, and we bring you together. If yours is really another coalition, "
            "tick the box at the end of this form and send it again."
        )
