"""The forms that put a file to a proposal: under a title of one's own, or as a document the round asks for."""

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat

from grants.models import Attachment, AttachmentSlot
from portal.documents.domain.kinds import KINDS
from portal.documents.forms import UploadField
from portal.forms import PortalForm


class AttachmentForm(PortalForm):
    """One file and what it is."""

    title = forms.CharField(
        label="What it is",
        max_length=Attachment._meta.get_field("title").max_length,
        help_text="Such as “Letter of the mayor”.",
    )
    file = UploadField(label="File")


class SlotFileForm(PortalForm):
    """The file of one slot. The hidden `slot` says which; the domain looks at what the file is."""

    slot = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, slot: AttachmentSlot, **kwargs):
        super().__init__(*args, auto_id=f"id_{slot.public_id.hex}_%s", initial={"slot": slot.public_id}, **kwargs)
        kinds = [each for each in KINDS if not slot.kinds or each.content_type in slot.kinds]
        accepted = ",".join(extension for each in kinds for extension in each.extensions)
        self.fields["file"] = UploadField(
            label=f"File for “{slot}”",
            help_text=f"{slot.kind_words}, up to {filesizeformat(settings.UPLOAD_MAX_BYTES)}.",
            widget=forms.FileInput(attrs={"accept": accepted}),
            error_messages={"required": "Choose a file."},
        )
