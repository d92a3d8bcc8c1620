"""Forms of dockets: a new one, a scenario, its order and shares, one line with its five-year amounts, one more proposal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.http import QueryDict

from grants.domain.queries.docket_order import Order
from grants.domain.queries.scenario import FEWEST, MOST
from grants.enums import Decision
from grants.forms.year_grid import YearRow
from grants.models import Docket, DocketLine, FundingRound, Proposal
from portal.forms import PortalForm
from portal.money import ZERO, MoneyFormField
from portal.programme import YEAR_NUMBERS
from sites.models import Component


class DocketForm(PortalForm):
    """For which round, and what it is called."""

    round = forms.ModelChoiceField(FundingRound.objects.none(), empty_label="Choose a round")
    title = forms.CharField(label="Name of the docket", max_length=120, help_text="Such as “Board docket, 14 April”.")

    def __init__(self, *args, rounds, **kwargs):
        super().__init__(*args, **kwargs)
        self.field_as("round", forms.ModelChoiceField).queryset = rounds


class ScenarioForm(PortalForm):
    """What a copy of a docket is called."""

    title = forms.CharField(label="Name of the scenario", max_length=120, help_text="Such as “Six sites, 90%”.")


class CompareForm(PortalForm):
    """Which dockets of a round are shown side by side, by their references."""

    docket = forms.MultipleChoiceField(
        label="Dockets to compare",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose two to four dockets."},
    )

    def __init__(self, *args, dockets: list[Docket], **kwargs):
        super().__init__(*args, **kwargs)
        self._dockets = {each.reference: each for each in dockets}
        self.field_as("docket", forms.MultipleChoiceField).choices = [
            (key, str(each)) for key, each in self._dockets.items()
        ]

    def clean_docket(self):
        chosen = self.cleaned_data["docket"]
        if not FEWEST <= len(set(chosen)) <= MOST:
            raise forms.ValidationError("Choose two to four dockets.")
        return chosen

    def chosen(self) -> list[Docket]:
        """The chosen dockets in the order of the list; none when the choice is not valid."""
        wanted = self.cleaned_data["docket"] if self.is_valid() else ()
        return [each for key, each in self._dockets.items() if key in wanted]


class OrderForm(PortalForm):
    """By which mean a draft is ranked."""

    order = forms.ChoiceField(label="Rank by", choices=Order)


class RankForm(PortalForm):
    """To which rank a line is moved."""

    rank = forms.IntegerField(label="Move to rank", min_value=1)


class ShareForm(PortalForm):
    """How much of what was asked every award gets."""

    percent = forms.IntegerField(label="Percent of what was asked", min_value=1, max_value=100, initial=100)


class AddLineForm(PortalForm):
    """One more proposal of the round."""

    proposal = forms.ModelChoiceField(Proposal.objects.none())

    def __init__(self, *args, candidates, **kwargs):
        super().__init__(*args, **kwargs)
        self.candidates = list(candidates)
        choices = [(each.pk, f"{each.site} · {each.reference}") for each in self.candidates]
        field = self.field_as("proposal", forms.ModelChoiceField)
        field.queryset = candidates
        field.choices = [("", "Choose a proposal"), *choices]


@dataclass(frozen=True)
class GridRow(YearRow):
    """An award year with what was asked and what the site already holds."""

    asked: Decimal
    held: Decimal


class LineForm(PortalForm):
    """What is recommended for one proposal: the decision, amounts by year and component, and three texts.

    `filled` gives the data of a form in which the amounts are replaced and everything else is as typed.
    """

    decision = forms.ChoiceField(label="Decision", choices=Decision, widget=forms.RadioSelect)
    note = forms.CharField(
        label="Note for the director",
        help_text="Why this decision and this amount. Only staff read it.",
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    conditions = forms.CharField(
        label="Conditions of the award",
        help_text="What the site has to do or accept for the money. They go into the agreement word for word.",
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    feedback = forms.CharField(
        label="What the applicant is told",
        help_text="Goes into the letter word for word when the decisions are announced. A decline needs it.",
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
    )

    # Only the button beside it reads it, so that whatever stands here never keeps a line from being saved.
    percent = forms.CharField(
        label="Share of what was asked, in percent",
        initial="90",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "num"}),
    )

    def __init__(self, *args, line: DocketLine, components: list[Component], **kwargs):
        texts = {"note": line.note, "conditions": line.conditions, "feedback": line.feedback}
        initial = {"decision": line.decision, **texts}
        super().__init__(*args, version=line.docket.version, initial=initial, **kwargs)
        self._components = components
        amounts = {(each.year, each.component_id): each.amount for each in line.amounts.all()}
        for year in YEAR_NUMBERS:
            for component in components:
                self.fields[f"amount_{year}_{component.code}"] = MoneyFormField(
                    label=f"Year {year}, {component.short_name}",
                    initial=amounts.get((year, component.code)),
                    required=False,
                )

    def rows(self, school_years: dict[int, str], asked: dict[int, Decimal], held: dict[str, Decimal]) -> list[GridRow]:
        """The grid, year by year; `asked` by award year and `held` by school year."""
        return [
            GridRow(
                year,
                school_years[year],
                [self[f"amount_{year}_{component.code}"] for component in self._components],
                asked[year],
                held.get(school_years[year], ZERO),
            )
            for year in YEAR_NUMBERS
        ]

    @staticmethod
    def filled(data: QueryDict, grid: Mapping[tuple[int, str], Decimal], components: list[Component]) -> QueryDict:
        """A copy of what was sent with these amounts in the grid, and nothing in its other cells."""
        copy = data.copy()
        for year in YEAR_NUMBERS:
            for component in components:
                amount = grid.get((year, component.code))
                copy[f"amount_{year}_{component.code}"] = f"{amount:,}" if amount else ""
        return copy

    @property
    def amounts(self) -> dict[tuple[int, str], Decimal]:
        """Dollars by award year and component code, of a valid form."""
        return {
            (year, component.code): self.cleaned_data[f"amount_{year}_{component.code}"] or ZERO
            for year in YEAR_NUMBERS
            for component in self._components
        }
