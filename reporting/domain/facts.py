"""The facts an issued report is printed from: the frozen submission, protected for everybody to see."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from portal import programme
from portal.words import zone_named
from reporting.domain.protection import protected
from reporting.models import ReportSubmission
from reporting.pdf.facts import (
    Certification,
    Engagement,
    Milestone,
    MoneyLine,
    MoneyYear,
    Progress,
    ReportFacts,
)

EDITION = "Public edition, small groups protected"


def facts_of(
    submission: ReportSubmission, *, version: int, issued_at: datetime, time_zone: str, reply: str
) -> ReportFacts:
    """What the PDF of a submission says, from its arguments and the portal's names alone, so that it is repeatable."""
    content = submission.content
    year = content["year"]
    return ReportFacts(
        portal=settings.PORTAL_NAME,
        foundation=settings.FOUNDATION_NAME,
        site=content["site"]["name"],
        place=content["site"]["place"],
        partners=tuple(each["name"] for each in content["site"]["partners"]),
        award_reference=content["award"],
        report_reference=content["reference"],
        year_number=year["number"],
        school_year=year["school_year"],
        edition=EDITION,
        version=version,
        issued_at=issued_at,
        time_zone=time_zone,
        yearly_ceiling=Decimal(year["ceiling"]),
        summary=content["summary"],
        progress=tuple(_progress(each) for each in content["components"]),
        engagement=tuple(
            Engagement(each["audience"], each["people"], each["times"], each["doing"]) for each in content["engagement"]
        ),
        indicators=tuple(protected(each) for each in content["indicators"]),
        money=tuple(_money_year(each, content) for each in content["money_by_year"]),
        challenges=content["challenges"],
        lessons=content["lessons"],
        next_year=content["next_year"],
        certifications=tuple(
            Certification(each["name"], each["title"], each["organisation"], _day(each["at"], time_zone))
            for each in content["certifications"]
        ),
        reply=reply,
        award_years=programme.AWARD_YEARS,
    )


def _progress(component: dict[str, Any]) -> Progress:
    return Progress(
        code=component["code"],
        name=component["name"],
        narrative=component["text"],
        milestones=tuple(
            Milestone(each["text"], each["label"], each["met"], each["note"]) for each in component["milestones"]
        ),
        rating=component["rating"],
        rating_label=component["rating_label"],
    )


def _money_year(year: dict[str, Any], content: dict[str, Any]) -> MoneyYear:
    """A year's money; the reported year's own lines come from its section, where differences are explained."""
    lines = content["components"] if year["number"] == content["year"]["number"] else year["components"]
    return MoneyYear(
        year["number"],
        year["school_year"],
        tuple(
            MoneyLine(
                each["code"],
                each["name"],
                Decimal(each["budget"]),
                None if each["actual"] is None else Decimal(each["actual"]),
                each.get("explanation", ""),
            )
            for each in lines
        ),
    )


def _day(instant: str, time_zone: str) -> date:
    return datetime.fromisoformat(instant).astimezone(zone_named(time_zone)).date()
