"""The sections that are filled in as tables: who was engaged, what was spent, who certifies."""

from __future__ import annotations

from typing import Any

from django import forms

from portal.forms import CountField
from portal.money import MoneyFormField
from reporting.enums import Audience
from reporting.forms.section import SectionForm

MOST_PEOPLE = 10_000_000


class EngagementForm(SectionForm):
    """How many people of each kind took part, how often, doing what."""

    def row_fields(self) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {}
        for code, name in Audience.choices:
            fields[f"people_{code}"] = CountField(label=f"{name}: how many", required=False, max_value=MOST_PEOPLE)
            fields[f"times_{code}"] = CountField(
                label=f"{name}: how often in the year", required=False, max_value=MOST_PEOPLE
            )
            fields[f"doing_{code}"] = forms.CharField(label=f"{name}: doing what", max_length=300, required=False)
        return fields

    def stored(self) -> dict[str, Any]:
        stored: dict[str, Any] = {}
        for each in self.report.engagement.all():
            code = each.audience
            stored |= {f"people_{code}": each.people, f"times_{code}": each.times, f"doing_{code}": each.doing}
        return stored

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each audience with its three fields."""
        return [
            {
                "name": name,
                "people": self[f"people_{code}"],
                "times": self[f"times_{code}"],
                "doing": self[f"doing_{code}"],
            }
            for code, name in Audience.choices
        ]

    def clean(self) -> dict[str, Any]:
        super().clean()
        told = self.cleaned_data
        for code in Audience.values:
            names = [f"{name}_{code}" for name in ("people", "times", "doing")]
            if all(told.get(name) in (None, "") and not self.has_error(name) for name in names):
                continue
            for name, words in (("people", "how many people"), ("times", "how often in the year")):
                if told.get(f"{name}_{code}") is None and not self.has_error(f"{name}_{code}"):
                    self.add_error(f"{name}_{code}", f"Enter {words}, or leave the whole line empty.")
        return told

    def facts(self) -> dict[str, Any]:
        told = self.cleaned_data
        return {
            "rows": {
                code: (told[f"people_{code}"], told[f"times_{code}"], told[f"doing_{code}"])
                for code in Audience.values
                if told[f"people_{code}"] is not None
            }
        }


class FinancesForm(SectionForm):
    """What was spent on each component, and why it differs from the budget."""

    def __init__(self, *args: Any, report, **kwargs: Any):
        self.spending = list(report.spending.select_related("component"))
        super().__init__(*args, report=report, **kwargs)

    def row_fields(self) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {}
        for each in self.spending:
            name = each.component.short_name
            fields[f"actual_{each.component_id}"] = MoneyFormField(label=f"{name}: spent", required=False)
            fields[f"explanation_{each.component_id}"] = forms.CharField(
                label=f"{name}: why it differs", required=False, max_length=5000, widget=forms.Textarea({"rows": 2})
            )
        return fields

    def stored(self) -> dict[str, Any]:
        stored: dict[str, Any] = {}
        for each in self.spending:
            code = each.component_id
            stored |= {f"actual_{code}": each.actual, f"explanation_{code}": each.explanation}
        return stored

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each component with its budget and its two fields."""
        return [
            {
                "component": each.component,
                "budget": each.budget,
                "actual": self[f"actual_{each.component_id}"],
                "explanation": self[f"explanation_{each.component_id}"],
            }
            for each in self.spending
        ]

    @property
    def budget(self):
        """The year's budget."""
        return sum(each.budget for each in self.spending)

    @property
    def spent(self):
        """What is stored as spent so far; the page's total until a script adds up what is typed."""
        return sum(each.actual for each in self.spending if each.actual is not None)

    def facts(self) -> dict[str, Any]:
        told = self.cleaned_data
        codes = [each.component_id for each in self.spending]
        return {"rows": {code: (told[f"actual_{code}"], told[f"explanation_{code}"]) for code in codes}}


class CertificationForm(SectionForm):
    """Who certifies for each partner that the report is true."""

    def __init__(self, *args: Any, report, **kwargs: Any):
        self.partners = list(report.site.partners.all())
        super().__init__(*args, report=report, **kwargs)

    def row_fields(self) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {}
        for each in self.partners:
            fields[f"name_{each.pk}"] = forms.CharField(label="Full name", max_length=120, required=False)
            fields[f"title_{each.pk}"] = forms.CharField(label="Title", max_length=120, required=False)
        return fields

    def stored(self) -> dict[str, Any]:
        stored: dict[str, Any] = {}
        for each in self.report.certifications.all():
            stored |= {f"name_{each.partner_id}": each.name, f"title_{each.partner_id}": each.title}
        return stored

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each partner with its two fields."""
        return [
            {"partner": each, "name": self[f"name_{each.pk}"], "title": self[f"title_{each.pk}"]}
            for each in self.partners
        ]

    def clean(self) -> dict[str, Any]:
        super().clean()
        told = self.cleaned_data
        for each in self.partners:
            if told.get(f"name_{each.pk}") and not told.get(f"title_{each.pk}"):
                self.add_error(f"title_{each.pk}", f"Enter the title under which they certify for {each.name}.")
        return told

    def facts(self) -> dict[str, Any]:
        told = self.cleaned_data
        return {"rows": {each.pk: (told[f"name_{each.pk}"], told[f"title_{each.pk}"]) for each in self.partners}}
