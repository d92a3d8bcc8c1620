"""Forms of dockets: a new one, one line with its five-year amounts, one more proposal."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django import forms

from grants.enums import Decision
from grants.models import DocketLine, FundingRound, Proposal
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
class GridRow:
    """One award year of the grid: a field for each component, what was asked, what the site already holds."""

    year: int
    school_year: str
    cells: list[forms.BoundField]
    asked: Decimal
    held: Decimal

    @property
    def total(self) -> Decimal:
        """What the saved line recommends for the year."""
        return sum((cell.initial or ZERO for cell in self.cells), ZERO)


class LineForm(PortalForm):
    """What is recommended for one proposal: the decision, amounts by year and component, and two texts."""

    decision = forms.ChoiceField(label="Decision", choices=Decision, widget=forms.RadioSelect)
    note = forms.CharField(
        label="Note for the director",
        help_text="Why this decision and this amount. Only staff read it.",
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    feedback = forms.CharField(
        label="What the applicant is told",
        help_text="Goes into the letter word for word when the decisions are announced. A decline needs it.",
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
    )

    def __init__(self, *args, line: DocketLine, components: list[Component], **kwargs):
        initial = {"decision": line.decision, "note": line.note, "feedback": line.feedback}
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

    @property
    def amounts(self) -> dict[tuple[int, str], Decimal]:
        """Dollars by award year and component code, of a valid form."""
        return {
            (year, component.code): self.cleaned_data[f"amount_{year}_{component.code}"] or ZERO
            for year in YEAR_NUMBERS
            for component in self._components
        }
