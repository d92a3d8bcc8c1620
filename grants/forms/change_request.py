"""The forms of a request for changes: what to change in which section and by when, and a later day for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField

from grants.domain.queries.dossier import Part
from grants.forms.wall_clock import WallClockField, instant, wall_clock
from portal.forms import PortalForm
from portal.words import ZONE_WORDS

LONGEST = 5_000  # characters
# What a team usually gets, and the hour at which it ends.
USUAL = timedelta(days=10)
CLOSE_OF_DAY = time(17, 0)


class DueForm(PortalForm):
    """A moment on the clock of the round, by which changes are wanted; an instant once the form is valid."""

    due_at = WallClockField(
        label="Change it by", error_messages={"required": "Choose the day and hour by which you want the changes."}
    )

    def __init__(self, *args, zone: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["due_at"].help_text = f"{ZONE_WORDS.get(zone, zone)} time. The team may submit again until then."

    def clean(self):
        super().clean()
        if self.cleaned_data.get("due_at"):
            try:
                self.cleaned_data["due_at"] = instant(self.cleaned_data["due_at"], self.zone, later=True)
            except ValidationError as error:
                self.add_error("due_at", error)
        return self.cleaned_data


class ChangeRequestForm(DueForm):
    """A covering note, and for each section whether and what to change there."""

    note = forms.CharField(
        label="To the team",
        help_text="The mail begins with this. Say in a few words why you write.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST,
        error_messages={"required": "Write a few words to the team; they open the mail with them."},
    )
    # A chosen section wants its text, so none is marked as optional.
    is_draft = True

    def __init__(self, *args, parts: Sequence[Part], **kwargs):
        super().__init__(*args, **kwargs)
        self.parts = parts
        for part in parts:
            chosen = forms.BooleanField(label=part.title, required=False)
            what = forms.CharField(
                label=f"What to change: {part.title}",
                widget=forms.Textarea(attrs={"rows": 3}),
                max_length=LONGEST,
                required=False,
            )
            self.fields[f"ask_{part.key}"], self.fields[f"what_{part.key}"] = chosen, what
        self.order_fields(["note", *(name for name in self.fields if name not in {"note", "due_at"}), "due_at"])

    @property
    def sections(self) -> list[tuple[Part, BoundField, BoundField]]:
        """The sections with the box that chooses them and the text of what to change."""
        return [(part, self[f"ask_{part.key}"], self[f"what_{part.key}"]) for part in self.parts]

    @property
    def items(self) -> dict[str, str]:
        """What is wanted, by the key of each chosen section."""
        said = self.cleaned_data
        return {part.key: said.get(f"what_{part.key}", "") for part in self.parts if said.get(f"ask_{part.key}")}

    def clean(self):
        super().clean()
        items = self.items
        for part in self.parts:
            name = f"what_{part.key}"
            if part.key in items and not items[part.key] and name not in self.errors:
                self.add_error(name, f"Say what to change in “{part.title}”; the team reads it.")
        if not self.items:
            self.add_error(None, "Choose at least one section. Only what you choose is open to the team.")
        return self.cleaned_data


def usual_due(at: datetime, zone: str) -> datetime:
    """What the box offers: ten days from now, at the close of that day, as the clock of the zone shows it."""
    local = wall_clock(at + USUAL, zone)
    return datetime.combine(local.date() if local else at.date(), CLOSE_OF_DAY)
