"""Uploads through a form: the same refusals beside the field, and a file too large that never reaches the disk."""

from django import forms
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http.multipartparser import MultiPartParser
from django.test import RequestFactory

from portal.documents.forms import UploadField
from portal.documents.uploads import BoundedUploadHandler
from tests.portal.documents.files import PDF, SVG, upload


class _Form(forms.Form):
    plan = UploadField()
    photo = UploadField(required=False)


def test_upload_field_cleans_to_what_passed():
    form = _Form({}, {"plan": upload(PDF)})

    assert form.is_valid(), form.errors
    assert (form.cleaned_data["plan"].content, form.cleaned_data["photo"]) == (PDF, None)


def test_upload_field_says_why_not_beside_the_field():
    form = _Form({}, {"plan": upload(PDF), "photo": upload(SVG, "photo.png")})

    assert list(form.errors) == ["photo"]
    assert form.errors["photo"][0].startswith("This file is not what its name says")


def test_upload_field_shows_what_may_be_chosen():
    drawn = str(_Form()["plan"])

    assert 'accept=".pdf,.docx,.xlsx,.png,.jpg,.jpeg"' in drawn
    assert _Form().fields["plan"].help_text == "PDF, Word, Excel, PNG or JPEG, up to 20.0\xa0MB."


def _parsed(content):
    request = RequestFactory().post("/", {"plan": upload(content)})
    handlers = [BoundedUploadHandler(request), TemporaryFileUploadHandler(request)]
    _, files = MultiPartParser(request.META, request, handlers).parse()
    return files["plan"]


def test_upload_over_the_limit_arrives_without_content(settings):
    settings.UPLOAD_MAX_BYTES = 100_000
    arrived = _parsed(b"%PDF-" + b"x" * 500_000)

    assert (arrived.size, arrived.read()) == (500_005, b"")
    form = _Form({}, {"plan": arrived})
    assert form.errors["plan"] == ["This file is too large. A file may have up to 97.7\xa0KB."]


def test_upload_at_the_limit_arrives_whole(settings):
    settings.UPLOAD_MAX_BYTES = 100_000
    content = b"%PDF-" + b"x" * 99_995

    assert _parsed(content).read() == content
