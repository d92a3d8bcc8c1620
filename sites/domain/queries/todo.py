"""What waits for a person on their coalitions."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse

from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.todo import Todo, provides_todos
from sites.domain.queries.gaps import gaps
from sites.domain.queries.invitation import addressed_to
from sites.enums import SeatRole
from sites.models import Seat, Site


@provides_todos
def invitations(user: User, at: datetime) -> list[Todo]:
    """Invitations to a team that were sent to one of this person's addresses."""
    return [
        Todo(
            f"Answer the invitation of {each.invited_by}",
            reverse("sites:invitation-answer", args=[each.public_id]),
            about=each.site.name,
            due=each.expires_at,
        )
        for each in addressed_to(user, at)
    ]


@provides_todos
def incomplete_coalitions(user: User, at: datetime) -> list[Todo]:
    """Coalitions this person leads that lack something before they can apply."""
    led = [site for site, role in user.seat_roles.items() if role == SeatRole.LEAD]
    sites = Site.objects.filter(pk__in=led).prefetch_related("partners", "schools") if led else ()
    return [
        Todo("Complete your coalition", reverse("sites:coalition-detail", args=[site.reference]), about=site.name)
        for site in sites
        if gaps(site)
    ]


@provides_todos
def sites_without_lead(user: User, at: datetime) -> list[Todo]:
    """For program officers: sites none of whose leads can sign in any more."""
    if Role.OFFICER not in user.roles:
        return []
    leads = Seat.objects.current().filter(site=OuterRef("pk"), role=SeatRole.LEAD, holder__is_active=True)
    return [
        Todo("Find a new lead", reverse("sites:coalition-detail", args=[site.reference]), about=site.name)
        for site in Site.objects.filter(~Exists(leads))
    ]
