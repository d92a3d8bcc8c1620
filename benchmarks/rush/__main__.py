"""The last five minutes before a deadline: `python -m benchmarks.rush [teams] [seconds]`, on PostgreSQL and Redis.

Teams with sessions of their own write and submit against the portal under its own gunicorn settings. Afterwards the
database is compared with what every team was told: nothing may be lost, nothing doubled, nobody refused in time.
Times are told beside those of a one-line view, asked every second during the same rush and before it.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from statistics import median, quantiles

from benchmarks.machine import Machine
from benchmarks.rush.browser import Browser
from benchmarks.rush.team import Team, Times

POSTGRES = os.environ.get("POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
TEAMS, SECONDS = 1000, 300
TARGET = 20  # times hello, the 95th of 100 saves


async def rush(machine: Machine, facts: list[dict[str, str]], seconds: float) -> tuple[list[Team], Times, Times]:
    """Let everybody write and submit; returns the teams, the times of the rush and of the quiet before it."""
    random = Random(20261122)
    quiet, busy = Times(), Times()
    stranger = Browser(machine.portal)
    for _ in range(50):
        quiet.note("hello", await stranger.get("/hello"))
    # A little more, because starting the process that moves the deadline takes a moment.
    machine.call("benchmarks.rush.scene.close_in", seconds)
    closes = time.monotonic() + seconds
    teams = [
        Team(each["reference"], Browser(machine.portal, each["cookie"]), Random(random.random()), closes, seconds, busy)
        for each in facts
    ]

    async def say_hello() -> None:
        while True:
            busy.note("hello", await stranger.get("/hello"))
            await asyncio.sleep(1)

    beside = asyncio.create_task(say_hello())
    await asyncio.gather(*(team.hurry() for team in teams))
    beside.cancel()
    return teams, busy, quiet


def faults(teams: list[Team], outcome: dict) -> list[str]:
    """Everything that was lost, doubled or refused, in sentences."""
    found = list(outcome["wrong"])
    for team in teams:
        found += team.problems
        text, submitted = outcome["texts"].get(team.reference, ""), outcome["submissions"].get(team.reference)
        if team.kept and text != team.kept and text not in team.tried[team.tried.index(team.kept) :]:
            found.append(f"{team.reference}: the last text that was said to be saved is not there")
        if team.receipt != (submitted is not None):
            found.append(f"{team.reference}: told {'yes' if team.receipt else 'no'}, and the database says otherwise")
        if submitted is not None and team.kept and submitted not in team.tried[team.tried.index(team.kept) :]:
            found.append(f"{team.reference}: an older text was submitted than the one it had saved")
    if outcome["receipts"] != len(outcome["submissions"]):
        found.append(f"{outcome['receipts']} receipts for {len(outcome['submissions'])} submissions")
    return found


def table(busy: Times, quiet: Times) -> list[str]:
    """The lines of the table of times."""
    hello, alone = median(busy.taken["hello"]), median(quiet.taken["hello"])
    lines = [
        f"Hello takes {alone:.1f} ms alone, {hello:.1f} ms beside the rush (median).",
        "",
        "| asked | times | answers | median ms | p95 ms | p95 × hello beside | p95 × hello alone |",
        "| --- | ---: | --- | ---: | ---: | ---: | ---: |",
    ]
    for what, taken in busy.taken.items():
        answers = ", ".join(f"{count} × {status}" for status, count in sorted(busy.statuses[what].items()))
        slow = quantiles(taken, n=20)[-1] if len(taken) > 1 else taken[0]
        lines.append(
            f"| {what} | {len(taken):,} | {answers} | {median(taken):.0f} | {slow:.0f} | {slow / hello:.1f} |"
            f" {slow / alone:.1f} |"
        )
    save = quantiles(busy.taken["save"], n=20)[-1] / hello
    return [
        *lines,
        "",
        f"A save's p95 is {save:.1f} × hello; it may be {TARGET}: {'met' if save <= TARGET else 'missed'}.",
    ]


def main(arguments: list[str]) -> int:
    number = int(arguments[0]) if arguments else TEAMS
    seconds = float(arguments[1]) if len(arguments) > 1 else SECONDS
    shared = Path(tempfile.mkdtemp(prefix="throughline-rush-"))
    try:
        with Machine(POSTGRES, shared) as machine:
            machine.manage("migrate", "--noinput", "--verbosity", "0")
            facts = machine.call("benchmarks.rush.scene.teams", number)
            machine.serve()
            teams, busy, quiet = asyncio.run(rush(machine, facts, seconds))
            found = faults(teams, machine.call("benchmarks.rush.scene.outcome"))
    finally:
        shutil.rmtree(shared)
    in_time = sum(1 for team in teams if not team.late)
    print(f"{number:,} teams in {seconds:.0f} s; {in_time:,} submitted in time, {number - in_time} came too late.")
    print("\n".join(table(busy, quiet)))
    print(f"\n{len(found)} faults.", *found[:20], sep="\n")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
