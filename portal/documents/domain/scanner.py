"""Asking a ClamAV daemon about a file. While one is set up, a file it could not look at is refused."""

from __future__ import annotations

import logging
import socket
import struct

from django.conf import settings
from django.core.exceptions import ValidationError

from portal.documents.enums import Scan

logger = logging.getLogger(__name__)

# Seconds for the connection and for every answer; a scan of the largest file takes a few.
TIMEOUT = 20.0
_CHUNK = 64 * 1024
_LONGEST_ANSWER = 4096


def scan(content: bytes) -> Scan:
    """What the scanner says. Raises ValidationError when it found something, or did not answer."""
    address = settings.CLAMAV_ADDRESS
    if not address:
        return Scan.NONE
    try:
        answer = _ask(address, content)
    except OSError as error:
        logger.error("The virus scanner at %s did not answer: %s", address, error)
        answer = ""
    if answer.endswith(": OK"):
        return Scan.CLEAN
    if answer.endswith("FOUND"):
        logger.warning("The virus scanner refused an upload: %s", answer)
        raise ValidationError(
            "The virus scanner found something harmful in this file, so it was not kept.", code="virus"
        )
    raise ValidationError(
        "We could not check this file for viruses just now, so it was not kept. Please try again in a few minutes.",
        code="scanner_down",
    )


def _ask(address: str, content: bytes) -> str:
    """One INSTREAM conversation: chunks with their lengths in front, a chunk of no bytes, one answer."""
    host, _, port = address.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=TIMEOUT) as line:
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), _CHUNK):
            chunk = content[start : start + _CHUNK]
            line.sendall(struct.pack("!L", len(chunk)) + chunk)
        line.sendall(struct.pack("!L", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
            received = line.recv(_LONGEST_ANSWER)
            if not received:
                break
            answer += received
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()
