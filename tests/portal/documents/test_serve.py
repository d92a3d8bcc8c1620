"""Handing files out: a download that can do nothing, and inline only what the portal itself made."""

from datetime import UTC, datetime

import pytest
from django.http import Http404

from portal.documents.domain import store_issued, store_upload
from portal.documents.views import serve
from tests.portal.documents.files import PDF, office, picture, upload

NOON = datetime(2026, 10, 5, 16, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def _uploaded(content=PDF, name="plan.pdf"):
    return store_upload(upload(content, name), actor=None, at=NOON, quota_group="P-1")


def _issued(name="report.pdf"):
    return store_issued(name, PDF, "application/pdf", at=NOON, actor=None)


def _served(document, **options):
    response = serve(document, **options)
    body = b"".join(response.streaming_content)
    response.close()
    return response, body


def test_serve_upload_is_a_download_that_can_do_nothing():
    response, body = _served(_uploaded())

    assert body == PDF
    assert response.headers["Content-Disposition"] == 'attachment; filename="plan.pdf"'
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Length"] == str(len(PDF))
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response.headers["Cache-Control"] == "private, no-store"


def test_serve_name_outside_ascii_is_encoded():
    response, _ = _served(_uploaded(name="Plan für Łódź.pdf"))

    assert (
        response.headers["Content-Disposition"]
        == "attachment; filename*=utf-8''Plan%20f%C3%BCr%20%C5%81%C3%B3d%C5%BA.pdf"
    )


@pytest.mark.parametrize(
    ("make", "disposition"),
    [
        (_uploaded, "attachment"),
        (lambda: _uploaded(office("docx"), "plan.docx"), "attachment"),
        (lambda: _uploaded(picture("PNG"), "photo.png"), "inline"),
        (lambda: _uploaded(picture("JPEG"), "photo.jpg"), "inline"),
        (_issued, "inline"),
        (lambda: store_issued("data.html", b"<p>", "text/html", at=NOON, actor=None), "attachment"),
    ],
)
def test_serve_inline_is_for_what_the_portal_made(make, disposition):
    response, _ = _served(make(), inline=True)

    assert response.headers["Content-Disposition"].partition(";")[0] == disposition


def test_serve_inline_is_sandboxed_as_well():
    response, _ = _served(_issued(), inline=True)

    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_serve_file_that_storage_lost_is_not_found():
    document = _uploaded()
    document.file.storage.delete(document.file.name)

    with pytest.raises(Http404):
        serve(document)
