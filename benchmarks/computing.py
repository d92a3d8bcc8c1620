"""How much a request computes: the kernel's own count for the processes that serve it, other work on the machine aside."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

PROC = Path("/proc")


def children_of(pid: int) -> list[Path]:
    """The processes a process has started."""
    return [PROC / child for child in (PROC / f"{pid}/task/{pid}/children").read_text().split()]


def backends_of(database: str) -> list[Path]:
    """The processes of a PostgreSQL on this machine that serve a database; none when it runs elsewhere."""
    found = []
    for line in PROC.glob("[0-9]*/cmdline"):
        try:
            words = line.read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has ended meanwhile
        if words.startswith("postgres") and f" {database} " in words:
            found.append(line.parent)
    return found


def computed(processes: Iterable[Path]) -> float:
    """Milliseconds these processes have computed so far."""
    total = 0
    for thread in (thread for process in processes for thread in process.glob("task/*/schedstat")):
        try:
            total += int(thread.read_text().split()[0])
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has ended meanwhile
    return total / 1e6


def memory(process: Path) -> float:
    """A process's proportional share of memory, in MB."""
    lines = (process / "smaps_rollup").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) / 1024
