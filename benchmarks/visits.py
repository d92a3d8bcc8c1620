"""Requests as a browser makes them: over a connection that is kept, signed in, with the form that was on the page."""

from __future__ import annotations

import http.client
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

from benchmarks.counting import ANSWER, ASK

_CSRF = "m" * 32


@dataclass
class Answer:
    """What came back, and how many milliseconds it took until its last byte was here."""

    status: int
    headers: dict[str, str]
    body: bytes
    milliseconds: float

    @property
    def statements(self) -> int:
        """How many statements it took; only of a request that asked for it."""
        return int(self.headers[ANSWER.lower()])


class Visitor:
    """One person's browser: `session` is the key of their session, empty for somebody who is not signed in."""

    def __init__(self, port: int, session: str = "") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=180)
        self.headers = {"Accept-Encoding": "gzip"}
        if session:
            self.headers["Cookie"] = f"sessionid={session}; csrftoken={_CSRF}"

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask("GET", path, None, headers)

    def hello(self) -> Answer:
        return self.get("/hello")

    def post(self, path: str, data: list[tuple[str, str]], **headers: str) -> Answer:
        typed = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": _CSRF}
        return self._ask("POST", path, urlencode(data), typed | headers)

    def count(self, method: str, path: str, data: list[tuple[str, str]] | None = None, **headers: str) -> Answer:
        """The same, with its statements counted."""
        asked = {ASK: "yes"} | headers
        return self.get(path, **asked) if method == "GET" else self.post(path, data or [], **asked)

    def _ask(self, method, path, body, headers) -> Answer:
        begun = time.perf_counter()
        try:
            self.connection.request(method, path, body, self.headers | headers)
            response = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            # The server let go of a connection that rested: ask on a new one, as a browser does.
            self.connection.close()
            begun = time.perf_counter()
            self.connection.request(method, path, body, self.headers | headers)
            response = self.connection.getresponse()
        content = response.read()
        taken = (time.perf_counter() - begun) * 1000
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, content, taken)


@dataclass
class Form(HTMLParser):
    """What the forms of a page that post would send if nothing was typed, by the text of the page."""

    page: str
    data: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self):
        super().__init__()
        self._posting, self._name, self._text, self._select = False, "", "", ""
        self.feed(self.page)

    def handle_starttag(self, tag, attributes):
        found = {name: value or "" for name, value in attributes}
        name = found.get("name", "")
        if tag == "form":
            self._posting = found.get("method", "").lower() == "post" and "action" not in found
        elif not self._posting:
            return
        elif tag == "input" and name:
            if found.get("type") in {"radio", "checkbox"} and "checked" not in found:
                return
            self.data.append((name, found.get("value", "")))
        elif tag == "textarea":
            self._name, self._text = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in found:
            self.data.append((self._select, found.get("value", "")))

    def handle_data(self, data):
        self._text += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self._name:
            self.data.append((self._name, self._text.removeprefix("\n")))
            self._name = ""
        elif tag == "form":
            self._posting = False
