"""The forms of the list of schools."""

from django import forms

from portal.forms import PortalForm


class SchoolsForm(PortalForm):
    """A pasted list of schools."""

    schools = forms.CharField(
        label="Schools, one to a line",
        max_length=40_000,
        widget=forms.Textarea({"rows": 8}),
        help_text="You can paste from a spreadsheet. Put the NCES school id behind the name if you know it: “North School, 251234500012”.",
        error_messages={"required": "Write the name of at least one school."},
    )


class SchoolsOffForm(PortalForm):
    """Which schools to take off the list."""

    schools = forms.ModelMultipleChoiceField(
        queryset=None,
        to_field_name="public_id",
        label="Schools to take off the list",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one school."},
    )

    def __init__(self, *args, site, **kwargs):
        super().__init__(*args, **kwargs)
        self.field_as("schools", forms.ModelMultipleChoiceField).queryset = site.schools.all()
