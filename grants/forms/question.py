"""The form of a question a round asks besides the core ones."""

from __future__ import annotations

from typing import Any

from django import forms

from grants.domain.question import OF_CORE
from grants.enums import QuestionKind, Section
from grants.forms.round_list import RowForm
from sites.models import Component

# Where staff may ask something of their own. A plan is chosen with its component.
_PLACES = (Section.ELIGIBILITY, Section.COALITION, Section.NEED, Section.SUSTAINABILITY, Section.ROUND)


class QuestionForm(RowForm):
    """A question. Of one the programme asks in every round only the explanations can be reworded."""

    plain = (
        "prompt", "help", "kind", "word_limit", "required", "qualifying", "if_no", "hidden_from_reviewers",
    )  # fmt: skip
    place = forms.ChoiceField(label="Section")
    prompt = forms.CharField(label="Question", max_length=300, widget=forms.Textarea({"rows": 2}))
    help = forms.CharField(label="Explanation", required=False, widget=forms.Textarea({"rows": 3}))
    kind = forms.ChoiceField(
        label="How it is answered", choices=QuestionKind, widget=forms.RadioSelect, initial=QuestionKind.TEXT.value
    )
    word_limit = forms.IntegerField(
        label="Word limit", required=False, min_value=1, max_value=10000, help_text="For a text answer."
    )
    choices = forms.CharField(
        label="Answers to choose from", required=False, widget=forms.Textarea({"rows": 4}),
        help_text="For a choice: one answer on each line.",
    )  # fmt: skip
    required = forms.BooleanField(label="An answer is required", required=False, initial=True)
    qualifying = forms.BooleanField(
        label="A “no” means the coalition cannot apply", required=False, help_text="For a yes-or-no question."
    )
    if_no = forms.CharField(
        label="What a “no” means",
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="Whoever answers no reads this: why they cannot apply, and what they could do instead.",
    )
    hidden_from_reviewers = forms.BooleanField(label="Reviewers do not see the answer", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.places = _places()
        self.field_as("place", forms.ChoiceField).choices = [(key, title) for key, (title, _, _) in self.places.items()]
        self.initial.setdefault("place", Section.ROUND.value)
        if self.row is not None:
            self.initial.update(place=self.row.section_key, choices="\n".join(self.row.choices))
        if self.row is not None and self.row.core:
            reworded = OF_CORE if self.row.qualifying else OF_CORE - {"if_no"}
            self.fields = {name: each for name, each in self.fields.items() if name in {*reworded, "version"}}

    @property
    def facts(self) -> dict[str, Any]:
        facts, cleaned = super().facts, self.cleaned_data
        if self.row is not None and self.row.core:
            return facts
        _, section, component = self.places[cleaned["place"]]
        lines = (" ".join(line.split()) for line in cleaned["choices"].splitlines())
        return facts | {
            "section": section,
            "component": component,
            "choices": [line for line in lines if line],
            "prompt": " ".join(cleaned["prompt"].split()),
        }


def _places() -> dict[str, tuple[str, Section, Component | None]]:
    """Where a question can stand: by key its title, section and component, in the order of the proposal."""
    places: dict[str, tuple[str, Section, Component | None]] = {}
    for section in Section:
        if section == Section.PLAN:
            for component in Component.objects.all():
                places[f"{section}-{component.code}"] = (f"Plan: {component}", section, component)
        elif section in _PLACES:
            places[section.value] = (section.label, section, None)
    return places
