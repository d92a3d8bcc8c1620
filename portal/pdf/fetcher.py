"""What a document may load while it is printed: the portal's own static files, its fonts, and pictures handed in."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from weasyprint.urls import URLFetcher, URLFetcherResponse

SCHEME = "portal"
# Only these are ever read, whatever else lies in the folders.
CONTENT_TYPES = {
    ".css": "text/css",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
}
_SIGNATURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


class PortalFetcher(URLFetcher):
    """Serves `portal:static/…`, `portal:fonts/…` and `portal:picture/…`; refuses every other address.

    A refusal ends the document: users cannot write markup, so an address that does not belong is a fault of ours, and
    an official document with a hole in it is worse than none.
    """

    def __init__(self, folders: Mapping[str, Path], pictures: Mapping[str, bytes] | None = None):
        super().__init__(allowed_protocols=(SCHEME,), allow_redirects=False, fail_on_errors=True)
        # Not one of urllib's handlers stays: what is not in `fetch` below cannot be reached.
        self.handlers, self.handle_open, self.process_request, self.process_response = [], {}, {}, {}
        self._folders = {name: path.resolve() for name, path in folders.items()}
        self._pictures = dict(pictures or {})

    def fetch(self, url, headers=None):
        """The content behind `url`. Raises ValueError for an address that is not the portal's, OSError for no file."""
        parts = urlsplit(url)
        folder, _, name = unquote(parts.path).partition("/")
        if parts.scheme != SCHEME or parts.netloc or parts.query or parts.fragment or not name:
            raise ValueError("Documents may load only the portal's own files.")
        if folder == "picture":
            return self._picture(url, name)
        return self._file(url, folder, name)

    def _picture(self, url, name):
        content = self._pictures.get(name)
        if content is None:
            raise ValueError("This picture was not handed in for this document.")
        kind = next((kind for start, kind in _SIGNATURES.items() if content.startswith(start)), None)
        if kind is None:
            raise ValueError("A picture in a document is a PNG or a JPEG.")
        return URLFetcherResponse(url, content, {"Content-Type": kind})

    def _file(self, url, folder, name):
        root = self._folders.get(folder)
        if root is None:
            raise ValueError("Documents may load only the portal's own files.")
        path = (root / name).resolve()
        if not path.is_relative_to(root) or path.suffix not in CONTENT_TYPES:
            raise ValueError("Documents may load only the portal's own files.")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": CONTENT_TYPES[path.suffix]})
