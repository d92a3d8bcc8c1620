"""The sign-in library's forms in the portal's words; the library imports this module itself, by name."""

from allauth.account import forms as library
from django import forms

_LABELS = {
    "login": "E-mail address",
    "email": "E-mail address",
    "remember": "Keep me signed in on this device",
}


class _PlainWords(forms.BaseForm):
    """Labels as the rest of the portal has them, and no placeholders, which vanish while somebody types."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = _LABELS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)


class LoginForm(_PlainWords, library.LoginForm):
    """Signing in."""


class SignupForm(_PlainWords, library.SignupForm):
    """Signing up."""


class ResetPasswordForm(_PlainWords, library.ResetPasswordForm):
    """Asking for a link to a new password."""


class ResetPasswordKeyForm(_PlainWords, library.ResetPasswordKeyForm):
    """Setting a new password behind the link."""


class ChangePasswordForm(_PlainWords, library.ChangePasswordForm):
    """Changing the password."""


class AddEmailForm(_PlainWords, library.AddEmailForm):
    """Adding an address."""
