"""Forms of the assignment: the board, and asking somebody else instead."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from grants.models import AssignmentPlan
from portal.accounts.models import User
from portal.forms import CountField, LongSelect, PortalForm


class PairsField(forms.Field):
    """Marks of a grid, posted as `<proposal's key>-<reviewer's key>`; gives a set of pairs of numbers."""

    widget = forms.SelectMultiple

    def clean(self, value):
        try:
            pairs = {tuple(int(part) for part in each.split("-")) for each in value or ()}
        except ValueError:
            pairs = {()}
        if any(len(pair) != 2 for pair in pairs):
            raise ValidationError("The board was incomplete. Open the page again and try once more.")
        return pairs


class BoardForm(PortalForm):
    """How many reviews, by when, and the marks; the page draws the marks as a table."""

    per_proposal = CountField(label="Reviews each", min_value=1, max_value=20)
    due_on = forms.DateField(label="Reviews due", required=False)
    pair = PairsField(label="Marks", required=False)

    def __init__(self, *args, plan: AssignmentPlan | None, per_proposal: int, **kwargs):
        initial = {"per_proposal": plan.per_proposal if plan else per_proposal, "due_on": plan.due_on if plan else None}
        super().__init__(*args, version=plan.version if plan else 0, initial=initial, **kwargs)


class MoveForm(PortalForm):
    """Who is asked instead, and by when; people with a known conflict are not among the choices."""

    reviewer = forms.TypedChoiceField(
        label="Ask instead", widget=LongSelect, error_messages={"invalid_choice": "Choose somebody of the list."}
    )
    due_on = forms.DateField(label="Review due", required=False)

    def __init__(self, *args, choices: list[tuple[User, str]], **kwargs):
        super().__init__(*args, **kwargs)
        people = {str(person.pk): person for person, _ in choices}
        field = self.field_as("reviewer", forms.TypedChoiceField)
        field.coerce = people.__getitem__
        field.choices = [("", "Choose a reviewer"), *((person.pk, words) for person, words in choices)]
