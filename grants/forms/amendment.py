"""The forms of amendments, one for each kind of change, and the filter of their list."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.db.models import Q

from grants.domain.queries.amendment import Grid, latest_end, possible_payees
from grants.enums import AmendmentKind, AmendmentState
from grants.forms.year_grid import YearRow
from grants.models import Amendment, Award
from portal.forms import PortalForm
from portal.money import ZERO, MoneyFormField
from portal.programme import YEAR_NUMBERS
from portal.words import day_words
from sites.models import Component, Partner

REASON = 4000


@dataclass(frozen=True)
class GridRow(YearRow):
    """An award year with what it gets now, and what finance cannot take back."""

    present: Decimal
    scheduled: Decimal


class AmendmentForm(PortalForm):
    """Why a change is asked for; every kind adds what it changes. `facts` is what the domain takes."""

    reason = forms.CharField(
        label="Why",
        max_length=REASON,
        widget=forms.Textarea({"rows": 5}),
        help_text="What has changed since the award, and what this makes possible. The foundation decides by it.",
    )
    field_order: list[str] | None = None

    def __init__(self, *args, award: Award, amendment: Amendment | None = None, **kwargs):
        self.award, self.amendment = award, amendment
        initial = {"reason": amendment.reason} if amendment else {}
        super().__init__(*args, initial=initial | kwargs.pop("initial", {}), **kwargs)

    @property
    def facts(self) -> dict[str, Any]:
        """What was typed, by the names of `start_amendment`."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class MoveForm(AmendmentForm):
    """The whole grid of amounts by year and component, starting from the present ones."""

    def __init__(self, *args, present: Grid, grid: Grid, components: list[Component], **kwargs):
        super().__init__(*args, **kwargs)
        self._components, self._present = components, present
        for year in YEAR_NUMBERS:
            for component in components:
                self.fields[_cell(year, component)] = MoneyFormField(
                    label=f"Year {year}, {component.short_name}",
                    initial=grid.get((year, component.code)),
                    required=False,
                )

    def rows(self) -> list[GridRow]:
        """The grid, year by year. One query."""
        return [
            GridRow(
                year.number,
                year.school_year,
                [self[_cell(year.number, component)] for component in self._components],
                sum((amount for (number, _), amount in self._present.items() if number == year.number), ZERO),
                year.scheduled,
            )
            for year in self.award.years.order_by("number")
        ]

    @property
    def facts(self) -> dict[str, Any]:
        amounts = {
            (year, component.code): self.cleaned_data[_cell(year, component)] or ZERO
            for year in YEAR_NUMBERS
            for component in self._components
        }
        return {"reason": self.cleaned_data["reason"], "amounts": amounts}


def _cell(year: int, component: Component) -> str:
    return f"amount_{year}_{component.code}"


class ExtendForm(AmendmentForm):
    """The new last day of the award."""

    ends_on = forms.DateField(label="New last day", error_messages={"required": "Choose the new last day."})
    field_order = ["ends_on", "reason"]

    def __init__(self, *args, award: Award, amendment: Amendment | None = None, **kwargs):
        initial = {"ends_on": amendment.ends_on} if amendment else {}
        super().__init__(*args, award=award, amendment=amendment, initial=initial, **kwargs)
        self.fields["ends_on"].help_text = (
            f"The award ends on {day_words(award.ends_on)}. An extension reaches to {day_words(latest_end(award))} at "
            "most, and brings no more money."
        )

    def clean_ends_on(self):
        ends_on = self.cleaned_data["ends_on"]
        if ends_on <= self.award.ends_on:
            raise forms.ValidationError(f"The award runs until {day_words(self.award.ends_on)} already.")
        if ends_on > latest_end(self.award):
            raise forms.ValidationError(f"Choose {day_words(latest_end(self.award))} or an earlier day.")
        return ends_on


class PayeeForm(AmendmentForm):
    """Which partner is paid from now on."""

    payee = forms.ModelChoiceField(Partner.objects.none(), label="New fiscal agent", empty_label="Choose a partner")
    field_order = ["payee", "reason"]

    def __init__(self, *args, award: Award, amendment: Amendment | None = None, **kwargs):
        initial = {"payee": amendment.payee_id} if amendment else {}
        super().__init__(*args, award=award, amendment=amendment, initial=initial, **kwargs)
        partners = possible_payees(award)
        field = self.field_as("payee", forms.ModelChoiceField)
        field.queryset = Partner.objects.filter(pk__in=[each.pk for each in partners])
        field.choices = [
            ("", "Choose a partner"),
            *((each.pk, f"{each.name} · EIN {each.shown_ein} · {each.get_tax_status_display()}") for each in partners),
        ]
        field.help_text = (
            "Partners whose EIN and tax status are in the coalition’s record. Payments that are prepared already still "
            "go to the present fiscal agent."
        )


class PeopleForm(AmendmentForm):
    """Who leaves and who comes, in words."""

    people = forms.CharField(
        label="Who leaves, who comes",
        max_length=REASON,
        widget=forms.Textarea({"rows": 5}),
        help_text="Names, what they do for the grant, and from when. Seats and signatories you change yourself, on the "
        "coalition’s page.",
    )
    field_order = ["people", "reason"]

    def __init__(self, *args, amendment: Amendment | None = None, **kwargs):
        initial = {"people": amendment.people} if amendment else {}
        super().__init__(*args, amendment=amendment, initial=initial, **kwargs)


FORMS: dict[str, type[AmendmentForm]] = {
    AmendmentKind.MOVE_MONEY: MoveForm,
    AmendmentKind.EXTEND: ExtendForm,
    AmendmentKind.PAYEE: PayeeForm,
    AmendmentKind.PEOPLE: PeopleForm,
}


class AmendmentFilter(django_filters.FilterSet):
    """By site or reference, by what changes, and by state."""

    q = django_filters.CharFilter(label="Site or reference", method="by_words")
    kind = django_filters.ChoiceFilter(label="What changes", choices=AmendmentKind.choices, empty_label="Everything")
    state = django_filters.ChoiceFilter(label="State", choices=AmendmentState.choices, empty_label="All states")

    class Meta:
        model = Amendment
        fields = ["q", "kind", "state"]

    def by_words(self, amendments, name, value):
        words = value.strip()
        return amendments.filter(
            Q(award__site__name__icontains=words) | Q(reference__iexact=words) | Q(award__reference__iexact=words)
        )
