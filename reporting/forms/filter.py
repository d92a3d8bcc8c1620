"""The filter of the list of reports."""

import django_filters
from django.db.models import Q
from django.utils import timezone

from reporting.enums import ReportState
from reporting.models import AnnualReport

OVERDUE = "overdue"


class ReportFilter(django_filters.FilterSet):
    """By state, by whether the due date has passed, and by words."""

    state = django_filters.ChoiceFilter(label="State", empty_label="Any state", choices=ReportState.choices)
    due = django_filters.ChoiceFilter(
        label="Due", empty_label="At any time", choices=[(OVERDUE, "Overdue")], method="by_due"
    )
    q = django_filters.CharFilter(label="Site or reference", method="by_words")

    class Meta:
        model = AnnualReport
        fields = ["state", "due", "q"]

    def by_due(self, reports, name, value):
        today = timezone.localdate(self.request.arrived_at)
        return reports.filter(due_on__lt=today, state__in=[ReportState.DRAFT, ReportState.RETURNED])

    def by_words(self, reports, name, value):
        words = value.strip()
        return reports.filter(Q(site__name__icontains=words) | Q(reference__iexact=words))
