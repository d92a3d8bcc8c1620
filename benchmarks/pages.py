"""What the portal's pages cost on 10,000 proposals, on both databases: `python -m benchmarks.pages [sqlite|postgresql]`.

Every page is compared with `HttpResponse("hello")`, asked on a connection beside it, turn by turn, in the same run:
once in the portal (through all its middleware), once in a Django that has nothing else. Times are taken twice, on the
clock and of computing (web workers, and PostgreSQL when it is on this machine). On a busy machine the clock tells mostly
of waiting, longer pages being interrupted more often, so computing decides what is met.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.computing import memory
from benchmarks.machine import HELLO, PORTAL, Machine
from benchmarks.plan import Page, Typing, pages
from benchmarks.visits import Answer, Visitor

POSTGRES = os.environ.get("POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
ROUNDS = 17
WARM = 5
CHECK, MIGRATE, MEMORY, FACE = 1.5, 10, 120, 90  # seconds, seconds, MB, kB


@dataclass(frozen=True)
class Cost:
    """Milliseconds of one request, on the clock and of computing."""

    clock: float
    computing: float


@dataclass
class Figure:
    """What one page cost: statements with few rows and with many, bytes, and time beside both hellos."""

    page: Page
    few: int
    many: int = 0
    size: int = 0
    cost: Cost = field(default_factory=lambda: Cost(0, 0))
    hello: Cost = field(default_factory=lambda: Cost(1, 1))
    bare: Cost = field(default_factory=lambda: Cost(1, 1))

    @property
    def times(self) -> float:
        return self.cost.computing / self.hello.computing

    @property
    def wanted(self) -> str:
        statements = f"{self.page.sql} SQL" if self.page.sql else ""
        times = f"{self.page.times:g} ×" if self.page.times else ""
        return ", ".join(filter(None, (statements, times)))

    @property
    def verdict(self) -> str:
        faults = []
        if self.page.sql and self.many > self.page.sql:
            faults.append("SQL")
        if self.page.times and self.times > self.page.times:
            faults.append("time")
        if self.many > self.few:
            faults.append("SQL grows")
        if faults:
            return f"**missed**: {', '.join(faults)}"
        return "met" if self.wanted else ""

    def row(self) -> str:
        return (
            f"| {self.page.name} | {self.few} / {self.many} | {self.size:,} |"
            f" {self.cost.clock:.1f} | {self.cost.clock / self.hello.clock:.1f} |"
            f" {self.cost.computing:.1f} | **{self.times:.1f}** | {self.cost.computing / self.bare.computing:.1f} |"
            f" {self.wanted} | {self.verdict} |"
        )


def measure(machine: Machine) -> list[str]:
    """The lines of one database's tables."""
    begun = time.perf_counter()
    migrated = machine.timed("migrate", "--noinput", "--verbosity", "0")
    facts = machine.call("benchmarks.scene.few")
    machine.serve()
    figures = [Figure(page, _count(machine, facts, page).statements) for page in pages(facts | {"last": 1})]
    filled = time.perf_counter()
    facts |= machine.call("benchmarks.copies.many")
    machine.call("benchmarks.copies.tidy")
    filled = time.perf_counter() - filled
    for figure, page in zip(figures, pages(facts), strict=True):
        figure.page = page
        answer = _count(machine, facts, page)
        figure.many, figure.size = answer.statements, len(answer.body)
        figure.cost, figure.hello, figure.bare = _time(machine, facts, page)
    checked = machine.timed("check")
    largest, face = max(memory(each) for each in machine.workers(PORTAL)), _face(machine)
    busy = os.getloadavg()[0] / (os.cpu_count() or 1)
    print(f"{facts['proposals']:,} proposals, filled in {filled:.0f} s; {time.perf_counter() - begun:.0f} s in all.")
    print(f"{busy:.1f} processes for each core of the machine at the end.")
    return [
        "| page | SQL, few / many rows | bytes | ms | × hello | ms of computing | × hello | × bare hello | may cost | |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- | --- |",
        *(figure.row() for figure in figures),
        "",
        "| | measured | may be | |",
        "| --- | --- | --- | --- |",
        _other("`manage.py check`", checked[1], CHECK, f"s of computing ({checked[0]:.1f} s on the clock)"),
        _other("migrate from empty", migrated[1], MIGRATE, f"s of computing ({migrated[0]:.1f} s on the clock)"),
        _other("web worker, warm", largest, MEMORY, "MB"),
        _other("CSS and JS of a staff page, gzipped", face, FACE, "kB"),
    ]


