"""Files the portal lends for some days: read in pieces, kept until their time is over, then gone with what held them."""

import hashlib
import io
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from portal.documents.domain import lending, sweep
from portal.documents.models import Document
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


def lend(content=b"PK and more", at=NOON):
    with lending("record.zip", io.BytesIO(content), "application/zip", at=at, until=at + WEEK, actor=None) as document:
        return document


def test_lent_file_has_the_size_and_hash_of_all_its_bytes():
    content = b"x" * (3 << 20)

    document = lend(content)

    assert (document.size, document.sha256) == (3 << 20, hashlib.sha256(content).hexdigest())
    assert document.content() == content
    assert (document.issued, document.is_ours, document.expires_at) == (False, False, NOON + WEEK)


def test_lent_file_is_swept_when_its_time_is_over(django_capture_on_commit_callbacks):
    early, late = lend(), lend(at=NOON + timedelta(days=1))
    name, storage = early.file.name, early.file.storage

    with django_capture_on_commit_callbacks(execute=True):
        assert sweep(at=NOON + WEEK) == 0
        assert sweep(at=NOON + WEEK + timedelta(seconds=1)) == 1

    assert list(Document.objects.all()) == [late]
    assert not storage.exists(name)
    assert storage.exists(late.file.name)


def test_lent_file_of_an_act_that_fails_is_taken_back():
    with (
        pytest.raises(RuntimeError),
        lending("a.zip", io.BytesIO(b"PK"), "application/zip", at=NOON, until=NOON + WEEK, actor=None) as document,
    ):
        raise RuntimeError

    assert Document.objects.count() == 0
    assert not document.file


def test_empty_file_is_not_lent():
    with pytest.raises(ValidationError):
        lend(b"")


def test_issued_document_cannot_expire():
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.create(
            name="a.pdf", content_type="application/pdf", size=1, sha256="0" * 64, file="aa/b", scan="issued",
            issued=True, created_at=NOON, expires_at=NOON + WEEK,
        )  # fmt: skip
