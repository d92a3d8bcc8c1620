"""The form with which a director agrees to a docket's line, returns it or declines it."""

from __future__ import annotations

from django import forms

from grants.enums import Decision, LineVerdict
from grants.models import DocketLine
from portal.forms import PortalForm

_WORDS = {
    LineVerdict.AGREED: "Agree",
    LineVerdict.RETURNED: "Return it to review",
    LineVerdict.DECLINED: "Decline it",
    LineVerdict.OPEN: "Decide later",
}


class VerdictForm(PortalForm):
    """What the director says to one line; `version` is the docket's."""

    verdict = forms.ChoiceField(label="Your decision on this line", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Your reason",
        help_text="The officer reads it. A line that is returned or declined needs one.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5000,
        required=False,
    )

    def __init__(self, *args, line: DocketLine, **kwargs):
        initial = {"verdict": line.verdict, "reason": line.verdict_reason}
        super().__init__(*args, version=line.docket.version, initial=initial, **kwargs)
        # A line that already recommends a decline can be agreed to or returned.
        left_out = {LineVerdict.DECLINED} if line.decision == Decision.DECLINE else set()
        choices = [(each.value, words) for each, words in _WORDS.items() if each not in left_out]
        self.field_as("verdict", forms.ChoiceField).choices = choices

    def clean(self):
        data = super().clean() or {}
        needs = data.get("verdict") in {LineVerdict.RETURNED.value, LineVerdict.DECLINED.value}
        if needs and not data.get("reason", "").strip():
            self.add_error("reason", "Say why: the officer reads your reason.")
        return data
