"""The form of one instalment: its amount and the day it is due."""

from django import forms

from portal.forms import PortalForm
from portal.money import MoneyFormField


class InstalmentForm(PortalForm):
    """What an instalment pays, and when. The award year decides what is too much and too early."""

    amount = MoneyFormField(label="Amount", error_messages={"required": "Enter the amount of the payment."})
    due_on = forms.DateField(
        label="Due on",
        widget=forms.DateInput,
        error_messages={"required": "Enter the day on which the payment is due."},
    )
