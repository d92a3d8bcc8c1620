"""The virus scanner: a file is kept only when it answered, and answered OK."""

import socketserver
import struct
import threading

import pytest
from django.core.exceptions import ValidationError

from portal.documents.domain import scanner, screen
from portal.documents.enums import Scan
from tests.portal.documents.files import PDF, upload


class _Talk(socketserver.StreamRequestHandler):
    """One INSTREAM conversation."""

    def handle(self):
        command = self.rfile.read(10)
        content = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
        self.server.heard.append((command, content))
        self.wfile.write(self.server.answer)


@pytest.fixture
def daemon(settings):
    """A stand-in for clamd that says what it is told."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Talk) as server:
        server.daemon_threads = True
        server.heard, server.answer = [], b"stream: OK\0"
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        settings.CLAMAV_ADDRESS = "{}:{}".format(*server.server_address)
        yield server
        server.shutdown()


def _refusal(content=PDF):
    with pytest.raises(ValidationError) as caught:
        screen(upload(content))
    return caught.value.code


def test_scan_without_a_scanner_says_so():
    assert screen(upload(PDF)).scan == Scan.NONE


def test_scan_of_a_clean_file_passes_all_its_bytes(daemon):
    content = PDF + b"x" * 200_000

    assert screen(upload(content)).scan == Scan.CLEAN
    assert daemon.heard == [(b"zINSTREAM\0", content)]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"stream: Eicar-Test-Signature FOUND\0", "virus"),
        (b"INSTREAM size limit exceeded. ERROR\0", "scanner_down"),
        (b"stream: not OK", "scanner_down"),
        (b"", "scanner_down"),
        (b"\xff\xfe", "scanner_down"),
    ],
)
def test_scan_with_any_other_answer_refuses(daemon, answer, code):
    daemon.answer = answer

    assert _refusal() == code


def test_scan_by_a_scanner_that_is_down_refuses(settings):
    settings.CLAMAV_ADDRESS = "127.0.0.1:1"

    assert _refusal() == "scanner_down"


def test_scan_by_a_scanner_that_never_answers_refuses(settings, monkeypatch):
    monkeypatch.setattr(scanner, "TIMEOUT", 0.2)
    with socketserver.TCPServer(("127.0.0.1", 0), None) as silent:
        settings.CLAMAV_ADDRESS = "{}:{}".format(*silent.server_address)

        assert _refusal() == "scanner_down"
