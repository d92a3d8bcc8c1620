"""Forms of the discussion among a proposal's reviewers."""

from django import forms

from grants.domain.discussion import LONGEST
from portal.forms import PortalForm

_INCOMPLETE = "This page is incomplete. Open it again and send your text once more."
_TOO_LONG = "Shorten this to %(limit_value)d characters."


class OpenForm(PortalForm):
    """What the reviewers are asked."""

    question = forms.CharField(
        label="What should they talk about?",
        help_text="Every reviewer who submitted a review reads this. Say where they differ, not who said what.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST,
        strip=False,
        error_messages={"required": "Write what the reviewers should talk about.", "max_length": _TOO_LONG},
    )


class PostForm(PortalForm):
    """A contribution, and the random key of this very page, so that pressing twice writes once."""

    text = forms.CharField(
        label="Your contribution",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=LONGEST,
        strip=False,
        error_messages={"required": "Write something first.", "max_length": _TOO_LONG},
    )
    key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": _INCOMPLETE, "invalid": _INCOMPLETE})
