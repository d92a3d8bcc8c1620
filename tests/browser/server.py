"""The whole portal as real processes, on a database of its own, for tests that drive a browser."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from portal import valkey
from tests.plugins import migrated

ROOT = Path(__file__).parents[2]
START = 240  # seconds, for a machine that is busy with other things


class Portal:
    """Broker, web, worker and beat; `base_url` says where, `manage` runs a command beside them."""

    def __init__(self, folder: Path, *, own_broker: bool = False) -> None:
        """`own_broker`: an embedded Valkey even where a Redis was given, for tests that freeze and kill it."""
        self.folder = folder
        self.port = _free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.processes: dict[str, subprocess.Popen] = {}
        # What the tests that share this portal should know of what is in it.
        self.notes: dict = {}
        self.database = os.environ["DATABASE_URL"]
        self._made_database = ""
        if self.database.startswith("postgres"):
            self._made_database = f"throughline_{folder.name.replace('-', '_')}"
            migrated.on_server(f'CREATE DATABASE "{self._made_database}" TEMPLATE "{migrated.postgresql()}"')
            self.database = urlunsplit(urlsplit(self.database)._replace(path=f"/{self._made_database}"))
        else:
            self.database = f"sqlite:///{folder / 'portal.sqlite3'}"
            migrated.copy_sqlite(folder / "portal.sqlite3")
        # An embedded Valkey serves SQLite; the PostgreSQL run talks to the Redis it was given.
        given = os.environ["REDIS_URL"]
        self.own_broker = own_broker or given.startswith("unix://")
        self.redis = f"unix://{folder / 'valkey.sock'}?db=0" if self.own_broker else given

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return kept | {
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "DEBUG": "true",
            "DEMO": "true",
            "SECRET_KEY": "a-key-for-browser-tests-only-" * 2,
            "VAR_DIR": str(self.folder),
            "DATABASE_URL": self.database,
            "REDIS_URL": self.redis,
            "REDIS_PREFIX": self.folder.name,
            "BASE_URL": self.base_url,
            "BIND": f"127.0.0.1:{self.port}",
            "EMAIL_URL": "",
            "LOG_LEVEL": "WARNING",
        }

    def start(self) -> None:
        """Start every process and wait until the portal says it is ready."""
        if self.own_broker:
            self.start_broker()
        self.manage("build_fonts")
        self._launch("web", "-m", "gunicorn", "-c", "python:portal.gunicorn", "portal.wsgi")
        self.start_worker()
        self._launch("beat", "-m", "celery", "-A", "portal", "beat", "--loglevel", "WARNING", "--pidfile=")
        self._wait_until_ready()

    def start_worker(self) -> None:
        """Start the Celery worker: once at first, again after a test has killed it."""
        self._launch(
            "worker", "-m", "celery", "-A", "portal", "worker", "--queues", "portal", "--concurrency", "2",
            "--loglevel", "WARNING", "--without-gossip", "--without-mingle",
        )  # fmt: skip

    def start_broker(self) -> None:
        """Start an embedded Valkey."""
        self._launch("broker", *valkey.command(self.folder))

    def kill(self, name: str) -> None:
        """Kill a process and its children at once, as a power cut would."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def freeze(self, name: str) -> None:
        """Stop a process where it stands: it keeps its connections and answers nothing."""
        os.killpg(self.processes[name].pid, signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        """Let a frozen process go on."""
        os.killpg(self.processes[name].pid, signal.SIGCONT)

    def stop(self) -> None:
        """Stop everything and drop the database."""
        for process in reversed(self.processes.values()):
            os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if self._made_database:
            migrated.on_server(f'DROP DATABASE "{self._made_database}" WITH (FORCE)')
        shutil.rmtree(self.folder, ignore_errors=True)

    def manage(self, *arguments: str) -> str:
        """Run `manage.py` on the portal's database; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def python(self, code: str) -> str:
        """Run Python with Django set up, in a process of its own, for what no person does: the passing of time."""
        return self.manage("shell", "--no-imports", "-c", code)

    def log(self, name: str) -> str:
        """What a process has written."""
        return (self.folder / f"{name}.log").read_text()

    def _launch(self, name: str, *command: str) -> None:
        program = [sys.executable, *command] if command[0] == "-m" else list(command)
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                program, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.base_url}/readyz", timeout=5):
                    return
            except OSError:
                time.sleep(0.2)
        raise AssertionError(f"The portal did not start:\n{self.log('web')}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
