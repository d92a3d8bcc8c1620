"""The forms of closing an award: what only a person can confirm, the last word, and the archive with its legal holds."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q

from grants.domain.queries.archive import Clock, in_state
from grants.domain.queries.close_out import POINTS, UNSPENT
from grants.enums import ENDED_AWARDS, AwardState
from grants.models import Award, CloseOut
from portal.forms import PortalForm
from portal.money import MoneyFormField

NOTE = 2000
REMARK = 300


class CloseOutForm(PortalForm):
    """A box and a remark for each point, what is unspent, and what to remember."""

    def __init__(self, *args, found: CloseOut | None, **kwargs):
        super().__init__(*args, **kwargs)
        confirmed: dict[str, Any] = found.confirmed if found else {}
        version = self.fields.pop("version")
        stated = confirmed.get(UNSPENT)
        self.fields["unspent"] = MoneyFormField(
            label="Unspent money according to the last report",
            required=False,
            initial=stated and stated["amount"],
            help_text="What the coalition still has to send back; 0 when all was spent. Refunds recorded from now on "
            "count towards it.",
        )
        for key, (title, asks) in POINTS.items():
            said = confirmed.get(key)
            self.fields[key] = forms.BooleanField(
                label=f"{title}: this is settled", required=False, initial=said is not None, help_text=asks
            )
            self.fields[f"{key}_note"] = forms.CharField(
                label=f"Remark on {title[0].lower()}{title[1:]}",
                required=False,
                max_length=REMARK,
                initial=said["note"] if said else "",
            )
        self.fields["note"] = forms.CharField(
            label="What to remember about this award",
            required=False,
            max_length=NOTE,
            initial=found.note if found else "",
            widget=forms.Textarea({"rows": 3}),
        )
        self.fields["version"] = version

    @property
    def facts(self) -> dict[str, Any]:
        """What was typed, by the names of `save_close_out`."""
        said = self.cleaned_data
        return {
            "confirmed": {key: said[f"{key}_note"] for key in POINTS if said[key]},
            "unspent": said["unspent"],
            "note": said["note"],
            "version": said["version"],
        }


class CloseForm(PortalForm):
    """Nothing but the award's version: the page says what closing does."""


class HoldForm(PortalForm):
    """Why a legal hold is placed or lifted."""

    reason = forms.CharField(label="Why", max_length=NOTE, widget=forms.Textarea({"rows": 4}))


_ENDED = [(value, label) for value, label in AwardState.choices if value in ENDED_AWARDS]


class ArchiveFilter(django_filters.FilterSet):
    """By site or reference, by how the award ended, and by what its retention clock says."""

    q = django_filters.CharFilter(label="Site or reference", method="by_words")
    state = django_filters.ChoiceFilter(label="How it ended", choices=_ENDED, empty_label="Any way")
    clock = django_filters.ChoiceFilter(
        label="Papers", choices=Clock.choices, empty_label="All of them", method="by_clock"
    )

    class Meta:
        model = Award
        fields = ["q", "state", "clock"]

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def by_words(self, awards, name, value):
        words = value.strip()
        return awards.filter(
            Q(site__name__icontains=words) | Q(site__place__icontains=words) | Q(reference__iexact=words)
        )

    def by_clock(self, awards, name, value):
        return in_state(awards, Clock(value), self.today)
