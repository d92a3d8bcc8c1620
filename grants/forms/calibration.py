"""The form that opens a calibration."""

from __future__ import annotations

from django import forms

from grants.models import Proposal
from portal.forms import PortalForm


class CalibrationForm(PortalForm):
    """Which proposal is the sample, by when it is scored, and what to pay attention to."""

    sample = forms.CharField(
        label="Number of the sample proposal",
        max_length=24,
        help_text="Such as P-2026-0042: one of an earlier round, or of this round when it is in review. It stands on its page.",
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    due_on = forms.DateField(label="Scores due", required=False)
    note = forms.CharField(
        label="What to pay attention to",
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text="All reviewers read it, so do not name the team.",
    )

    def __init__(self, *args, proposals, **kwargs):
        super().__init__(*args, **kwargs)
        self._proposals = proposals

    def clean_sample(self) -> Proposal:
        found = self._proposals.filter(reference__iexact=self.cleaned_data["sample"].strip()).first()
        if found is None:
            raise forms.ValidationError("There is no proposal of this number.")
        return found
