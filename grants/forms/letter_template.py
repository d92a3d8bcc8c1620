"""The form of a round's own wording of a letter, and which proposal it is tried on."""

from __future__ import annotations

from django import forms

from grants.domain.queries.letter_text import BODY_LENGTH, SUBJECT_LENGTH
from grants.models import Proposal
from portal.forms import PortalForm


class TemplateForm(PortalForm):
    """Subject and body with merge fields; the domain says what is wrong with them."""

    subject = forms.CharField(label="Subject", max_length=SUBJECT_LENGTH)
    body = forms.CharField(
        label="Letter",
        help_text="Plain text. An empty line begins a new paragraph; a line that begins with “- ” is an item of a list.",
        widget=forms.Textarea(attrs={"rows": 22}),
        max_length=BODY_LENGTH,
    )
    proposal = forms.ModelChoiceField(
        Proposal.objects.none(), label="Try it on", to_field_name="reference", required=False, empty_label="No proposal"
    )

    def __init__(self, *args, proposals, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.field_as("proposal", forms.ModelChoiceField)
        field.queryset = proposals
        field.choices = [("", "No proposal"), *((each.reference, f"{each.site} · {each}") for each in proposals)]
