"""The form of money that came back."""

from django import forms

from portal.forms import PortalForm
from portal.money import MoneyFormField


class RefundForm(PortalForm):
    """How much came back, when, under which reference and why."""

    amount = MoneyFormField(label="Amount that came back", error_messages={"required": "Enter the amount."})
    received_on = forms.DateField(
        label="Day it arrived",
        widget=forms.DateInput,
        error_messages={"required": "Enter the day the money arrived."},
    )
    bank_reference = forms.CharField(
        label="Reference at the bank",
        help_text="The number the bank gave this money, such as a trace, deposit or check number.",
        max_length=64,
        error_messages={"required": "Enter the reference the bank gave this money."},
    )
    reason = forms.CharField(
        label="Why it came back",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={"required": "Say why the money came back."},
    )
