"""One migrated, empty database for the whole run: it is made once, and whoever needs a database begins with a copy."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2

ROOT = Path(__file__).parents[2]


def copy_sqlite(path: Path) -> None:
    """Put a copy at this path."""
    _make_once()
    shutil.copyfile(_file(), path)


def postgresql() -> str:
    """Its name on the PostgreSQL server of this run, to be named as the template of another."""
    _make_once()
    return _name()


def remove() -> None:
    """Drop it at the end of a run on PostgreSQL; a file goes with the run's folder."""
    on_server(f'DROP DATABASE IF EXISTS "{_name()}" WITH (FORCE)')


def on_server(statement: str) -> None:
    """Run a statement that needs no database of its own, on the PostgreSQL server of this run."""
    connection = psycopg2.connect(_at("postgres").replace("postgres://", "postgresql://", 1))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


def _make_once() -> None:
    """Of all processes of the run the first makes it, while the others wait."""
    folder = Path(os.environ["TEST_RUN_DIR"])
    with (folder / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = folder / "migrated.made"
        if made.exists():
            return
        url = f"sqlite:///{_file()}"
        if os.environ["DATABASE_URL"].startswith("postgres"):
            on_server(f'CREATE DATABASE "{_name()}"')
            url = _at(_name())
        done = subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, capture_output=True, text=True,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings", "DATABASE_URL": url}, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        made.touch()


def _file() -> Path:
    return Path(os.environ["TEST_RUN_DIR"]) / "migrated.sqlite3"


def _name() -> str:
    return Path(os.environ["TEST_RUN_DIR"]).name.replace("-", "_")


def _at(name: str) -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
