"""The versions of an award: what it says at a moment, kept for good when it is made and with every amendment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Max

from grants.enums import AmendmentKind, AmendmentState
from grants.models import Amendment, Award, AwardVersion, AwardYear


def content_of(award: Award) -> dict[str, Any]:
    """An award as it stands now, as JSON. Dollars are text with two decimals, days are ISO dates. Three queries.

    `{"amount", "starts_on", "ends_on", "payee": {"name", "ein", "tax_status"}, "years": [{"number", "school_year",
    "starts_on", "ends_on", "amount", "components": {code: amount}}], "people": [what agreed amendments say]}`
    """
    years = award.years.prefetch_related("allocations").order_by("number")
    agreed = award.amendments.filter(kind=AmendmentKind.PEOPLE, state=AmendmentState.APPROVED).order_by("pk")
    return {
        "amount": str(award.amount),
        "starts_on": award.starts_on.isoformat(),
        "ends_on": award.ends_on.isoformat(),
        "payee": {"name": award.payee_name, "ein": award.payee_ein, "tax_status": award.payee_tax_status},
        "years": [_year(each) for each in years],
        "people": list(agreed.values_list("people", flat=True)),
    }


def keep_first(award: Award, *, actor: Any, at: datetime) -> AwardVersion:
    """Keep the award as it was made: version 1."""
    return AwardVersion.objects.create(award=award, number=1, at=at, by=actor, content=content_of(award))


def keep_next(award: Award, amendment: Amendment, *, people: Iterable[str], by: Any, at: datetime) -> AwardVersion:
    """Keep a locked award as an amendment left it; `people` is what the amendment itself says of people."""
    number = award.versions.aggregate(last=Max("number", default=0))["last"] + 1
    content = content_of(award)
    content["people"] += people
    return AwardVersion.objects.create(award=award, number=number, at=at, by=by, amendment=amendment, content=content)


def _year(year: AwardYear) -> dict[str, Any]:
    return {
        "number": year.number,
        "school_year": year.school_year,
        "starts_on": year.starts_on.isoformat(),
        "ends_on": year.ends_on.isoformat(),
        "amount": str(year.amount),
        "components": {each.component_id: str(each.amount) for each in year.allocations.all()},
    }
