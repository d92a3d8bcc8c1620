"""Lets many operating-system processes act at the same instant: `python -m tests.race.pack <scenario> <how many>`.

A scenario is a module with `prepare() -> facts`, `act(facts, number) -> str` and `outcome(facts) -> dict`. Prints what
each process said, in no order, and the outcome, as JSON. Fails when a process ends with an error.
"""

import json
import multiprocessing
import sys
from importlib import import_module

import django
from django.db import connections

SECONDS = 200  # for a machine that is busy with other things


def _run(scenario, facts, number, barrier, answers):
    barrier.wait(SECONDS)
    answers.put(import_module(scenario).act(facts, number))


def main(scenario: str, count: int) -> None:
    django.setup()
    facts = import_module(scenario).prepare()
    # A connection must not be shared by two processes, so each child opens its own.
    connections.close_all()
    context = multiprocessing.get_context("fork")
    barrier, answers = context.Barrier(count), context.SimpleQueue()
    children = [
        context.Process(target=_run, args=(scenario, facts, number, barrier, answers)) for number in range(count)
    ]
    for child in children:
        child.start()
    for child in children:
        child.join(SECONDS)
    failed = [child.exitcode for child in children if child.exitcode != 0]
    if failed:
        sys.exit(f"{len(failed)} of {count} processes failed: {failed}")
    said = [answers.get() for _ in children]
    json.dump({"said": said, "outcome": import_module(scenario).outcome(facts)}, sys.stdout, default=str)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
