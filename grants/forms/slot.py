"""The form of a document a round asks for."""

from __future__ import annotations

from typing import Any

from django import forms

from grants.forms.round_list import RowForm
from portal.documents.enums import ContentType


class SlotForm(RowForm):
    """A document by its name, and which kinds of file it may be."""

    plain = ("name", "help", "kinds", "required", "hidden_from_reviewers")
    name = forms.CharField(label="Name of the document", max_length=120, help_text="Such as “Letter of commitment”.")
    help = forms.CharField(
        label="Explanation",
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="What belongs in it, who signs it, how long it should be. It is needed to publish the call.",
    )
    kinds = forms.MultipleChoiceField(
        label="Kinds of file",
        choices=ContentType,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Tick none to take any of them.",
    )
    required = forms.BooleanField(label="A proposal cannot be submitted without it", required=False, initial=True)
    hidden_from_reviewers = forms.BooleanField(label="Reviewers do not see it", required=False)

    @property
    def facts(self) -> dict[str, Any]:
        facts = super().facts
        return facts | {"name": " ".join(facts["name"].split())}
