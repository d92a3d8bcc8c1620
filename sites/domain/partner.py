"""Adding, changing and removing the partners of a coalition. Each locks the site's row, then the partner's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import ProtectedError

from portal.access import Refused, demand
from portal.accounts.models import User
from portal.activity.domain import record
from portal.record import bump, lock
from sites.domain.queries.district import district_named
from sites.domain.twin import demand_no_twin_of_district
from sites.enums import PartnerKind, TaxStatus
from sites.identifiers import check_ein, check_leaid, check_uei, squeeze
from sites.models import Partner, Site
from sites.rules import may_lead
from sites.signals import coalition_changed

FACTS = ("name", "leaid", "ein", "uei", "tax_status", "signatory_name", "signatory_title", "signatory_email")
# Who signs is no part of what is signed.
_UNSEEN = {"signatory_name", "signatory_title", "signatory_email"}
_ONLY_ONE = {
    PartnerKind.DISTRICT: "This coalition has a school district already.",
    PartnerKind.UNION: "This coalition has an education union already.",
}


def add_partner(
    site: Site, *, kind: str, actor: User, at: datetime, students: int | None = None, apart: bool = False, **facts: Any
) -> Partner:
    """Add an organization; `facts` are the fields in `FACTS`, of a district also how many `students` it has.

    What the list of districts knows and nobody gave is taken from there. `apart` says that this is another coalition
    than the one that has the district already. Raises `Refused`, `Twin`, ValidationError by field.
    """
    with transaction.atomic():
        row = lock(site)
        demand(may_lead(row, actor))
        partner = Partner(site=row, kind=kind)
        _fill(partner, facts)
        if not apart:
            demand_no_twin_of_district(partner.leaid, besides=row)
        partner.save(force_insert=True)
        _count_students(row, partner, students)
        coalition_changed.send(Site, site=row, actor=actor, at=at, what=f"a new partner, {partner}")
        label = partner.get_kind_display().lower()
        record(row, "add-partner", actor=actor, at=at, summary=f"Added the {label} {partner}.", facts=_told(partner))
    return partner


def change_partner(
    partner: Partner,
    *,
    version: int,
    actor: User,
    at: datetime,
    students: int | None = None,
    apart: bool = False,
    **facts: Any,
) -> Partner:
    """Change what is known of an organization; what it is stays. As `add_partner`; raises `Stale` too."""
    with transaction.atomic():
        site = lock(partner.site)
        demand(may_lead(site, actor))
        row = lock(partner, version=version)
        row.site = site
        before = _told(row)
        _fill(row, facts)
        after = _told(row)
        changed = [name for name in FACTS if before[name] != after[name]]
        if "leaid" in changed and not apart:
            demand_no_twin_of_district(row.leaid, besides=site)
        if changed:
            bump(row, *changed)
        recounted = _count_students(site, row, students)
        if recounted or set(changed) - _UNSEEN:
            coalition_changed.send(Site, site=site, actor=actor, at=at, what=f"what is known of {row}")
        if changed or recounted:
            facts = {
                "before": {name: before[name] for name in changed},
                "after": {name: after[name] for name in changed},
            }
            if recounted:
                facts["students"] = site.students
            record(site, "change-partner", actor=actor, at=at, summary=f"Changed what is known of {row}.", facts=facts)
    return row


def remove_partner(partner: Partner, *, actor: User, at: datetime) -> None:
    """Remove an organization. Raises `Refused` for the fiscal agent, and for one that was asked to sign something."""
    with transaction.atomic():
        site = lock(partner.site)
        demand(may_lead(site, actor))
        row = lock(partner)
        if site.fiscal_agent_id == row.pk:
            raise Refused(f"{row} is the fiscal agent. Choose another one first.")
        told = _told(row)
        try:
            with transaction.atomic():
                row.delete()
        except ProtectedError as error:
            raise Refused(f"{row} was asked to sign for this coalition, so it has to stay on the record.") from error
        coalition_changed.send(Site, site=site, actor=actor, at=at, what=f"{told['name']}, no partner any more")
        record(site, "remove-partner", actor=actor, at=at, summary=f"Removed {told['name']}.", facts=told)


def _fill(partner: Partner, facts: dict[str, Any]) -> None:
    """Set and check the facts; every problem is reported by field, all at once."""
    for name, value in facts.items():
        setattr(partner, name, value.strip())
    if partner.kind == PartnerKind.DISTRICT and partner.leaid and not partner.name:
        listed = district_named(partner.site.state, squeeze(partner.leaid))
        partner.name = listed.name if listed else ""
    errors = _written_wrong(partner) | _not_alone(partner) | _cannot_be_paid(partner)
    if errors:
        raise ValidationError(errors)
    if partner.kind == PartnerKind.DISTRICT:
        _check_schools(partner)


def _count_students(site: Site, partner: Partner, students: int | None) -> bool:
    """Keep the number of students of a district's coalition: the one given, or the list's when none is known."""
    if partner.kind != PartnerKind.DISTRICT:
        return False
    if students is None and site.students is None and partner.leaid:
        listed = district_named(site.state, partner.leaid)
        students = listed.students if listed else None
    if students is None or students == site.students:
        return False
    site.students = students
    bump(site, "students")
    return True


def _written_wrong(partner: Partner) -> dict[str, Any]:
    """Identifiers and choices that are not well-formed; the well-formed ones are cleaned."""
    errors: dict[str, Any] = {}
    for name, check in _checks(partner).items():
        value = getattr(partner, name)
        if value:
            try:
                setattr(partner, name, check(value) or value)
            except ValidationError as error:
                errors[name] = error
    if partner.kind not in PartnerKind.values:
        errors["kind"] = "Choose what the organization is."
    if partner.tax_status and partner.tax_status not in TaxStatus.values:
        errors["tax_status"] = "Choose one of the tax statuses."
    return errors


def _not_alone(partner: Partner) -> dict[str, Any]:
    """What clashes with the coalition's other partners."""
    errors: dict[str, Any] = {}
    others = Partner.objects.filter(site=partner.site).exclude(pk=partner.pk)
    if not partner.name:
        errors["name"] = "Give the name of the organization."
    elif others.filter(name=partner.name).exists():
        errors["name"] = "A partner of this name is in the coalition already."
    if partner.kind in _ONLY_ONE and others.filter(kind=partner.kind).exists():
        errors["kind"] = _ONLY_ONE[PartnerKind(partner.kind)]
    return errors


