"""Forms of reviews: asking a reviewer, and the rubric with its reasons."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms

from grants.domain.queries.review import Candidate, Scored, spoken_anchors
from grants.enums import ReviewState
from grants.models import FundingRound, Review
from portal import drawing
from portal.forms import LongSelect, PortalForm
from portal.words import counted


class AssignForm(PortalForm):
    """Who is asked, and by when; people with a known conflict are not among the choices."""

    reviewer = forms.TypedChoiceField(
        widget=LongSelect, error_messages={"invalid_choice": "Choose somebody of the list."}
    )
    due_on = forms.DateField(label="Review due", required=False)

    def __init__(self, *args, pool: list[Candidate], **kwargs):
        super().__init__(*args, **kwargs)
        people = {str(each.person.pk): each.person for each in pool}
        field = self.field_as("reviewer", forms.TypedChoiceField)
        # The people are at hand already, so choosing one asks for nothing more.
        field.coerce = people.__getitem__
        choices = [(each.person.pk, f"{each.person} · {counted(each.open_reviews, 'open review')}") for each in pool]
        field.choices = [("", "Choose a reviewer"), *choices]


class DraftChoice(forms.TypedChoiceField):
    """A choice that is wanted for submission; a draft may leave it open."""

    kind = drawing.ONE

    def validate(self, value):
        if value not in self.empty_values:
            super().validate(value)


class LongText(forms.CharField):
    """A text of several lines, drawn so many `rows` high."""

    kind = drawing.WORDS
    widget = forms.Textarea

    def __init__(self, *, rows: int, **kwargs):
        self.rows = rows
        super().__init__(**kwargs)


class DraftText(LongText):
    """A text that is wanted for submission; a draft may leave it open."""

    def validate(self, value):
        if value not in self.empty_values:
            super().validate(value)


@dataclass(frozen=True)
class CriterionFields:
    """One criterion as the form shows it: what it asks, its score and its reason."""

    criterion: Any
    points: forms.BoundField
    reason: forms.BoundField
    complete: bool


class ReviewForm(PortalForm):
    """The rubric: a score and a reason for each criterion, then two texts. A draft may leave anything open."""

    feedback = LongText(
        label="Comments for the applicant",
        help_text="The foundation may pass these on: what is strong, what would make the proposal stronger.",
        rows=5,
        required=False,
    )
    private_notes = LongText(
        label="Private notes",
        help_text="Only you and the foundation’s staff read these.",
        rows=3,
        required=False,
    )

    editor = forms.CharField(widget=forms.HiddenInput, max_length=32, required=False)
    # Counts the saves of the open page, so that an older one that comes late never replaces a newer one.
    turn = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**9, required=False, initial=0)

    def __init__(self, *args, review: Review, rows: list[Scored], top_score: int, **kwargs):
        initial = {
            "feedback": review.feedback,
            "private_notes": review.private_notes,
            "editor": secrets.token_hex(8),
        }
        super().__init__(*args, version=review.version, initial=initial, **kwargs)
        self._rows = rows
        for row in rows:
            self._add(row, top_score)

    def _add(self, row: Scored, top_score: int) -> None:
        anchors = spoken_anchors(row.criterion, top_score).items()
        choices = [(str(points), f"{points}: {words}" if words else str(points)) for points, words in anchors]
        self.fields[f"points-{row.criterion.pk}"] = DraftChoice(
            label=f"Score for “{row.criterion}”",
            choices=choices,
            coerce=int,
            empty_value=None,
            initial=None if row.points is None else str(row.points),
            widget=forms.RadioSelect,
            error_messages={"invalid_choice": f"Choose a score from 1 to {top_score}."},
        )
        self.fields[f"reason-{row.criterion.pk}"] = DraftText(
            label="Your reason",
            initial=row.reason,
            rows=4,
        )

    @property
    def criteria(self) -> list[CriterionFields]:
        """The rubric's fields in order."""
        return [
            CriterionFields(
                row.criterion, self[f"points-{row.criterion.pk}"], self[f"reason-{row.criterion.pk}"], row.complete
            )
            for row in self._rows
        ]

    @property
    def scores(self) -> dict[int, tuple[int | None, str]]:
        """Points and reason by the criterion's key, of a valid form."""
        return {
            row.criterion.pk: (
                self.cleaned_data[f"points-{row.criterion.pk}"],
                self.cleaned_data[f"reason-{row.criterion.pk}"],
            )
            for row in self._rows
        }


class ReviewFilter(django_filters.FilterSet):
    """What staff narrow the list of all reviews down to."""

    state = django_filters.ChoiceFilter(label="State", choices=ReviewState, empty_label="All states")
    round = django_filters.ModelChoiceFilter(
        label="Round",
        field_name="proposal__round",
        queryset=FundingRound.objects.order_by("-closes_at"),
        empty_label="All rounds",
    )

    class Meta:
        model = Review
        fields = ["state", "round"]
