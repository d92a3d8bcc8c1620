"""What the forms of all sections have in common: what is stored, the page's own word, and what the domain is told."""

from __future__ import annotations

from typing import Any

from django import forms

from portal.forms import PortalForm
from reporting.models import AnnualReport


class SectionForm(PortalForm):
    """A section of one report. Everything is optional: a draft may have gaps, submitting says what is missing.

    `editor` is the open page's random word, by which its own saves are told from a colleague's.
    """

    # Nothing is marked as optional: it may be left out of a draft, not out of what is submitted.
    is_draft = True

    def __init__(self, data: Any = None, *, report: AnnualReport, version: int, editor: str = "", **kwargs: Any):
        self.report = report
        # Among the declared fields, so that they are prepared as all others are.
        vars(self)["base_fields"] = {**self.base_fields, **self.row_fields()}
        kwargs.setdefault("initial", {}).update(self.stored())
        super().__init__(data, version=version, **kwargs)
        self.fields["editor"] = forms.CharField(widget=forms.HiddenInput, initial=editor, required=False, max_length=32)

    def row_fields(self) -> dict[str, forms.Field]:
        """Fields there are only for this report, such as one for each of its milestones."""
        return {}

    def stored(self) -> dict[str, Any]:
        """What the report holds now, by field."""
        raise LookupError(f"{type(self).__name__} does not say what is stored.")

    def facts(self) -> dict[str, Any]:
        """What the domain function takes, from the cleaned data."""
        return {name: self.cleaned_data[name] for name in self.stored()}
