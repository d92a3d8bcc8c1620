"""The form of a partner organization."""

from django import forms

from portal.forms import CountField, PortalForm
from sites.enums import PartnerKind, TaxStatus


class ApartMixin(forms.BaseForm):
    """A box for “ours is another coalition”, which is there only after somebody was asked."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "apart" in self.data:
            self.ask_apart()

    def ask_apart(self) -> None:
        """Offer the box."""
        self.fields["apart"] = forms.BooleanField(
            label="Ours is another coalition than the one that is there already", required=False
        )


class PartnerForm(ApartMixin, PortalForm):
    """What is known of an organization, who signs for it and how it can be paid. The domain checks the identifiers."""

    kind = forms.ChoiceField(
        label="What it is",
        choices=PartnerKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the organization is."},
    )
    name = forms.CharField(
        label="Name of the organization",
        max_length=160,
        error_messages={"required": "Give the name of the organization."},
    )
    leaid = forms.CharField(
        label="NCES district id (LEAID)",
        required=False,
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        help_text="Seven digits. For the school district only.",
    )
    students = CountField(
        label="Students enrolled in the district",
        required=False,
        min_value=1,
        max_value=5_000_000,
        help_text="For the school district only.",
    )
    signatory_name = forms.CharField(label="Who signs for it", required=False, max_length=120)
    signatory_title = forms.CharField(
        label="Their title",
        required=False,
        max_length=120,
        help_text="Such as superintendent, president or executive director.",
    )
    signatory_email = forms.EmailField(
        label="Their e-mail address",
        required=False,
        help_text="They sign through a link we send. They need no account.",
    )
    ein = forms.CharField(
        label="Employer identification number (EIN)",
        required=False,
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        help_text="Nine digits, such as 12-3456789. Needed for the fiscal agent.",
    )
    tax_status = forms.ChoiceField(
        label="Tax status",
        required=False,
        choices=[("", "Not known yet"), *TaxStatus.choices],
        help_text="Needed for the fiscal agent.",
    )
    uei = forms.CharField(
        label="Unique entity id (UEI)",
        required=False,
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        help_text="Twelve letters and digits from SAM.gov, if it has one.",
    )

    def __init__(self, *args, kind: str = "", wanted: str = "", **kwargs):
        """`kind` is given for a partner that exists: what it is stays. `wanted` is what a new one is to be.

        Only a district is asked for a LEAID and its students, and its name may come from the list.
        """
        super().__init__(*args, **kwargs)
        if kind:
            del self.fields["kind"]
        elif wanted:
            self.fields["kind"].widget = forms.HiddenInput()
            self.fields["kind"].initial = wanted
        known = kind or wanted
        if known and known != PartnerKind.DISTRICT:
            del self.fields["leaid"], self.fields["students"]
        if known == PartnerKind.DISTRICT:
            self.fields[
                "leaid"
            ].help_text = "Seven digits. It comes with the district when you choose one from the list."
            self.fields["students"].help_text = ""
            self.fields["name"].required = False
            self.fields["name"].help_text = "Left empty, it is taken from the list by the id."
