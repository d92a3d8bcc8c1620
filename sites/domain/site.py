"""Founding a coalition, changing what is said of it, naming its fiscal agent."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from portal.access import Refused, demand
from portal.accounts.models import User
from portal.activity.domain import allocate, record
from portal.record import bump, lock
from sites.domain.twin import demand_no_twin_of_place
from sites.enums import PartnerKind, SeatRole, State
from sites.identifiers import check_leaid
from sites.models import Partner, Seat, Site
from sites.rules import may_hold_seat, may_lead
from sites.signals import coalition_changed

FACTS = ("name", "place", "state", "students", "story")


def create_site(
    *,
    name: str,
    place: str,
    state: str,
    actor: User,
    at: datetime,
    students: int | None = None,
    story: str = "",
    apart: bool = False,
) -> Site:
    """Found a coalition; whoever founds it leads it.

    `apart` says that it is another one than the one that may be there. Raises `Refused` for foundation staff, `Twin`
    when there is one of the same name or place, ValidationError by field.
    """
    demand(may_hold_seat(actor))
    site = Site(
        name=name.strip(), place=place.strip(), state=state, students=students, story=story.strip(), created_at=at
    )
    _check(site)
    if not apart:
        demand_no_twin_of_place(site.name, site.place, site.state)
    with transaction.atomic():
        site.reference = allocate("S", at.year)
        site.save(force_insert=True)
        Seat.objects.create(site=site, holder=actor, role=SeatRole.LEAD, started_at=at)
        actor.forget_seats()
        record(site, "create", actor=actor, at=at, summary=f"Founded the coalition {site}.")
    return site


def change_site(site: Site, *, version: int, actor: User, at: datetime, **facts) -> Site:
    """Change name, place, state, students or story. Raises `Refused`, `Stale`, ValidationError by field."""
    with transaction.atomic():
        row = lock(site, version=version)
        demand(may_lead(row, actor))
        before = {name: getattr(row, name) for name in facts}
        for name in facts:
            setattr(row, name, facts[name])
        _check(row)
        _check_district(row)
        changed = {name: facts[name] for name in facts if facts[name] != before[name]}
        if changed:
            bump(row, *changed)
            coalition_changed.send(Site, site=row, actor=actor, at=at, what="what is said of the coalition")
            record(
                row, "change", actor=actor, at=at, summary="Changed what is said of the coalition.",
                facts={"before": {name: before[name] for name in changed}, "after": changed},
            )  # fmt: skip
    return row


def set_fiscal_agent(site: Site, partner: Partner, *, actor: User, at: datetime) -> Site:
    """Name the partner that is paid and reported to the tax authority; it need not be the lead.

    Raises `Refused` when the actor may not or the partner cannot be paid yet, Partner.DoesNotExist for another site's.
    """
    with transaction.atomic():
        row = lock(site)
        demand(may_lead(row, actor))
        chosen = row.partners.get(pk=partner.pk)
        if not chosen.ein or not chosen.tax_status:
            raise Refused(f"Add the EIN and the tax status of {chosen} first: without them it cannot be paid.")
        if row.fiscal_agent_id != chosen.pk:
            row.fiscal_agent = chosen
            bump(row, "fiscal_agent")
            coalition_changed.send(Site, site=row, actor=actor, at=at, what="the fiscal agent")
            record(
                row, "set-fiscal-agent", actor=actor, at=at, summary=f"Made {chosen} the fiscal agent.",
                facts={"name": chosen.name, "ein": chosen.ein},
            )  # fmt: skip
    return row


def _check(site: Site) -> None:
    """Plain errors by field, before the database has to refuse."""
    errors = {}
    if not site.name:
        errors["name"] = "Give the coalition a name."
    if not site.place:
        errors["place"] = "Name the city or county."
    if site.state not in State.values:
        errors["state"] = "Choose a state."
    if errors:
        raise ValidationError(errors)


def _check_district(site: Site) -> None:
    """A district's id names its state, so the site's state cannot move away from it."""
    district = site.partners.filter(kind=PartnerKind.DISTRICT).exclude(leaid="").first()
    if district is not None:
        try:
            check_leaid(district.leaid, site.state)
        except ValidationError as error:
            raise ValidationError(
                {"state": f"The district's id does not belong to this state. {error.message}"}
            ) from error
