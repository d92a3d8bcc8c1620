"""Sets the environment of a test run before Django reads it: a throwaway folder, a real Redis, no file's settings.

`DATABASE_URL` and `REDIS_URL` are kept when given. Otherwise the run is on SQLite and on an embedded Valkey that this
module starts in the controlling process and ends with it; the workers of pytest-xdist inherit both.
"""

import atexit
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from portal import valkey
from tests.plugins import migrated

_DEFAULTS = {
    "DEBUG": "false",
    "DEMO": "false",
    "SECRET_KEY": "a-key-for-tests-only-" * 3,
    "BASE_URL": "http://testserver",
    "ALLOWED_HOSTS": "testserver,127.0.0.1,localhost",
    "SECOND_FACTOR_REQUIRED": "false",
    # Tests set the clock to other years while somebody is signed in; those about the end of a session set their own.
    "SESSION_IDLE_MINUTES_STAFF": "10000000",
    "SESSION_HOURS_STAFF": "100000",
    "SESSION_IDLE_MINUTES": "10000000",
    "SESSION_HOURS": "100000",
    "LOG_LEVEL": "ERROR",
    "EMAIL_URL": "",
    "STORAGE_URL": "",
    "CLAMAV_ADDRESS": "",
}


def _start() -> None:
    folder = Path(tempfile.mkdtemp(prefix="throughline-tests-"))
    (folder / "static").mkdir()
    os.environ.update(_DEFAULTS, VAR_DIR=str(folder), TEST_RUN_DIR=str(folder))
    os.environ["DATABASE_URL"] = os.environ.get("DATABASE_URL") or f"sqlite:///{folder / 'portal.sqlite3'}"
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if os.environ["DATABASE_URL"].startswith("postgres"):
        atexit.register(migrated.remove)
    if not os.environ.get("REDIS_URL"):
        server = subprocess.Popen(valkey.command(folder, persist=False), stdout=subprocess.DEVNULL)
        atexit.register(server.wait)
        atexit.register(server.terminate)
        socket = folder / "valkey.sock"
        deadline = time.monotonic() + 60
        while not socket.exists():
            if time.monotonic() > deadline or server.poll() is not None:
                raise RuntimeError("The embedded Valkey did not start.")
            time.sleep(0.02)
        os.environ["REDIS_URL"] = f"unix://{socket}?db=0"


if "TEST_RUN_DIR" not in os.environ:
    _start()
os.environ["REDIS_PREFIX"] = f"tests-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}-{os.getpid()}"
