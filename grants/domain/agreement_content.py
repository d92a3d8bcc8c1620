"""What an agreement says, as one JSON-able dict: what is frozen when it is sent out, signed, shown, printed and hashed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings

from grants.domain.agreement_terms import Clause, clauses
from grants.domain.queries.timeline import timeline_items
from grants.enums import ConditionKind, PaymentState
from grants.models import Agreement, AwardYear, Payment
from portal import clock
from portal.money import CENT, ZERO
from portal.words import day_words
from sites.identifiers import show_ein
from sites.models import Component

FORMAT = 1
_GONE = (PaymentState.CANCELLED, PaymentState.VOIDED)


def build(agreement: Agreement) -> dict[str, Any]:
    """The whole content of an agreement as its award stands. Amounts are text with two places, dates are ISO text."""
    award = agreement.award
    components = list(Component.objects.all())
    years = list(award.years.prefetch_related("allocations"))
    earlier = award.agreements.filter(number__lt=agreement.number).order_by("-number").first()
    return {
        "format": FORMAT,
        "reference": agreement.reference,
        "number": agreement.number,
        "replaces": earlier.reference if earlier else "",
        "foundation": settings.FOUNDATION_NAME,
        "award": award.reference,
        "round": {"reference": award.round.reference, "name": award.round.name},
        "proposal": {"reference": award.proposal.reference, "title": award.proposal.title},
        "coalition": {
            "reference": award.site.reference,
            "name": award.site.name,
            "place": award.site.place,
            "state": award.site.state,
        },
        "parties": [_party(each, award) for each in award.site.partners.all()],
        "payee": {
            "name": award.payee_name,
            "ein": show_ein(award.payee_ein) if award.payee_ein else "",
            "tax_status": award.get_payee_tax_status_display() if award.payee_tax_status else "",
        },
        "amount": _cents(award.amount),
        "yearly_ceiling": _cents(award.yearly_ceiling),
        "total_ceiling": _cents(award.total_ceiling),
        "starts_on": award.starts_on.isoformat(),
        "ends_on": award.ends_on.isoformat(),
        "components": [{"code": each.code, "name": each.name, "short_name": each.short_name} for each in components],
        "years": _years(award, years, components),
        "payments": _payments(years),
        "conditions": agreement.conditions.strip(),
        "terms": agreement.terms.strip(),
    }


def _party(partner, award) -> dict[str, Any]:
    return {
        "partner": str(partner.public_id),
        "role": partner.get_kind_display(),
        "name": partner.name,
        "leaid": partner.leaid,
        "ein": partner.shown_ein if partner.ein else "",
        "uei": partner.uei,
        "tax_status": partner.get_tax_status_display() if partner.tax_status else "",
        "is_payee": partner.name == award.payee_name,
    }


def _years(award, years: list[AwardYear], components: list[Component]) -> list[dict[str, Any]]:
    due = {item.year: item.due_on for item in timeline_items(award, clock.now()) if item.due_on}
    told = []
    for year in years:
        amounts = {each.component_id: each.amount for each in year.allocations.all()}
        told.append(
            {
                "number": year.number,
                "school_year": year.school_year,
                "starts_on": year.starts_on.isoformat(),
                "ends_on": year.ends_on.isoformat(),
                "amount": _cents(year.amount),
                "components": [_cents(amounts.get(each.code, ZERO)) for each in components],
                "report_due": due[year.number].isoformat() if year.number in due else "",
            }
        )
    return told


def _payments(years: list[AwardYear]) -> list[dict[str, Any]]:
    """The schedule there is; before the award has one, the payments it will start with."""
    made = Payment.objects.filter(award_year__in=years).exclude(state__in=_GONE)
    rows = made.select_related("award_year").prefetch_related("conditions").order_by("due_on", "pk")
    scheduled = [
        {
            "year": each.award_year.number,
            "due_on": each.due_on.isoformat(),
            "amount": _cents(each.amount),
            "conditions": [
                condition.text or _wanted(condition.kind, each.award_year) for condition in each.conditions.all()
            ],
        }
        for each in rows
    ]
    return scheduled or [_first_payment(year) for year in years if year.amount]


def _first_payment(year: AwardYear) -> dict[str, Any]:
    kinds = [ConditionKind.AGREEMENT_SIGNED]
    if year.number > 1:
        kinds.append(ConditionKind.REPORT_ACCEPTED)
    return {
        "year": year.number,
        "due_on": year.starts_on.isoformat(),
        "amount": _cents(year.amount),
        "conditions": [_wanted(kind, year) for kind in kinds],
    }


def _wanted(kind: str, year: AwardYear) -> str:
    """What a payment of the year waits for, whether or not it has happened."""
    if kind == ConditionKind.AGREEMENT_SIGNED:
        return "This agreement is in force."
    return f"The report for year {year.number - 1} is accepted."


def _cents(amount: Decimal) -> str:
    return str(amount.quantize(CENT))


@dataclass(frozen=True)
class Reading:
    """A content as a page or a document shows it: days in words, texts by paragraph."""

    content: dict[str, Any]
    starts_on: str
    ends_on: str
    years: list[dict[str, Any]]
    payments: list[dict[str, Any]]
    totals: list[str]
    terms: list[Clause]
    conditions: list[Clause]


def reading(content: dict[str, Any]) -> Reading:
    """A content of `build`, made ready to be read."""
    days = ("starts_on", "ends_on", "report_due")
    columns = zip(*(year["components"] for year in content["years"]), strict=True)
    return Reading(
        content,
        _day(content["starts_on"]),
        _day(content["ends_on"]),
        [year | {name: _day(year[name]) for name in days} for year in content["years"]],
        [payment | {"due_on": _day(payment["due_on"])} for payment in content["payments"]],
        [str(sum(map(Decimal, column), ZERO)) for column in columns],
        clauses(content["terms"]),
        clauses(content["conditions"]),
    )


def _day(text: str) -> str:
    return day_words(date.fromisoformat(text)) if text else ""
