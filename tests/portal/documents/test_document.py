"""Keeping files: the bytes first, then the row; room counted; issued documents left as they are."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction

from portal.access import Refused
from portal.activity.triggers import REFUSAL
from portal.documents.domain import discard, screen, store_issued, store_upload
from portal.documents.enums import Scan
from portal.documents.models import Document, Quota
from tests.portal.documents.files import HTML, PDF, picture, upload

NOON = datetime(2026, 10, 5, 16, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def _files(tmp_path):
    return [path for path in tmp_path.rglob("*") if path.is_file()]


def _store(actor=None, content=PDF, name="plan.pdf", group="P-1"):
    return store_upload(upload(content, name), actor=actor, at=NOON, quota_group=group)


def _issue(content=PDF):
    return store_issued("report.pdf", content, "application/pdf", at=NOON, actor=None)


def test_store_upload_keeps_bytes_and_row(ana_applicant, tmp_path):
    document = _store(ana_applicant)

    stored = Document.objects.get()
    (path,) = _files(tmp_path)
    assert path.read_bytes() == PDF == stored.content()
    assert (stored.pk, stored.name, stored.size, stored.issued) == (document.pk, "plan.pdf", len(PDF), False)
    assert stored.sha256 == hashlib.sha256(PDF).hexdigest()
    assert (stored.uploaded_by, stored.created_at, stored.scan) == (ana_applicant, NOON, Scan.NONE)


def test_store_upload_names_the_file_by_chance(tmp_path):
    first, second = _store(), _store()

    assert first.file.name != second.file.name
    assert all("plan" not in path.name and path.suffix == "" for path in _files(tmp_path))


def test_store_upload_takes_what_a_field_cleaned():
    document = store_upload(screen(upload(PDF)), actor=None, at=NOON, quota_group="P-1")

    assert document.size == len(PDF)


def test_store_upload_of_a_picture_describes_the_bytes_kept():
    document = _store(content=picture("JPEG") + b"<?php", name="photo.jpg")

    assert document.sha256 == hashlib.sha256(document.content()).hexdigest()
    assert document.is_ours


def test_store_upload_refused_leaves_nothing(tmp_path):
    with pytest.raises(ValidationError):
        _store(content=HTML)

    assert (Document.objects.count(), Quota.objects.count(), _files(tmp_path)) == (0, 0, [])


def test_store_upload_counts_the_room_of_its_group():
    _store(group="P-1")
    _store(group="P-1")
    _store(group="P-2")

    assert dict(Quota.objects.values_list("group", "used")) == {"P-1": 2 * len(PDF), "P-2": len(PDF)}


def test_store_upload_past_the_room_is_refused_and_leaves_no_file(settings, tmp_path):
    settings.UPLOAD_QUOTA_BYTES = 2 * len(PDF)
    _store()
    _store()

    with pytest.raises(ValidationError, match="There is no room for this file"):
        _store()
    assert (Document.objects.count(), len(_files(tmp_path))) == (2, 2)
    _store(group="P-2")


def test_store_upload_larger_than_all_room_is_refused(settings):
    settings.UPLOAD_QUOTA_BYTES = len(PDF) - 1

    with pytest.raises(ValidationError, match="There is no room for this file"):
        _store()


@pytest.mark.django_db(transaction=True)
def test_store_upload_by_many_at_once_never_passes_the_room(settings, tmp_path):
    settings.UPLOAD_QUOTA_BYTES = 5 * len(PDF)

    def store(_):
        try:
            return bool(_store())
        except ValidationError:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as people:
        kept = list(people.map(store, range(12)))

    assert (sum(kept), Quota.objects.get().used, len(_files(tmp_path))) == (5, 5 * len(PDF), 5)


def test_store_upload_whose_row_fails_removes_the_file(tmp_path):
    with pytest.raises(IntegrityError):
        _store(group="")

    assert (Document.objects.count(), _files(tmp_path)) == (0, [])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("store", [_store, _issue])
def test_store_inside_a_transaction_is_refused(store, tmp_path):
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        store()

    assert _files(tmp_path) == []


def test_store_issued_is_kept_with_its_hash():
    document = _issue()

    stored = Document.objects.get()
    assert (stored.issued, stored.scan, stored.sha256) == (True, Scan.ISSUED, hashlib.sha256(PDF).hexdigest())
    assert document.is_ours


def test_store_issued_without_bytes_is_refused(tmp_path):
    with pytest.raises(ValidationError, match="empty"):
        _issue(b"")

    assert _files(tmp_path) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE documents_document SET name = 'x'",
        "UPDATE documents_document SET issued = NOT issued",
        "DELETE FROM documents_document",
    ],
)
def test_issued_document_tampered_with_is_refused(statement):
    _issue()

    with pytest.raises(IntegrityError, match=REFUSAL), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Document.objects.get().name == "report.pdf"


def test_upload_may_be_renamed_and_deleted():
    document = _store()
    Document.objects.update(name="x.pdf")
    document.delete()

    assert Document.objects.count() == 0


def test_discard_removes_row_file_and_room(tmp_path, django_capture_on_commit_callbacks):
    document = _store()

    with django_capture_on_commit_callbacks(execute=True):
        discard(document)
        assert default_storage.exists(document.file.name)

    assert (Document.objects.count(), Quota.objects.get().used, _files(tmp_path)) == (0, 0, [])


def test_discard_rolled_back_keeps_the_file(tmp_path, django_capture_on_commit_callbacks):
    document = _store()

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        discard(document)
        transaction.set_rollback(True)

    assert (Document.objects.count(), Quota.objects.get().used, len(_files(tmp_path))) == (1, len(PDF), 1)


def test_discard_of_an_issued_document_is_refused():
    with pytest.raises(Refused, match="stays as it is"):
        discard(_issue())
