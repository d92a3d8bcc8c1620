"""The form that submits a proposal."""

from django import forms

from portal.forms import PortalForm


class SubmitForm(PortalForm):
    """Only the random key of this very page, so that pressing twice submits once."""

    key = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "required": "This page is incomplete. Open it again and press Submit once more.",
            "invalid": "This page is incomplete. Open it again and press Submit once more.",
        },
    )
