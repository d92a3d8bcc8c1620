"""How the bytes of an upload arrive: never more of one file than may be kept, however long somebody sends."""

from __future__ import annotations

import io

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class BoundedUploadHandler(FileUploadHandler):
    """First of the upload handlers: drops what comes after the limit, so that no disk is filled by a file too large.

    The form then sees a file with its true size and no content, which screening refuses with the right sentence.
    """

    def receive_data_chunk(self, raw_data, start):
        return raw_data if start + len(raw_data) <= settings.UPLOAD_MAX_BYTES else None

    def file_complete(self, file_size):
        if file_size <= settings.UPLOAD_MAX_BYTES:
            return None
        return InMemoryUploadedFile(
            io.BytesIO(), self.field_name, self.file_name, self.content_type, file_size, self.charset
        )