def _count(machine: Machine, facts: dict, page: Page):
    visitor = _visitor(machine, facts, page)
    if page.method == "GET":
        answer = visitor.count("GET", page.path)
    else:
        typing = Typing(facts, visitor, page)
        typing.prepare()
        path, data, headers = typing.next()
        answer = visitor.count("POST", path, data, **headers)
        facts["drafts"] = facts["drafts"][page.status == 302 :]
    if answer.status != page.status:
        raise SystemExit(f"{page.name}: {page.path} answered {answer.status}\n{answer.body[:2000].decode()}")
    return answer


def _time(machine: Machine, facts: dict, page: Page) -> tuple[Cost, Cost, Cost]:
    """What the page costs, what the hello beside it, and what the hello of a bare Django."""
    visitor, beside = _visitor(machine, facts, page), Visitor(machine.portal)
    bare = Visitor(machine.hello)
    typing = Typing(facts, visitor, page) if page.method == "POST" else None

    def visit() -> Answer:
        if typing is None:
            return visitor.get(page.path)
        path, data, headers = typing.next()
        return visitor.post(path, data, **headers)

    for _ in range(WARM):
        if typing:
            typing.prepare()
        visit()
        beside.hello()
        bare.hello()
    costs = [], [], []
    for _ in range(ROUNDS):
        if typing:
            typing.prepare()
        for found, ask, server in zip(costs, (visit, beside.hello, bare.hello), (PORTAL, PORTAL, HELLO), strict=True):
            before = machine.computed(server)
            answer = ask()
            found.append((answer.milliseconds, machine.computed(server) - before))
            if answer.status not in {200, page.status}:
                raise SystemExit(f"{page.name}: {answer.status}\n{answer.body[:2000].decode()}")
    return tuple(Cost(*(median(each) for each in zip(*found, strict=True))) for found in costs)


def _visitor(machine: Machine, facts: dict, page: Page) -> Visitor:
    return Visitor(machine.portal, facts["cookies"][page.who] if page.who else "")


def _face(machine: Machine) -> float:
    """Kilobytes of style sheets and scripts a person's first page brings."""
    visitor = Visitor(machine.portal)
    page = visitor.get("/calls/", **{"Accept-Encoding": "identity"}).body.decode()
    found = re.findall(r'<(?:link rel="stylesheet" href|script src)="([^"]+)"', page)
    sizes = []
    for path in found:
        answer = visitor.get(path)
        compressed = answer.headers.get("content-encoding") == "gzip"
        sizes.append(len(answer.body if compressed else gzip.compress(answer.body)))
    return sum(sizes) / 1000


def _other(name: str, measured: float, most: float, unit: str) -> str:
    return f"| {name} | {measured:.1f} {unit} | {most:g} | {'met' if measured <= most else '**missed**'} |"


def main(wanted: list[str]) -> None:
    # A stop from outside leaves by the same door, so that no server and no database stays behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))
    shared = Path(tempfile.mkdtemp(prefix="throughline-bench-shared-"))
    try:
        for name, server in (("sqlite", ""), ("postgresql", POSTGRES)):
            if not wanted or name in wanted:
                with Machine(server, shared) as machine:
                    print("\n".join([f"\n### {name}\n", *measure(machine)]), flush=True)
    finally:
        shutil.rmtree(shared)


if __name__ == "__main__":
    main(sys.argv[1:])
