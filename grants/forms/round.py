"""The form of a funding round."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from grants.domain.queries.round_dates import date_warnings
from grants.forms.wall_clock import ZONES, WallClockField, instant, wall_clock
from grants.models import FundingRound
from portal import programme
from portal.forms import PortalForm, PortalModelForm
from portal.money import dollars


class RoundForm(PortalModelForm):
    """What staff enter for a round. `facts` is what the domain takes; dates are entered on the clock of the zone."""

    time_zone = forms.ChoiceField(label="Time zone of the dates", choices=ZONES)
    opens_at = WallClockField(label="Opens")
    closes_at = WallClockField(label="Closes", help_text="A proposal that reaches us at this very minute is in time.")
    decision_by = forms.DateField(label="Decision by", required=False)
    first_year_starts_on = forms.DateField(label="First award year starts on")

    class Meta:
        model = FundingRound
        fields = [
            "name", "summary", "guidelines", "time_zone", "opens_at", "closes_at", "decision_by",
            "first_year_starts_on", "yearly_ceiling", "total_ceiling", "envelope", "reviews_per_proposal", "top_score",
            "report_due_days", "blind", "sign_offs_required", "takes_late_requests",
        ]  # fmt: skip
        help_texts = {
            "name": "Such as “Closing the Gaps 2027”.",
            "summary": "Two or three sentences for the list of open calls.",
            "guidelines": "What applicants should know before they start. Leave an empty line between paragraphs.",
            "yearly_ceiling": f"At most {dollars(programme.YEARLY_CEILING)}.",
            "total_ceiling": f"At most {dollars(programme.TOTAL_CEILING)}.",
            "top_score": "Scores go from 1 to this number.",
            "takes_late_requests": "After the call has closed, a team may ask on its page; you decide.",
            "blind": "Names, places and files are left out of what reviewers read.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["summary"].widget.attrs["rows"] = 3
        self.fields["guidelines"].widget.attrs["rows"] = 8
        zone = self.instance.time_zone or settings.FOUNDATION_TIME_ZONE
        self.initial["time_zone"] = zone
        for name in ("opens_at", "closes_at"):
            self.initial[name] = wall_clock(getattr(self.instance, name), zone)
        # What is allowed but probably not meant stands beside the field once it is saved.
        saved = self.instance.pk is not None and not self.is_bound
        self.warnings = date_warnings(self.instance) if saved else {}

    def dates(self) -> list[tuple[Any, list[str]]]:
        """The fields of the dates, each with what should be looked at again."""
        names = ("time_zone", "opens_at", "closes_at", "decision_by", "first_year_starts_on")
        return [(self[name], self.warnings.get(name, [])) for name in names]

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        zone = cleaned.get("time_zone")
        # An hour that happens twice opens the call at the first and closes it at the second, so nobody is shut out.
        for name, later in (("opens_at", False), ("closes_at", True)):
            if zone and cleaned.get(name):
                try:
                    cleaned[name] = instant(cleaned[name], zone, later=later)
                except ValidationError as error:
                    self.add_error(name, error)
        return cleaned

    def _post_clean(self):
        """The domain checks what belongs together and says it in one place; the form only checks each field."""

    @property
    def facts(self) -> dict[str, Any]:
        """The cleaned fields of the round, for the domain."""
        return {name: value for name, value in self.cleaned_data.items() if name in self.Meta.fields}


class CopyForm(PortalForm):
    """The name of a round started from another one."""

    name = forms.CharField(label="Name of the new round", max_length=FundingRound._meta.get_field("name").max_length)
