"""A person without a browser: signs in over HTTP and posts forms, and says how long each answer took."""

from __future__ import annotations

import re
import time
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

from portal.demo import DEMO_PASSWORD

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_VERSION = re.compile(r'name="version" value="(\d+)"')


class Visitor:
    """Somebody signed in at `base_url`; `waited` holds the seconds of every request."""

    def __init__(self, base_url: str, email: str, password: str = DEMO_PASSWORD) -> None:
        self.base_url = base_url
        self.waited: list[float] = []
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.post("/accounts/login/", login=email, password=password)

    def get(self, path: str) -> str:
        """The page at a path."""
        return self._open(urllib.request.Request(self.base_url + path))

    def post(self, path: str, **fields: str) -> str:
        """Open a page and post the form on it, with its token and version."""
        page = self.get(path)
        hidden = {"csrfmiddlewaretoken": _TOKEN.search(page).group(1)}
        version = _VERSION.search(page)
        if version:
            hidden["version"] = version.group(1)
        body = urllib.parse.urlencode(hidden | fields).encode()
        headers = {"Referer": self.base_url + path}
        return self._open(urllib.request.Request(self.base_url + path, data=body, headers=headers))

    def _open(self, request: urllib.request.Request) -> str:
        start = time.monotonic()
        with self._opener.open(request, timeout=60) as answer:
            page = answer.read().decode()
        self.waited.append(time.monotonic() - start)
        return page
