"""Requests of many people at once, each on a connection of its own, as light as they can be: the machine is measured too."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from urllib.parse import urlencode

_CSRF = "m" * 32
PATIENCE = 60  # seconds


@dataclass(frozen=True)
class Answer:
    """What came back after so many milliseconds; status 0 when nothing did."""

    status: int
    body: str
    milliseconds: float


class Browser:
    """One person's browser; `session` is empty for somebody who is not signed in."""

    def __init__(self, port: int, session: str = "") -> None:
        self.port = port
        self.cookie = f"Cookie: sessionid={session}; csrftoken={_CSRF}\r\n" if session else ""

    async def get(self, path: str) -> Answer:
        return await self._ask(f"GET {path} HTTP/1.1\r\n", "")

    async def post(self, path: str, data: list[tuple[str, str]], *, htmx: bool = False) -> Answer:
        body = urlencode(data)
        head = (
            f"POST {path} HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nX-CSRFToken: {_CSRF}\r\n"
            f"Content-Length: {len(body)}\r\n" + ("HX-Request: true\r\n" if htmx else "")
        )
        return await self._ask(head, body)

    async def _ask(self, head: str, body: str) -> Answer:
        begun = time.perf_counter()
        try:
            answer = await asyncio.wait_for(self._exchange(head, body), PATIENCE)
        except (OSError, TimeoutError):
            return Answer(0, "", (time.perf_counter() - begun) * 1000)
        top, _, content = answer.partition(b"\r\n\r\n")
        status = int(top.split(b" ", 2)[1]) if top else 0
        return Answer(status, content.decode(errors="replace"), (time.perf_counter() - begun) * 1000)

    async def _exchange(self, head: str, body: str) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(f"{head}Host: 127.0.0.1\r\n{self.cookie}Connection: close\r\n\r\n{body}".encode())
            await writer.drain()
            return await reader.read()
        finally:
            writer.close()
