"""Forms of the pool of reviewers: narrowing it down, inviting, the profile, the staff's note, disclosures."""

from __future__ import annotations

import django_filters
from django import forms
from django.db.models import Q

from grants.enums import DisclosureKind
from grants.models import Disclosure, ReviewerInvitation, ReviewerProfile
from portal.accounts.models import User
from portal.forms import CountField, PortalForm
from sites.models import Component, KeyIssue


class ReviewerFilter(django_filters.FilterSet):
    """What staff narrow the pool down by; `day` is today where the foundation is."""

    q = django_filters.CharFilter(label="Search", method="by_words")
    component = django_filters.ModelChoiceFilter(
        label="Component", queryset=Component.objects.all(), empty_label="Any component",
        field_name="reviewer_profile__components",
    )  # fmt: skip
    issue = django_filters.ModelChoiceFilter(
        label="Key issue", queryset=KeyIssue.objects.all(), empty_label="Any key issue",
        field_name="reviewer_profile__key_issues",
    )  # fmt: skip
    there = django_filters.ChoiceFilter(
        label="Availability", choices=[("here", "Here today"), ("away", "Away today")], empty_label="Everybody",
        method="by_availability",
    )  # fmt: skip

    class Meta:
        model = User
        fields = ["q", "component", "issue", "there"]

    def __init__(self, *args, day, **kwargs):
        super().__init__(*args, **kwargs)
        self.day = day

    def by_words(self, people, name, value):
        text = " ".join(value.split())
        known = Q(name__icontains=text) | Q(email__icontains=text)
        return people.filter(known | Q(reviewer_profile__organization__icontains=text))

    def by_availability(self, people, name, value):
        away = Q(reviewer_profile__away_from__lte=self.day, reviewer_profile__away_until__gte=self.day)
        return people.filter(away) if value == "away" else people.exclude(away)


class InviteForm(PortalForm):
    """Whom to invite, with a few words of one's own."""

    name = forms.CharField(label="Full name", max_length=ReviewerInvitation._meta.get_field("name").max_length)
    email = forms.EmailField(label="E-mail address")
    note = forms.CharField(
        label="A few words from you",
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text="Goes into the mail: why you ask them, what it would mean.",
    )


class ProfileForm(PortalForm):
    """What a reviewer knows and takes on."""

    organization = forms.CharField(
        label="Where you work", max_length=ReviewerProfile._meta.get_field("organization").max_length, required=False,
        help_text="You are never asked to review proposals that this organization takes part in.",
    )  # fmt: skip
    components = forms.ModelMultipleChoiceField(
        Component.objects.all(), label="Core components you know", required=False, widget=forms.CheckboxSelectMultiple
    )
    key_issues = forms.ModelMultipleChoiceField(
        KeyIssue.objects.all(), label="Key issues you know", required=False, widget=forms.CheckboxSelectMultiple
    )
    capacity = CountField(label="Most reviews in a round", max_value=100, help_text="0 when you cannot review for now.")
    away_from = forms.DateField(label="Away from", required=False)
    away_until = forms.DateField(
        label="Away until", required=False, help_text="The last day. You are not asked for reviews meanwhile."
    )

    def __init__(self, *args, profile: ReviewerProfile, **kwargs):
        stored = profile.pk is not None
        initial = {
            "organization": profile.organization,
            "components": [each.pk for each in profile.components.all()] if stored else [],
            "key_issues": [each.pk for each in profile.key_issues.all()] if stored else [],
            "capacity": profile.capacity,
            "away_from": profile.away_from,
            "away_until": profile.away_until,
        }
        super().__init__(*args, version=profile.version, initial=initial, **kwargs)


class StaffNoteForm(PortalForm):
    """What staff remember about a reviewer."""

    staff_note = forms.CharField(
        label="Note for staff", required=False, max_length=5000, widget=forms.Textarea({"rows": 6}),
        help_text="Only foundation staff read it, never the reviewer.",
    )  # fmt: skip


class DisclosureForm(PortalForm):
    """A standing conflict of interest, in words."""

    kind = forms.ChoiceField(label="With", choices=DisclosureKind, widget=forms.RadioSelect)
    name = forms.CharField(label="Its or their name", max_length=Disclosure._meta.get_field("name").max_length)
    address = forms.CharField(
        label="E-mail address or domain, if you know it",
        max_length=Disclosure._meta.get_field("address").max_length,
        required=False,
        help_text="Such as organization.example or person@organization.example. It helps to find them.",
    )
    relationship = forms.CharField(
        label="What connects you", max_length=2000, widget=forms.Textarea({"rows": 4}),
        help_text="Such as: I advised the union until 2024. My sister works there.",
    )  # fmt: skip