def _cannot_be_paid(partner: Partner) -> dict[str, Any]:
    """The fiscal agent keeps what it is paid by."""
    is_agent = partner.pk is not None and partner.site.fiscal_agent_id == partner.pk
    if is_agent and not (partner.ein and partner.tax_status):
        return {"ein": "The fiscal agent needs an EIN and a tax status: without them it cannot be paid."}
    return {}


def _checks(partner: Partner) -> dict[str, Any]:
    state = partner.site.state
    return {
        "leaid": (lambda text: check_leaid(text, state)) if partner.kind == PartnerKind.DISTRICT else _no_leaid,
        "ein": check_ein,
        "uei": check_uei,
        "signatory_email": validate_email,
    }


def _no_leaid(text: str) -> str:
    raise ValidationError("Only a school district has an NCES district id.")


def _check_schools(district: Partner) -> None:
    """The schools' ids start with the district's; a district of another id would orphan them."""
    listed = district.site.schools.exclude(ncessch="")
    strangers = listed.exclude(ncessch__startswith=district.leaid).count() if district.leaid else 0
    if strangers:
        raise ValidationError(
            {
                "leaid": f"{strangers} of the schools listed have ids of another district. Correct those first, or this id."
            }
        )


def _told(partner: Partner) -> dict[str, str]:
    return {"kind": partner.kind} | {name: getattr(partner, name) for name in FACTS}
