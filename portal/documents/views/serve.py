"""Handing out a file to a request whose route has already decided that it may have it."""

from __future__ import annotations

import logging

from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase

from portal.documents.models import Document

logger = logging.getLogger(__name__)

# Whatever is inside the file, it runs nothing, loads nothing and is not of our origin. PDF viewers work all the same.
_SANDBOX = "sandbox; default-src 'none'"


# How long browsers and caches on the way may keep a file that is open to everybody, in seconds.
_PUBLIC_AGE = 300


def serve(document: Document, *, inline: bool = False, public: bool = False) -> HttpResponseBase:
    """The file as a download, or shown in the browser when `inline` and the portal itself made its bytes.

    A `public` one may be kept for minutes by whatever stands between us and its many readers.
    Raises Http404 when the storage has lost the file.
    """
    try:
        stored = document.file.open("rb")
    except FileNotFoundError as error:
        logger.error("The file of document %s is missing from storage.", document.pk)
        raise Http404("This file is missing.") from error
    shown = inline and document.is_ours
    response = FileResponse(stored, as_attachment=not shown, filename=document.name, content_type=document.content_type)
    response.headers["Content-Security-Policy"] = _SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = f"public, max-age={_PUBLIC_AGE}" if public else "private, no-store"
    return response
