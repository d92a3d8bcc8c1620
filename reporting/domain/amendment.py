"""What an amended award changes about the reports that are still to come."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.dispatch import receiver

from grants.models import Amendment, Award
from grants.signals import award_amended
from portal.money import ZERO
from portal.record import lock_all
from reporting.enums import ReportState
from reporting.models import AnnualReport, Spending

# What a site has submitted keeps the budget and the day it was written under.
_STILL_WRITTEN = (ReportState.DRAFT, ReportState.RETURNED)


@receiver(award_amended)
def follow_amendment(sender, award: Award, amendment: Amendment, actor, at: datetime, **kwargs) -> None:
    """Give the reports still being written the award's new amounts by component and, after an extension, its new days.

    Locks those reports, after the award's years and the site.
    """
    reports = {
        report.award_year_id: report
        for report in lock_all(AnnualReport.objects.filter(award_year__award=award, state__in=_STILL_WRITTEN))
    }
    days = timedelta(days=award.round.report_due_days)
    for year in award.years.filter(pk__in=reports).prefetch_related("allocations"):
        report = reports[year.pk]
        due_on = year.ends_on + days
        if report.due_on != due_on:
            report.due_on = due_on
            report.save(update_fields=["due_on"])
        budgets = {each.component_id: each.amount for each in year.allocations.all()}
        _write_budgets(report, budgets)


def _write_budgets(report: AnnualReport, budgets: dict[str, Decimal]) -> None:
    changed = []
    for spending in report.spending.all():
        budget = budgets.get(spending.component_id, ZERO)
        if spending.budget != budget:
            spending.budget = budget
            changed.append(spending)
    Spending.objects.bulk_update(changed, ["budget"])
