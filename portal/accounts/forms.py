"""The forms by which people make and keep their account, and administrators manage people."""

import django_filters
from django import forms
from django.conf import settings
from django.db.models import Q

from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.forms import PortalForm
from portal.words import ZONE_WORDS

_NAME_MISSING = "Enter your full name, as colleagues know you."


class SignupForm(forms.Form):
    """What sign-up asks beside address and password; the sign-in library mixes it into its own form."""

    name = forms.CharField(
        label="Full name",
        max_length=120,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": _NAME_MISSING},
    )
    field_order = ["name", "email", "password1"]

    def signup(self, request, user):
        """Asked for by the sign-in library; the adapter has saved the name together with the person."""


class ProfileForm(PortalForm):
    """A person's own name and time zone."""

    name = forms.CharField(
        label="Full name",
        max_length=120,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": _NAME_MISSING},
    )
    time_zone = forms.ChoiceField(
        label="Time zone",
        required=False,
        help_text="Times on pages are shown in this zone. Deadlines also show the zone of their round.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        zones = {zone: f"{words} ({_city(zone)})" for zone, words in ZONE_WORDS.items()}
        kept = self.initial.get("time_zone", "")
        if kept and kept not in zones:
            zones[kept] = kept.replace("_", " ")
        self.field_as("time_zone", forms.ChoiceField).choices = [
            ("", f"The foundation's ({_city(settings.FOUNDATION_TIME_ZONE)})"),
            *zones.items(),
        ]


class GrantForm(PortalForm):
    """Which role to give; only those the person does not hold are offered."""

    role = forms.ChoiceField(label="Role", error_messages={"required": "Choose a role."})

    def __init__(self, *args, held, **kwargs):
        super().__init__(*args, **kwargs)
        offered = [each for each in Role.choices if each[0] not in held]
        self.field_as("role", forms.ChoiceField).choices = [("", "Choose a role"), *offered]


class ReasonForm(PortalForm):
    """Why an account is closed."""

    reason = forms.CharField(
        label="Reason",
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text="It is kept in the activity log.",
        error_messages={"required": "Write a reason; it is kept with the record."},
    )


class PersonFilter(django_filters.FilterSet):
    """Search and filters of the list of people."""

    q = django_filters.CharFilter(label="Search", method="search")
    role = django_filters.ChoiceFilter(
        label="Role", choices=Role.choices, field_name="role_grants__role", empty_label="Any role"
    )
    account = django_filters.ChoiceFilter(
        label="Account", choices=[("open", "Open"), ("closed", "Closed")], method="by_account", empty_label="Any"
    )

    class Meta:
        model = User
        fields = []

    def search(self, people, name, value):
        return people.filter(Q(name__icontains=value) | Q(email__icontains=value))

    def by_account(self, people, name, value):
        return people.filter(is_active=value == "open")


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")
