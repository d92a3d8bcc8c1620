"""Forms of screening: what the queue is narrowed down to, one decision, and one decision for several proposals."""

from __future__ import annotations

import django_filters
from django import forms
from django.db.models import Exists, OuterRef

from grants.domain.queries.deadline import closed_before
from grants.domain.screening import ELIGIBLE, INELIGIBLE
from grants.enums import ProposalState
from grants.models import FundingRound, Proposal
from portal.forms import PortalForm

STEPS = [(ELIGIBLE, "Eligible: send to review"), (INELIGIBLE, "Not eligible, for one reason")]
LONGEST = 5_000  # characters


class ScreeningFilter(django_filters.FilterSet):
    """Which submitted proposals the queue shows: of one round, and whether their call is over."""

    round = django_filters.ModelChoiceFilter(
        label="Round", queryset=FundingRound.objects.none(), to_field_name="reference", empty_label="All rounds"
    )
    when = django_filters.ChoiceFilter(
        label="Call", choices=[("open", "Still open")], empty_label="Closed", method="by_call"
    )

    class Meta:
        model = Proposal
        fields = ["round", "when"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        waiting = Proposal.objects.filter(round=OuterRef("pk"), state=ProposalState.SUBMITTED)
        rounds = FundingRound.objects.visible_to(self.request.user).filter(Exists(waiting))
        self.filters["round"].queryset = rounds.order_by("closes_at", "pk")

    @property
    def qs(self):
        over = closed_before(self.request.arrived_at)
        wants_open = self.form.is_valid() and self.form.cleaned_data["when"] == "open"
        return super().qs.filter(~over if wants_open else over)

    def by_call(self, proposals, name, value):
        return proposals


class DecideForm(PortalForm):
    """One decision: a reason for “not eligible”, and where the checks found something, that the officer knows it."""

    comment = forms.CharField(
        label="Reason",
        help_text="The team reads it, by mail and here.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST,
        error_messages={"required": "Write a reason; it is kept with the record."},
    )
    known = forms.BooleanField(
        label="I have looked at this and find the proposal eligible all the same.",
        error_messages={"required": "Tick this to go on, or ask the team for changes."},
    )

    def __init__(self, *args, step: str, mark: str, **kwargs):
        super().__init__(*args, **kwargs)
        if step == ELIGIBLE:
            del self.fields["comment"]
        if step != ELIGIBLE or not mark:
            del self.fields["known"]
        self.fields["mark"] = forms.CharField(initial=mark, widget=forms.HiddenInput, required=False)

    @property
    def mark(self) -> str:
        """The mark of the warnings that were shown and are known, of a valid form."""
        return self.cleaned_data["mark"] if self.cleaned_data.get("known") else ""


class BulkForm(PortalForm):
    """What is to become of the chosen proposals; one reason for all of them."""

    step = forms.ChoiceField(label="Decision", choices=STEPS, widget=forms.HiddenInput)
    comment = forms.CharField(
        label="Reason",
        help_text="Every team reads it, by mail and here.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST,
        error_messages={"required": "Write a reason; every team reads it."},
    )

    def __init__(self, *args, chosen: str, **kwargs):
        super().__init__(*args, **kwargs)
        if chosen == ELIGIBLE:
            del self.fields["comment"]
