"""Writing an agreement, replacing it, and signing it: for a partner through a private link, and for the foundation."""

from django import forms

from grants.forms.signoff import DeclineForm, SignForm
from grants.models import Agreement
from portal.forms import PortalForm


class WriteForm(PortalForm):
    """The text of one agreement; amounts, days and parties come from the award."""

    conditions = forms.CharField(
        label="Conditions of this award",
        required=False,
        widget=forms.Textarea({"rows": 6}),
        max_length=10_000,
        help_text="What this coalition has to do or accept for the money. They come from the docket; change them as needed.",
    )
    terms = forms.CharField(
        label="Terms",
        widget=forms.Textarea({"rows": 24}),
        max_length=60_000,
        help_text="An empty line starts a new paragraph; a short first line without a full stop becomes its heading.",
    )


class ReplaceForm(PortalForm):
    """Why an agreement is taken back."""

    because = forms.CharField(
        label="Why it is replaced",
        widget=forms.Textarea({"rows": 4}),
        max_length=2000,
        help_text="Everybody who was asked to sign it reads this.",
    )


class AgreeForm(SignForm):
    """As under a proposal, with other words to agree to."""

    agree = forms.BooleanField(
        label="I have read this agreement, I may sign for my organization, and my organization agrees."
    )


class RefuseForm(DeclineForm):
    """As under a proposal; other people read the reason."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["decline_reason"].help_text = "The foundation and the coalition’s team read this."


class CountersignForm(PortalForm):
    """The director's title as it stands under the agreement; the name comes from the account."""

    title = forms.CharField(label="Your title", max_length=Agreement._meta.get_field("countersigned_title").max_length)
    agree = forms.BooleanField(label="I have read this agreement, and the foundation agrees.")
    content_sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
