"""The form that submits a report once."""

from django import forms

from portal.forms import PortalForm


class SubmitForm(PortalForm):
    """Carries the word by which a second click is known to be the same submission."""

    key = forms.RegexField(r"\A[0-9a-f]{32}\Z", widget=forms.HiddenInput)
