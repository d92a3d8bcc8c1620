"""Asking a partner to sign, and the two forms its signatory is offered: sign, or decline."""

from django import forms

from grants.models import SignOff
from portal.forms import PortalForm


def _name(label: str) -> forms.CharField:
    return forms.CharField(label=label, max_length=SignOff._meta.get_field("signed_name").max_length)


class AskForm(PortalForm):
    """Which partner is asked."""

    partner = forms.UUIDField()


class ReplaceForm(PortalForm):
    """Who signs for a partner from now on."""

    signatory_name = forms.CharField(label="Full name of the new signatory", max_length=120)
    signatory_title = forms.CharField(
        label="Their title", max_length=120, required=False, help_text="Such as superintendent or president."
    )
    signatory_email = forms.EmailField(
        label="Their e-mail address", help_text="They get a private link of their own, and need no account."
    )


class SignForm(PortalForm):
    """Name and title as a signature; the hash says what was read."""

    signed_name = _name("Your full name")
    signed_title = forms.CharField(
        label="Your title",
        max_length=SignOff._meta.get_field("signed_title").max_length,
        help_text="Such as “Superintendent”.",
    )
    agree = forms.BooleanField(label="I have read this proposal, and my organization takes part in it.")
    content_sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)


class DeclineForm(PortalForm):
    """Who declines and why."""

    prefix = "decline"

    signed_name = _name("Your full name")
    decline_reason = forms.CharField(
        label="Why you do not sign",
        widget=forms.Textarea({"rows": 4}),
        max_length=2000,
        help_text="The team reads this.",
    )
