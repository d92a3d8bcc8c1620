"""Files nobody names are removed a part each hour, young ones and strangers' are left alone; quotas are counted anew."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.storage import FileSystemStorage, default_storage

from portal import clock
from portal.documents.domain import discard, recount_quotas, store_upload, sweep_strays
from portal.documents.domain.stray import folders_of
from portal.documents.models import Document, Quota
from portal.documents.tasks import sweep_strays as task
from tests.portal.documents.files import PDF, upload

NOON = datetime(2026, 10, 5, 12, 0, tzinfo=UTC)
MIDNIGHT = NOON + timedelta(hours=12)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path, caplog):
    settings.MEDIA_ROOT = tmp_path
    caplog.set_level("WARNING")


@pytest.fixture
def media(tmp_path):
    return tmp_path


def stray(media, name="00/" + "a" * 38, *, age=timedelta(days=2)):
    """A file that was left behind so long before midnight."""
    path = media / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(PDF)
    written = (MIDNIGHT - age).timestamp()
    os.utime(path, (written, written))
    return path


def a_document(media, *, group="P-1", name=None):
    """A document whose file is old, in the first folder when `name` is not given."""
    document = store_upload(upload(PDF), actor=None, at=NOON, quota_group=group)
    kept = stray(media, name or "00/" + "d" * 38)
    os.remove(media / document.file.name)
    Document.objects.filter(pk=document.pk).update(file=name or "00/" + "d" * 38)
    document.refresh_from_db()
    return document, kept


def test_stray_file_older_than_a_day_is_removed(media, caplog):
    left = stray(media)
    _, kept = a_document(media)

    assert sweep_strays(at=MIDNIGHT) == 1

    assert (left.exists(), kept.exists()) == (False, True)
    assert "Removed 1 stored files that no document named." in caplog.text
    assert sweep_strays(at=MIDNIGHT) == 0


def test_stray_file_of_the_last_day_is_left(media):
    young = stray(media, age=timedelta(hours=23))

    assert sweep_strays(at=MIDNIGHT) == 0
    assert young.exists()


@pytest.mark.parametrize("name", ["00/readme.txt", "00/" + "a" * 39, "backups/" + "a" * 38, "a" * 38])
def test_file_with_a_name_the_portal_never_gives_is_left(name, media):
    other = stray(media, name)

    assert sweep_strays(at=MIDNIGHT) == 0
    assert other.exists()


def test_every_folder_has_its_hour_and_only_one():
    day = [folder for hour in range(24) for folder in folders_of(MIDNIGHT + timedelta(hours=hour))]

    assert day == [f"{number:02x}" for number in range(256)]


def test_stray_file_waits_for_the_hour_of_its_folder(media):
    left = stray(media, "ff/" + "a" * 38)

    assert sweep_strays(at=MIDNIGHT) == 0
    assert sweep_strays(at=MIDNIGHT + timedelta(hours=23)) == 1
    assert not left.exists()


def test_strays_are_found_with_as_many_queries_as_there_are_folders(media, django_assert_num_queries):
    for number in range(30):
        stray(media, f"00/{number:038x}")

    with django_assert_num_queries(1):
        assert sweep_strays(at=MIDNIGHT) == 30


def test_strays_beyond_what_one_run_may_ask_wait_for_the_next(media, monkeypatch, caplog):
    monkeypatch.setattr("portal.documents.domain.stray.AT_ONCE", 2)
    for number in range(3):
        stray(media, f"00/{number:038x}")

    assert (sweep_strays(at=MIDNIGHT), sweep_strays(at=MIDNIGHT)) == (2, 1)
    assert "the rest are removed later" in caplog.text


class Stubborn(FileSystemStorage):
    """A storage that refuses to delete one file, as one far away may."""

    def delete(self, name):
        if name.endswith("a"):
            raise ConnectionError("not now")
        super().delete(name)


def test_stray_file_that_cannot_be_removed_does_not_stop_the_others(media, settings, caplog):
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": f"{__name__}.Stubborn"}}
    left, gone = stray(media), stray(media, "00/" + "b" * 38)

    assert sweep_strays(at=MIDNIGHT) == 1

    assert (left.exists(), gone.exists()) == (True, False)
    assert f"{left.relative_to(media)} could not be removed" in caplog.text


def test_quota_that_says_too_much_is_put_right(media, caplog):
    a_document(media)
    Quota.objects.update(used=10_000)

    assert recount_quotas() == 1

    assert Quota.objects.get().used == len(PDF)
    assert f"The quota of P-1 said 10000 bytes, its documents have {len(PDF)}." in caplog.text
    assert recount_quotas() == 0


def test_quota_of_a_group_without_documents_is_forgotten(caplog):
    document = store_upload(upload(PDF), actor=None, at=NOON, quota_group="P-1")
    discard(document)

    assert recount_quotas() == 1
    assert not Quota.objects.exists()
    assert caplog.text == ""


def test_task_removes_strays_and_counts_quotas(media):
    stray(media)
    Quota.objects.create(group="P-9")

    with clock.at(MIDNIGHT):
        task()

    assert (default_storage.exists("00/" + "a" * 38), Quota.objects.exists()) == (False, False)
