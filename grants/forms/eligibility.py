"""The check whether a coalition can apply: one yes or no a question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django import forms

from grants.forms.section import YES_NO
from grants.models import Question
from portal.forms import PortalForm


class EligibilityForm(PortalForm):
    """The qualifying questions of a round, each by its key."""

    def __init__(self, questions: Iterable[Question], data=None, *, initial: Mapping[str, str] | None = None):
        super().__init__(data, initial=dict(initial or {}))
        for each in questions:
            self.fields[each.key] = forms.ChoiceField(
                label=each.prompt,
                help_text=each.help,
                choices=YES_NO,
                widget=forms.RadioSelect,
                error_messages={"required": "Choose yes or no.", "invalid_choice": "Choose yes or no."},
            )
