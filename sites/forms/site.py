"""The forms of a coalition itself: its facts, its fiscal agent, and the filters of the list of all sites."""

import django_filters
from django import forms
from django.db.models import Q

from portal.forms import CountField, PortalForm
from sites.enums import State
from sites.forms.partner import ApartMixin
from sites.models import Partner, Site


class SiteForm(ApartMixin, PortalForm):
    """What is said of a coalition."""

    name = forms.CharField(
        label="Name of the coalition",
        max_length=160,
        help_text="Often the community's name and what you set out to do, such as “Three Rivers Promise”.",
        error_messages={"required": "Give the coalition a name."},
    )
    place = forms.CharField(
        label="City or county", max_length=120, error_messages={"required": "Name the city or county."}
    )
    state = forms.ChoiceField(
        label="State", choices=[("", "Choose a state"), *State.choices], error_messages={"required": "Choose a state."}
    )
    students = CountField(label="Students enrolled in the district", required=False, min_value=1, max_value=5_000_000)
    story = forms.CharField(
        label="How the coalition works together",
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 6}),
        help_text="A few sentences: who meets whom, how often, and how you decide.",
    )


class _PartnerField(forms.ModelChoiceField):
    """A choice among partners that says of each what it is, and whether it could be paid."""

    def label_from_instance(self, obj: Partner) -> str:
        known = "" if obj.ein and obj.tax_status else "; its EIN or tax status is missing"
        return f"{obj}, {obj.get_kind_display().lower()}{known}"


class FiscalAgentForm(PortalForm):
    """Which partner is paid."""

    partner = _PartnerField(
        queryset=None,
        to_field_name="public_id",
        label="Fiscal agent",
        empty_label=None,
        widget=forms.RadioSelect,
        help_text="The partner that receives the money and is reported to the tax authority. It need not lead the coalition.",
        error_messages={"required": "Choose one of the partners."},
    )

    def __init__(self, *args, site, **kwargs):
        super().__init__(*args, **kwargs)
        self.field_as("partner", _PartnerField).queryset = site.partners.all()


class SiteFilter(django_filters.FilterSet):
    """Search and filters of the list of all sites."""

    q = django_filters.CharFilter(label="Search", method="search")
    state = django_filters.ChoiceFilter(label="State", choices=State.choices, empty_label="Any state")

    class Meta:
        model = Site
        fields = []

    def search(self, sites, name, value):
        return sites.filter(Q(name__icontains=value) | Q(place__icontains=value) | Q(reference__iexact=value))
