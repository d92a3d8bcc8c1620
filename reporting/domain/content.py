"""What a report says, as plain JSON: what is submitted, hashed, shown to staff and printed."""

import hashlib
import json

from django.core.serializers.json import DjangoJSONEncoder

from reporting.enums import Audience, MilestoneStatus, ReportState
from reporting.models import AnnualReport, Indicator, Spending
from sites.enums import StudentGroup


def build(report: AnnualReport) -> dict:
    """The whole content of a report as it stands now. Money is text with two decimals, dates are ISO 8601."""
    year = report.award_year
    award = year.award
    partners = {partner.pk: partner for partner in report.site.partners.all()}
    content = {
        "reference": report.reference,
        "award": award.reference,
        "site": {
            "name": report.site.name,
            "place": report.site.where,
            "partners": [{"name": each.name, "kind": each.get_kind_display()} for each in partners.values()],
        },
        "year": {
            "number": year.number,
            "school_year": year.school_year,
            "starts_on": year.starts_on,
            "ends_on": year.ends_on,
            "amount": year.amount,
            "ceiling": year.ceiling,
        },
        "summary": report.summary,
        "components": _components(report),
        "engagement": [
            {
                "audience": Audience(each.audience).label,
                "people": each.people,
                "times": each.times,
                "doing": each.doing,
            }
            for each in report.engagement.all()
        ],
        "indicators": [tell_indicator(each) for each in report.indicators.prefetch_related("results")],
        "money_by_year": _money_by_year(report),
        "challenges": report.challenges,
        "lessons": report.lessons,
        "next_year": report.next_year,
        "certifications": [
            {"name": each.name, "title": each.title, "organisation": partners[each.partner_id].name, "at": each.at}
            for each in report.certifications.all()
        ],
    }
    return json.loads(json.dumps(content, cls=DjangoJSONEncoder))


def digest(content: dict) -> str:
    """SHA-256 over the canonical JSON of a content: sorted keys, no spaces, UTF-8."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _components(report: AnnualReport) -> list[dict]:
    outcomes: dict[str, list] = {}
    for each in report.milestones.select_related("milestone"):
        outcomes.setdefault(each.milestone.component_id, []).append(
            {
                "text": each.milestone.text,
                "status": each.status,
                "label": each.get_status_display(),
                "met": each.status == MilestoneStatus.MET,
                "note": each.note,
            }
        )
    spending = {each.component_id: each for each in report.spending.all()}
    return [
        {
            "code": each.component_id,
            "name": each.component.name,
            "text": each.text,
            "rating": each.rating,
            "rating_label": each.get_rating_display() if each.rating else "",
            "milestones": outcomes.get(each.component_id, []),
            "budget": spending[each.component_id].budget,
            "actual": spending[each.component_id].actual,
            "explanation": spending[each.component_id].explanation,
        }
        for each in report.progress.select_related("component")
    ]


def tell_indicator(indicator: Indicator) -> dict:
    """One test's results with the names people know things by."""
    return {
        "title": str(indicator),
        "test": indicator.test_name,
        "school_year": indicator.school_year,
        "level_names": indicator.level_names,
        "proficient_from": indicator.proficient_from,
        "reference_group": indicator.reference_group,
        "reference_name": indicator.get_reference_group_display(),
        "focal_group": indicator.focal_group,
        "focal_name": indicator.get_focal_group_display(),
        "groups": [
            {"code": each.group, "name": StudentGroup(each.group).label, "counts": each.counts}
            for each in indicator.results.all()
        ],
    }


def _money_by_year(report: AnnualReport) -> list[dict]:
    """The award's budget year by year, and what was spent in this year and in those reported on before it."""
    award = report.award_year.award
    told = AnnualReport.objects.filter(award_year__award=award).exclude(state=ReportState.DRAFT) | (
        AnnualReport.objects.filter(pk=report.pk)
    )
    spent = {
        (each.report.award_year_id, each.component_id): each.actual
        for each in Spending.objects.filter(report__in=told).select_related("report")
    }
    return [
        {
            "number": year.number,
            "school_year": year.school_year,
            "amount": year.amount,
            "components": [
                {
                    "code": each.component_id,
                    "name": each.component.name,
                    "budget": each.amount,
                    "actual": spent.get((year.pk, each.component_id)),
                }
                for each in year.allocations.select_related("component")
            ],
        }
        for year in award.years.all()
    ]
