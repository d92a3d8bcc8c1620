"""The form by which the list of districts is uploaded."""

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat

from portal.forms import PortalForm


class DistrictsForm(PortalForm):
    """The file as NCES publishes it."""

    file = forms.FileField(
        label="The list as a file",
        widget=forms.FileInput(attrs={"accept": ".csv,.zip"}),
        error_messages={"empty": "This file is empty. Choose it again, or choose another."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        most = filesizeformat(settings.UPLOAD_MAX_BYTES)
        self.fields["file"].help_text = f"CSV, or the ZIP archive it comes in, up to {most}."

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_MAX_BYTES:
            most = filesizeformat(settings.UPLOAD_MAX_BYTES)
            raise forms.ValidationError(f"This file is too large. A file may have up to {most}. Send the ZIP archive.")
        return file
