"""The form that publishes prepared changes of a call's questions."""

from django import forms

from portal.forms import PortalForm


class NoticeForm(PortalForm):
    """What teams are told; without it nothing is published."""

    notice = forms.CharField(
        label="Notice to the teams",
        widget=forms.Textarea({"rows": 5}),
        max_length=3000,
        help_text="What changes and why, in your words. The list of changes is added for you.",
        error_messages={"required": "Tell teams in a few words what changes and why."},
    )
