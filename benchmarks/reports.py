"""How many annual reports two processes print in a minute: `python -m benchmarks.reports [how many]`.

The baseline in the same run is the shortest report there can be; the ratio says what a full one costs beside it.
Computing time is printed too: on a machine that is busy with other things, only that can be compared.
"""

import os
import resource
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("SECRET_KEY", "only-for-measuring")
django.setup()

from portal.pdf.bounded import produce  # noqa: E402 - Django comes first
from portal.pdf.render import preload  # noqa: E402
from reporting.pdf.annual_report import annual_report  # noqa: E402
from tests.reporting.pdf import cases  # noqa: E402

PROCESSES = 2


def seconds_for(facts, reports: int) -> tuple[float, float]:
    """Wall and computing time for so many reports, shared out as a worker's children share them."""
    begun, computed = time.perf_counter(), _computed()
    children = []
    for _ in range(PROCESSES):
        child = os.fork()
        if child == 0:
            for _ in range(reports // PROCESSES):
                produce(annual_report, facts)
            os._exit(0)
        children.append(child)
    statuses = [os.waitpid(child, 0)[1] for child in children]
    if any(statuses):
        raise SystemExit("A process failed; its words are above.")
    return time.perf_counter() - begun, _computed() - computed


def _computed() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(reports: int) -> None:
    preload()
    seconds_for(cases.short(), PROCESSES)
    _, short = seconds_for(cases.short(), reports)
    wall, full = seconds_for(cases.full(), reports)
    print(f"{reports / wall * 60:.0f} full reports a minute with {PROCESSES} processes")
    print(f"{full / reports:.2f} s of computing each, {full / short:.1f} times the shortest report")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
