"""The written sections: the year in brief, a component's progress, challenges and lessons."""

from __future__ import annotations

from typing import Any

from django import forms

from portal.forms import WordsField
from reporting.enums import MilestoneStatus, Rating
from reporting.forms.section import SectionForm
from reporting.models import MilestoneOutcome

_OPEN = [("", "Not answered yet"), *MilestoneStatus.choices]


def _words(label: str, limit: int, help_text: str = "", rows: int = 8) -> WordsField:
    return WordsField(
        label=label, help_text=help_text, word_limit=limit, enforced=False, required=False, rows=rows,
        max_length=60_000,
    )  # fmt: skip


class SummaryForm(SectionForm):
    """The year in brief."""

    summary = _words(
        "The year in brief", 500, "What changed for students and teachers this year, and what you are proud of.", 12
    )

    def stored(self) -> dict[str, Any]:
        return {"summary": self.report.summary}


class ReflectionForm(SectionForm):
    """Challenges, lessons, next year."""

    challenges = _words("Challenges", 400, "What was hard, and what you did about it.")
    lessons = _words("Lessons", 400, "What you would tell another coalition.")
    next_year = _words("Next year", 400, "What you will go on with, and what you will change.")

    def stored(self) -> dict[str, Any]:
        return {
            "challenges": self.report.challenges,
            "lessons": self.report.lessons,
            "next_year": self.report.next_year,
        }


class ProgressForm(SectionForm):
    """One component: what happened, how far it is, and what became of each milestone promised for the year."""

    text = _words("What happened", 600, "What was done, by whom, and how you know that it helped.", 10)
    rating = forms.TypedChoiceField(
        label="How far this component is", choices=Rating.choices, coerce=int, empty_value=None, required=False,
        widget=forms.RadioSelect, help_text="Your own view, on four steps.",
    )  # fmt: skip

    def __init__(self, *args: Any, component, report, **kwargs: Any):
        self.component = component
        self.outcomes: list[MilestoneOutcome] = list(
            report.milestones.filter(milestone__component=component).select_related("milestone")
        )
        super().__init__(*args, report=report, **kwargs)

    def row_fields(self) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {}
        for each in self.outcomes:
            fields[f"status_{each.pk}"] = forms.ChoiceField(label="What became of it", choices=_OPEN, required=False)
            fields[f"note_{each.pk}"] = forms.CharField(
                label="In a sentence", max_length=300, required=False,
                help_text="Why, if it was moved or dropped.", widget=forms.TextInput,
            )  # fmt: skip
        return fields

    def stored(self) -> dict[str, Any]:
        progress = self.report.progress.get(component=self.component)
        stored = {"text": progress.text, "rating": progress.rating}
        for each in self.outcomes:
            stored |= {f"status_{each.pk}": each.status, f"note_{each.pk}": each.note}
        return stored

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each milestone with its two fields."""
        return [
            {"outcome": each, "status": self[f"status_{each.pk}"], "note": self[f"note_{each.pk}"]}
            for each in self.outcomes
        ]

    def facts(self) -> dict[str, Any]:
        told = self.cleaned_data
        milestones = {each.pk: (told[f"status_{each.pk}"], told[f"note_{each.pk}"]) for each in self.outcomes}
        return {"text": told["text"], "rating": told["rating"], "milestones": milestones}
