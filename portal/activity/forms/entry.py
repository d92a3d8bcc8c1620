"""What the activity log can be narrowed down to."""

from datetime import datetime, time, timedelta

import django_filters
from django import forms
from django.apps import apps
from django.contrib.auth import get_user_model
from django.utils import timezone

from portal.activity.models import Entry


def nouns():
    """Every kind of record the portal has, as choices; asking the log itself would read all of it."""
    choices = ((model._meta.label_lower, model._meta.verbose_name) for model in apps.get_models())
    return sorted(((noun, str(name).capitalize()) for noun, name in choices), key=lambda choice: choice[1])


class EntryFilter(django_filters.FilterSet):
    """Every filter ends in an index of the table, so that none reads the whole log."""

    noun = django_filters.ChoiceFilter(label="Kind of record", choices=nouns, empty_label="All kinds")
    reference = django_filters.CharFilter(label="Reference", method="by_reference")
    actor = django_filters.CharFilter(
        label="Person’s e-mail", method="by_actor", widget=forms.TextInput(attrs={"inputmode": "email"})
    )
    since = django_filters.DateFilter(
        label="From", method="by_first_day", widget=forms.DateInput(attrs={"type": "date"})
    )
    until = django_filters.DateFilter(label="To", method="by_last_day", widget=forms.DateInput(attrs={"type": "date"}))

    class Meta:
        model = Entry
        fields = ["noun", "reference", "actor", "since", "until"]

    def by_reference(self, entries, name, value):
        return entries.filter(reference=value.strip())

    def by_actor(self, entries, name, value):
        # Found first, so that a person who is not there does not make the database look through the whole log.
        people = get_user_model().objects.filter(email=value.strip().lower())
        return entries.filter(actor__in=list(people))

    def by_first_day(self, entries, name, value):
        return entries.filter(at__gte=_midnight(value))

    def by_last_day(self, entries, name, value):
        return entries.filter(at__lt=_midnight(value + timedelta(days=1)))


def _midnight(day):
    """When a day began in the portal's own zone."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())
