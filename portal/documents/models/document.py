"""One stored file and what is known about it."""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from portal.documents.enums import ContentType, Scan


def storage_name(document, filename):
    """A random name without an extension: it tells nothing, cannot be guessed, and no server would run it."""
    name = secrets.token_hex(20)
    return f"{name[:2]}/{name[2:]}"


class Document(models.Model):
    """A file. Who may have it is decided by the record that holds it, whose route calls `serve`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=150)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField("size in bytes")
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=storage_name, max_length=100)
    issued = models.BooleanField(default=False)
    scan = models.CharField(max_length=8, choices=Scan)
    quota_group = models.CharField(max_length=100, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    # Of a file the portal made for somebody to take away: it is removed then.
    expires_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at"]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(expires_at__isnull=False), name="document_expires"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["file"], name="document_file_once"),
            models.CheckConstraint(condition=Q(size__gt=0), name="document_has_bytes"),
            models.CheckConstraint(
                condition=Q(issued=True, scan="issued", quota_group="", expires_at=None)
                | Q(issued=False, scan__in=["none", "clean"], content_type__in=ContentType.values, expires_at=None)
                & ~Q(quota_group="")
                | Q(issued=False, scan="issued", quota_group="", expires_at__isnull=False),
                name="document_issued_uploaded_or_lent",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_ours(self) -> bool:
        """Whether the bytes were made by the portal: a picture drawn anew, or a PDF it issued."""
        if self.issued:
            return self.content_type == ContentType.PDF
        return self.content_type in (ContentType.PNG, ContentType.JPEG)

    def content(self) -> bytes:
        """All its bytes. Raises FileNotFoundError when the storage has lost them."""
        with self.file.open("rb") as stored:
            return stored.read()
