"""Forms of letters: the words of one, and which ones are released."""

from __future__ import annotations

from django import forms

from grants.domain.queries.letter_text import BODY_LENGTH, SUBJECT_LENGTH
from portal.forms import PortalForm


class LetterForm(PortalForm):
    """The final words of one letter."""

    subject = forms.CharField(label="Subject", max_length=SUBJECT_LENGTH)
    body = forms.CharField(
        label="Letter",
        help_text="Plain text. An empty line begins a new paragraph; a line that begins with “- ” is an item of a list.",
        widget=forms.Textarea(attrs={"rows": 24}),
        max_length=BODY_LENGTH,
    )


class ReleaseForm(PortalForm):
    """The letters that were chosen, by the references of their proposals, and the version of the docket they are of."""

    def __init__(self, *args, references: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.references = references
