"""The forms of the programme's own words."""

from django import forms

from portal.forms import PortalForm


class IssueForm(PortalForm):
    """The words of a key issue and its place."""

    name = forms.CharField(label="Name", max_length=120, error_messages={"required": "Give it a name."})
    position = forms.IntegerField(
        label="Place in the list",
        min_value=1,
        max_value=99,
        error_messages={"required": "Say at which place it stands."},
    )


class ComponentForm(IssueForm):
    """The words of a core component and its place."""

    short_name = forms.CharField(
        label="Short name",
        max_length=40,
        help_text="For narrow tables and charts.",
        error_messages={"required": "Give it a short name."},
    )
    purpose = forms.CharField(
        label="What it is for",
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Say what it is for."},
    )
    engages = forms.CharField(
        label="Who it engages", max_length=500, error_messages={"required": "Say who it engages."}
    )
    field_order = ["name", "short_name", "purpose", "engages", "position"]
