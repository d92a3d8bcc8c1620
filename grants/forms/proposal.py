"""Starting a proposal, and narrowing down the list of them."""

from __future__ import annotations

import django_filters
from django import forms
from django.db.models import Q

from grants.domain.queries.proposal_state import stored_states
from grants.enums import UNANNOUNCED, ProposalState
from grants.models import FundingRound, Proposal
from portal.forms import PortalForm
from sites.models import Site


class StartForm(PortalForm):
    """Which coalition applies, and under what title. With one coalition there is nothing to choose."""

    site = forms.ModelChoiceField(
        Site.objects.none(), label="Coalition", to_field_name="reference", empty_label=None, widget=forms.RadioSelect
    )
    title = forms.CharField(
        label="Title of the proposal",
        max_length=Proposal._meta.get_field("title").max_length,
        help_text="A few words that say what you are up to. You can change it later.",
    )

    def __init__(self, *args, sites, **kwargs):
        super().__init__(*args, **kwargs)
        self.field_as("site", forms.ModelChoiceField).queryset = sites
        self.initial.setdefault("site", next((each.reference for each in sites[:1]), None))


class StaffProposalFilter(django_filters.FilterSet):
    """What staff narrow the list of all proposals down by."""

    q = django_filters.CharFilter(label="Search", method="by_words")
    round = django_filters.ModelChoiceFilter(
        label="Round", queryset=FundingRound.objects.all(), to_field_name="reference", empty_label="All rounds"
    )
    state = django_filters.ChoiceFilter(label="State", choices=ProposalState, empty_label="All states")
    order = django_filters.ChoiceFilter(
        label="Order", choices=[("amount", "Largest first")], empty_label="Newest first", method="by_order"
    )

    class Meta:
        model = Proposal
        fields = ["q", "round", "state", "order"]

    @property
    def moment(self) -> str:
        """The column the pages are cut by, beside the key; each has an index."""
        return "amount_requested" if self.form.is_valid() and self.form.cleaned_data["order"] else "pk"

    def by_order(self, proposals, name, value):
        return proposals

    def by_words(self, proposals, name, value):
        text = " ".join(value.split())
        return proposals.filter(Q(reference__iexact=text) | Q(title__icontains=text) | Q(site__name__icontains=text))


class TeamProposalFilter(django_filters.FilterSet):
    """What a team narrows its own list down by; a state that is not announced yet cannot be found out this way."""

    state = django_filters.ChoiceFilter(
        label="State",
        choices=[(state.value, state.label) for state in ProposalState if state not in UNANNOUNCED],
        empty_label="All states",
        method="by_state",
    )

    class Meta:
        model = Proposal
        fields = ["state"]

    def by_state(self, proposals, name, value):
        return proposals.filter(state__in=stored_states(value))
