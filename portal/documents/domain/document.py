"""Keeping files: first the bytes go to storage, then the row to the database, never one inside the other."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.template.defaultfilters import filesizeformat

from portal.access import Refused
from portal.certain import certain
from portal.documents.domain.screening import Screened, screen
from portal.documents.enums import Scan
from portal.documents.models import Document, Quota
from portal.record import lock

_PIECE = 1 << 20
# Files one sweep removes at most.
AT_ONCE = 200


def store_upload(upload: UploadedFile | Screened, *, actor: Any, at: datetime, quota_group: str) -> Document:
    """Screen and keep a file somebody sent, counted against the room its group has (such as one proposal).

    Takes what an `UploadField` cleaned, or a raw upload. Raises ValidationError with a sentence when the file is
    refused or there is no room, and RuntimeError when called inside a transaction.
    """
    file = upload if isinstance(upload, Screened) else screen(upload)
    document = _document(file.name, file.content, file.content_type, actor=actor, at=at)
    document.scan = file.scan
    document.quota_group = quota_group
    with _stored(document, ContentFile(file.content)), transaction.atomic(durable=True):
        _take_room(quota_group, document.size)
        document.save(force_insert=True)
    return document


def store_issued(name: str, content: bytes, content_type: str, *, at: datetime, actor: Any) -> Document:
    """Keep a document the portal made. It can never be changed or removed; a correction is a new one.

    Raises RuntimeError when called inside a transaction.
    """
    with issuing(name, content, content_type, at=at, actor=actor) as document:
        return document


@contextmanager
def issuing(name: str, content: bytes, content_type: str, *, at: datetime, actor: Any) -> Iterator[Document]:
    """As `store_issued`, with the transaction left open for the row that says what the document is.

    Both rows are written or neither; when the block fails, the file is taken back.
    """
    document = _document(name, content, content_type, actor=actor, at=at)
    document.scan = Scan.ISSUED
    document.issued = True
    with _stored(document, ContentFile(content)), transaction.atomic(durable=True):
        document.save(force_insert=True)
        yield document


@contextmanager
def lending(
    name: str, file: IO[bytes], content_type: str, *, at: datetime, until: datetime, actor: Any
) -> Iterator[Document]:
    """Keep a file the portal made until `until`, for somebody to take away; `file` is read in pieces, so it may be large.

    As with `issuing`, the transaction is left open for the row that says what the document is. Whatever holds the
    document goes with it when `sweep` removes it.
    """
    size, sha256 = file.seek(0, os.SEEK_END), hashlib.sha256()
    file.seek(0)
    while piece := file.read(_PIECE):
        sha256.update(piece)
    file.seek(0)
    document = Document(
        name=name,
        content_type=content_type,
        size=size,
        sha256=sha256.hexdigest(),
        uploaded_by=actor,
        created_at=at,
        expires_at=until,
        scan=Scan.ISSUED,
    )
    with _stored(document, File(file)), transaction.atomic(durable=True):
        document.save(force_insert=True)
        yield document


def sweep(*, at: datetime) -> int:
    """Remove the files whose time is over, each in a transaction of its own. Returns how many."""
    removed = 0
    for document in Document.objects.filter(expires_at__lt=at)[:AT_ONCE]:
        with transaction.atomic():
            stored = document.file
            removed += bool(Document.objects.filter(pk=document.pk, expires_at__lt=at).delete()[0])
            transaction.on_commit(partial(stored.storage.delete, certain(stored.name)), robust=True)
    return removed


def discard(document: Document) -> None:
    """Remove an upload and give its room back; the file goes when the transaction has committed.

    The caller's act decides who may, and logs it. Raises `Refused` for an issued document.
    """
    with transaction.atomic():
        row = lock(document)
        if row.issued:
            raise Refused("A document the foundation issued stays as it is. A correction is a new document.")
        stored = row.file
        Quota.objects.filter(group=row.quota_group).update(used=F("used") - row.size)
        row.delete()
        transaction.on_commit(lambda: stored.storage.delete(stored.name), robust=True)


def _document(name: str, content: bytes, content_type: str, *, actor: Any, at: datetime) -> Document:
    return Document(
        name=name,
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=actor,
        created_at=at,
    )


@contextmanager
def _stored(document: Document, content: File) -> Iterator[None]:
    """Write the file, and take it back when the row that should name it is not written."""
    if not document.size:
        raise ValidationError("This file is empty.", code="empty")
    document.file.save(document.name, content, save=False)
    try:
        yield
    except BaseException:
        document.file.delete(save=False)
        raise


def _take_room(group: str, size: int) -> None:
    """Count the bytes against the group; the conditional UPDATE decides between uploads that arrive together."""
    limit = settings.UPLOAD_QUOTA_BYTES
    room = Quota.objects.filter(group=group, used__lte=limit - size)
    if room.update(used=F("used") + size):
        return
    Quota.objects.bulk_create([Quota(group=group)], ignore_conflicts=True)
    if not room.update(used=F("used") + size):
        raise ValidationError(
            "There is no room for this file: all files here may have %(limit)s. Remove one, or send a smaller one.",
            code="quota",
            params={"limit": filesizeformat(limit)},
        )
