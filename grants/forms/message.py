"""The form of a message between a team and the foundation."""

from django import forms

from grants.domain.message import LONGEST
from portal.forms import PortalForm

_INCOMPLETE = "This page is incomplete. Open it again and send your message once more."


class MessageForm(PortalForm):
    """The text, and the random key of this very page, so that pressing twice sends once."""

    text = forms.CharField(
        label="Your message",
        widget=forms.Textarea(attrs={"rows": 7}),
        max_length=LONGEST,
        strip=False,
        error_messages={
            "required": "Write your message first.",
            "max_length": "Shorten this to %(limit_value)d characters, or send it in two messages.",
        },
    )
    key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": _INCOMPLETE, "invalid": _INCOMPLETE})
