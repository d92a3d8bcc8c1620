"""The web server stamps requests as they reach it, however long they wait for a thread."""

import os
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
THREADS = 4
NAP = 3.0  # seconds a request takes, so long that a busy machine notices the difference
# Tells when its request reached the server, by the server's word and by its own clock.
APPLICATION = f"""
import time
from portal import arrival

def application(environ, start_response):
    begun, reached = time.time(), arrival.reached()
    time.sleep({NAP})
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{{reached.timestamp() if reached else 0}} {{begun}}".encode()]
"""


@pytest.fixture
def port(tmp_path):
    (tmp_path / "napping.py").write_text(APPLICATION)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "python:portal.gunicorn", "-w", "1", "-b", f"127.0.0.1:{free}", "napping"],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": f"{tmp_path}:{ROOT}"},
    )  # fmt: skip
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", free)).close()
            break
        except OSError:
            time.sleep(0.1)
    yield free
    server.terminate()
    server.wait(30)


def _ask(port: int, wait: float = 0) -> tuple[float, float]:
    """When the request reached the server and when it was served, by the server; it is sent after `wait` seconds."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        time.sleep(wait)
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    reached, served = answer.partition(b"\r\n\r\n")[2].split()
    return float(reached), float(served)


def test_request_that_waits_for_a_thread_counts_from_when_it_reached_us(port):
    begun = time.time()
    with ThreadPoolExecutor(THREADS + 1) as people:
        answers = list(people.map(lambda _: _ask(port), range(THREADS + 1)))
    last = max(answers, key=lambda answer: answer[1])

    assert last[1] - begun > NAP
    assert last[0] - begun < NAP / 2


def test_connection_opened_early_does_not_make_its_request_early(port):
    reached, served = _ask(port, wait=NAP / 2)

    assert (reached, served > 0) == (0, True)
