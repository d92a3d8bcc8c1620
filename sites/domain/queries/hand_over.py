"""The chapters of a hand-over that coalitions contribute: the people, and what the record still lacks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from portal.handover import Chapter, Line, provides_hand_over
from portal.words import counted
from sites.domain.queries.gaps import gaps
from sites.domain.queries.site import team_of
from sites.models import Site


@provides_hand_over
def people(site: Site, at: datetime) -> Iterator[Chapter]:
    """The team, who is invited, who signs for which partner."""
    team = [Line(f"{seat.holder}, {seat.get_role_display().lower()}") for seat in team_of(site)]
    invited = [
        Line(f"{each.email} is invited as {each.get_role_display().lower()}", due=each.expires_at)
        for each in site.invitations.pending(at)
    ]
    yield Chapter("The team", (*team, *invited), comes_last=True)
    partners = [
        Line(
            str(partner),
            details=(f"{partner.signatory_name} signs" if partner.signatory_name else "Nobody named yet who signs",),
        )
        for partner in site.partners.all()
    ]
    yield Chapter("The partners", tuple(partners), comes_last=True)


@provides_hand_over
def coalition(site: Site, at: datetime) -> Iterator[Chapter]:
    """Its schools, and what its record lacks before it can apply."""
    where = reverse("sites:coalition-detail", args=[site.reference])
    lacks = tuple(gap.text for gap in gaps(site))
    told = ("Before it can apply:", *lacks) if lacks else ("Its record is complete.",)
    line = Line(f"{site}, {counted(site.schools.count(), 'school')}", where, details=told)
    yield Chapter("The coalition", (line,), comes_last=not lacks)
