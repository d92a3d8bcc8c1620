"""A form field that takes one file and hands out what passed every check."""

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat

from portal.documents.domain.kinds import EXTENSIONS
from portal.documents.domain.screening import screen


class UploadField(forms.FileField):
    """Cleans to a `Screened` file for `store_upload`, so a refusal stands beside the field like any other error."""

    default_error_messages = {"empty": "This file is empty. Choose it again, or choose another."}

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": ",".join(EXTENSIONS)}))
        super().__init__(**kwargs)
        if not self.help_text:
            self.help_text = f"PDF, Word, Excel, PNG or JPEG, up to {filesizeformat(settings.UPLOAD_MAX_BYTES)}."

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        return screen(upload) if upload and upload is not initial else upload
