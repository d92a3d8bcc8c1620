"""What `make` does once Python's packages are there: Node's packages, native libraries, .env, and the start itself."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import sysconfig
from pathlib import Path

from portal.pdf.native import missing_packages

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sysconfig.get_path("scripts"))


def stop(sentence: str) -> None:
    """End with one sentence a newcomer can act on."""
    sys.exit(sentence)


def run(*command: str, env: dict[str, str] | None = None) -> None:
    """Run a command and end with its failure if it fails."""
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **(env or {})})
    if done.returncode:
        sys.exit(done.returncode)


def node() -> None:
    """Install the front-end packages with the system's Node, or with one from PyPI when there is none."""
    npm = shutil.which("npm")
    if not npm:
        print("No Node.js here: fetching one as a Python package …")
        run(sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", "requirements-node.lock")
        npm = str(BIN / "npm")
    path = f"{os.environ['PATH']}{os.pathsep}{BIN}"
    run(npm, "ci", "--no-audit", "--no-fund", "--silent", env={"PATH": path})


def native() -> None:
    """See that WeasyPrint's native libraries are here; install them when we may, else say how."""
    _apt(missing_packages(), "to make PDFs")


def browser() -> None:
    """See that a Chromium is here for the browser tests."""
    if not shutil.which("chromium"):
        _apt(["chromium"], "for the browser tests")


def _quietly(*command: str) -> bool:
    """Whether a command of the package manager succeeded; it prints its problems only and asks nothing."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, check=False, stdout=subprocess.DEVNULL, env=env).returncode == 0


def _apt(packages: list[str], purpose: str) -> None:
    if not packages:
        return
    command = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *packages]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {', '.join(packages)} {purpose} …")
        _quietly("apt-get", "update", "--quiet")
        if _quietly(*command):
            return
    stop(f"Throughline needs {', '.join(packages)} {purpose}. Run: sudo {' '.join(command)}")


def write_env() -> None:
    """Write a .env with a secret of its own, once."""
    path = ROOT / ".env"
    if path.exists():
        return
    try:
        path.write_text(
            "# Written by `make run`. The README's table says what can stand here.\n"
            f"SECRET_KEY={secrets.token_urlsafe(50)}\nDEBUG=true\nDEMO=true\n"
        )
    except OSError as error:
        stop(f"Cannot write {path}: {error.strerror}. Copy the project to a folder you may write to.")
    path.chmod(0o600)


def serve() -> None:
    """Prepare the database and the demo, then start broker, web, worker and beat together."""
    write_env()
    bind = os.environ.setdefault("BIND", "127.0.0.1:8000")
    os.environ.setdefault("BASE_URL", f"http://{bind}")
    host, _, port = bind.rpartition(":")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError:
            stop(f"Something else is using {bind}. Stop it, or choose another port: BIND={host}:8080 make run")
    run(sys.executable, "manage.py", "ready")
    processes = ["web", "worker", "beat"] if os.environ.get("REDIS_URL") else ["broker", "web", "worker", "beat"]
    os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    os.chdir(ROOT)
    os.execv(BIN / "honcho", ["honcho", "start", *processes])  # noqa: S606 - our own fixed command


def check() -> None:
    """Django's own checks: migrations are complete, and production settings are safe."""
    production = {
        "SECRET_KEY": secrets.token_urlsafe(60),
        "DEBUG": "false",
        "BASE_URL": "https://portal.example",
        "ALLOWED_HOSTS": "portal.example",
        "DATABASE_URL": "sqlite:///:memory:",
    }
    run(sys.executable, "manage.py", "makemigrations", "--check", "--dry-run", env=production)
    run(sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING", env=production)


_COMMANDS = {"node": node, "native": native, "browser": browser, "run": serve, "check": check}

if __name__ == "__main__":
    for name in sys.argv[1:]:
        _COMMANDS[name]()
