"""The form of a criterion of the rubric."""

from __future__ import annotations

from typing import Any

from django import forms

from grants.forms.round_list import RowForm


class CriterionForm(RowForm):
    """A criterion with one box a score for what that score means."""

    plain = ("name", "description", "weight")
    name = forms.CharField(label="Name", max_length=120)
    description = forms.CharField(label="What reviewers look for", required=False, widget=forms.Textarea({"rows": 3}))
    weight = forms.IntegerField(
        label="Weight", min_value=1, max_value=100, initial=1, help_text="A criterion of weight 2 counts twice."
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.scores = [str(score) for score in range(1, self.round.top_score + 1)]
        for score in self.scores:
            self.fields[_box(score)] = forms.CharField(
                label=f"A score of {score} means", required=False, widget=forms.Textarea({"rows": 2}), max_length=400
            )
            if self.row is not None:
                self.initial[_box(score)] = self.row.anchors.get(score, "")

    @property
    def facts(self) -> dict[str, Any]:
        facts = super().facts
        facts["name"] = " ".join(facts["name"].split())
        return facts | {"anchors": {score: self.cleaned_data[_box(score)] for score in self.scores}}


def _box(score: str) -> str:
    return f"anchor_{score}"
