"""The processes of a measurement on a database of its own: broker, the portal's web workers, a bare Django beside them."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from benchmarks.computing import backends_of, children_of, computed
from portal import valkey

ROOT = Path(__file__).parents[1]
START = 60  # seconds
PORTAL, HELLO = "portal.wsgi", "benchmarks.hello"


class Machine:
    """`portal` and `hello` are the ports of the two servers. Used as a context manager; nothing is left behind."""

    def __init__(self, server: str, shared: Path) -> None:
        """`server` is empty for SQLite, else the URL of a PostgreSQL; `shared` keeps what every database can use."""
        self.shared, self.server = shared, server
        self.folder = Path(tempfile.mkdtemp(prefix="throughline-bench-"))
        self.portal, self.hello = _free_port(), _free_port()
        self.database = f"sqlite:///{self.folder / 'portal.sqlite3'}"
        self.name = f"throughline_bench_{os.getpid()}"
        if server:
            self.database = urlunsplit(urlsplit(server)._replace(path=f"/{self.name}"))
        self.processes: list[subprocess.Popen] = []

    def __enter__(self) -> Machine:
        if self.server:
            on_server(self.server, f'CREATE DATABASE "{self.name}"')
        if not (self.shared / "static").exists():
            self.manage("collectstatic", "--noinput", "--verbosity", "0")
        (self.folder / "static").symlink_to(self.shared / "static")
        self._launch("broker", *valkey.command(self.folder, persist=False))
        return self

    def __exit__(self, *failure) -> None:
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            process.wait(40)
        if self.server:
            on_server(self.server, f'DROP DATABASE "{self.name}" WITH (FORCE)')
        shutil.rmtree(self.folder)

    @property
    def environment(self) -> dict[str, str]:
        """As in production: no debugging, a second step asked of staff, compressed static files, compiled modules."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return kept | {
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "DEBUG": "false",
            "SECRET_KEY": "a-key-for-measuring-only-" * 3,
            "VAR_DIR": str(self.folder if (self.folder / "static").exists() else self.shared),
            "DATABASE_URL": self.database,
            "REDIS_URL": f"unix://{self.folder / 'valkey.sock'}?db=0",
            "EMAIL_URL": "",
            "STORAGE_URL": "",
            "LOG_LEVEL": "WARNING",
            "PYTHONPYCACHEPREFIX": str(self.shared / "compiled"),
        }

    def manage(self, *arguments: str) -> str:
        """Run `manage.py` on this database; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(done.stderr)
        return done.stdout

    def timed(self, *arguments: str) -> tuple[float, float]:
        """Seconds a `manage.py` command takes: on the clock, and of computing."""
        begun, computed = time.perf_counter(), _computed()
        self.manage(*arguments)
        return time.perf_counter() - begun, _computed() - computed

    def call(self, function: str, *arguments: Any) -> Any:
        """What a function of `benchmarks` returns (as JSON) when it is called in a process with Django set up."""
        module = function.rpartition(".")[0]
        act = f"import json, {module}; print(json.dumps({function}(*{list(arguments)!r})))"
        printed = self.manage("shell", "--no-imports", "-c", act)
        return json.loads(printed.splitlines()[-1])

    def serve(self) -> None:
        """Start both servers with the portal's own gunicorn settings."""
        for name, port, application in (
            ("portal", self.portal, PORTAL),
            ("hello", self.hello, HELLO),
        ):
            gunicorn = (sys.executable, "-m", "gunicorn", "-c", "python:portal.gunicorn", "-b", f"127.0.0.1:{port}")
            self._launch(name, *gunicorn, application)
            _wait_for(f"http://127.0.0.1:{port}/hello", self.folder / f"{name}.log")

    def workers(self, application: str) -> list[Path]:
        """The processes that answer for one of the two servers, by the name of its application."""
        return children_of(next(each.pid for each in self.processes if application in each.args))

    def computed(self, application: str) -> float:
        """Milliseconds a server has computed so far, the portal's with its database where that can be seen."""
        return computed(self.workers(application) + (backends_of(self.name) if application == PORTAL else []))

    def _launch(self, name: str, *command: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes.append(subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log))


def on_server(url: str, statement: str) -> None:
    """Run a statement that cannot run inside a transaction."""
    connection = psycopg2.connect(url.replace("postgres://", "postgresql://", 1))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


def _computed() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(url: str, log: Path) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"The server did not start:\n{log.read_text()}")
