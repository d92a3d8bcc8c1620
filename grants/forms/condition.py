"""Forms of a payment's conditions: one more in words, and what somebody says of it."""

from django import forms

from portal.forms import PortalForm


class ConditionForm(PortalForm):
    """What must have happened before the payment is prepared."""

    text = forms.CharField(
        label="What must have happened",
        help_text="A sentence the site understands too, such as: The board has confirmed the new evaluator.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        error_messages={"required": "Say what must have happened."},
    )


class ConditionActForm(PortalForm):
    """Nothing but the version of the payment it was decided on."""
