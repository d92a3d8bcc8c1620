"""The forms around more time: moving a deadline, noting an outage, asking for more time and answering that."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from grants.forms.wall_clock import WallClockField, instant
from grants.models import ExtensionRequest, FundingRound
from portal.forms import PortalForm
from portal.words import ZONE_WORDS

REASON = 2000
GRANT, DECLINE = "grant", "decline"


class _InZone(PortalForm):
    """A form whose wall-clock times are instants of the round's zone once it is valid."""

    # Of an hour that happens twice, a closing takes the second and the start of an outage the first.
    times = {"until": True}

    def __init__(self, *args, round_: FundingRound, **kwargs):
        super().__init__(*args, **kwargs)
        self.zone = round_.time_zone
        clock = f"{ZONE_WORDS.get(self.zone, self.zone)} time"
        for name in self.times:
            field = self.fields[name]
            field.help_text = f"{clock}. {field.help_text}".strip()

    def clean(self):
        super().clean()
        for name, later in self.times.items():
            if self.cleaned_data.get(name):
                try:
                    self.cleaned_data[name] = instant(self.cleaned_data[name], self.zone, later=later)
                except ValidationError as error:
                    self.add_error(name, error)
        return self.cleaned_data

    @property
    def facts(self) -> dict[str, Any]:
        """What the domain takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def _reason(label: str, help_text: str, **facts) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=REASON, widget=forms.Textarea({"rows": 3}), **facts
    )


class ExtendForm(_InZone):
    """A new closing and why."""

    until = WallClockField(label="New closing", help_text="A proposal that reaches us at this very minute is in time.")
    reason = _reason("Why", "The teams read this, and for a whole round everybody.")


class OutageForm(_InZone):
    """When the portal could not be reached, what the public reads about it, and the new closing."""

    times = {"down_from": False, "down_until": True, "until": True}
    down_from = WallClockField(label="The outage began")
    down_until = WallClockField(label="The outage ended")
    reason = _reason("What happened", "One or two sentences, shown on the public page of the call.")
    until = WallClockField(
        label="New closing",
        required=False,
        help_text="Leave it empty and the call closes later by at least the length of the outage.",
    )


class AnswerForm(_InZone):
    """Staff's answer to a request for more time: a new closing, or no, with words for the team."""

    answer = forms.ChoiceField(
        label="Your answer",
        choices=[(GRANT, "Give more time"), (DECLINE, "Decline")],
        widget=forms.RadioSelect,
    )
    until = WallClockField(label="New closing", required=False, help_text="Only when you give more time.")
    reason = _reason("To the team", "They read this in the mail and on their page.", required=False)

    def __init__(self, *args, asked: ExtensionRequest, **kwargs):
        super().__init__(*args, **kwargs)
        self.asked = asked

    def clean(self):
        super().clean()
        said = self.cleaned_data
        if said.get("answer") == GRANT and not said.get("until") and "until" not in self.errors:
            self.add_error("until", "Choose until when.")
        if said.get("answer") == DECLINE and not said.get("reason"):
            self.add_error("reason", "Write a reason; the team reads it.")
        return said

    @property
    def facts(self) -> dict[str, Any]:
        """A new closing without words of the officer's carries the team's own reason."""
        until, reason = self.cleaned_data["until"], self.cleaned_data["reason"]
        return {"until": until, "reason": reason or self.asked.reason}


class AskForm(PortalForm):
    """Why a team needs more time."""

    reason = _reason("Why do you need more time?", "Say what happened and how much time would help.")
