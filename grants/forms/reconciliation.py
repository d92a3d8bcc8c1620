"""The filters of the reconciliation page."""

import django_filters

from grants.domain.queries.reconciliation_table import GROUPINGS
from grants.models import AwardYear, FundingRound
from portal import programme

BY = "site"


class ReconciliationFilter(django_filters.FilterSet):
    """How the table is cut, and which award years it counts."""

    by = django_filters.ChoiceFilter(
        label="One line a",
        empty_label=None,
        choices=[(each.key, each.label) for each in GROUPINGS.values()],
        method="cut",
    )
    round = django_filters.ModelChoiceFilter(
        label="Round",
        field_name="award__round",
        to_field_name="reference",
        queryset=FundingRound.objects.exclude(awards=None).order_by("-pk").distinct(),
        empty_label="All rounds",
    )
    site = django_filters.CharFilter(label="Site", field_name="award__site__name", lookup_expr="icontains")
    year = django_filters.ChoiceFilter(
        label="Award year",
        field_name="number",
        empty_label="All five",
        choices=[(number, f"Year {number}") for number in programme.YEAR_NUMBERS],
    )
    school_year = django_filters.ChoiceFilter(label="School year", empty_label="All", choices=())

    class Meta:
        model = AwardYear
        fields = ["by", "round", "site", "year", "school_year"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        school_years = AwardYear.objects.order_by("school_year").values_list("school_year", flat=True).distinct()
        self.filters["school_year"].extra["choices"] = [(each, each) for each in school_years]

    def cut(self, years, name, value):
        return years

    @property
    def chosen(self) -> str:
        """The grouping that was asked for, by site without a choice."""
        return (self.form.cleaned_data.get("by") if self.form.is_valid() else "") or BY
