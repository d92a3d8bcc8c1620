"""Says at the end of a run what ran where, the earlier runs of the same `make test` included."""

import os
from pathlib import Path


def pytest_terminal_summary(terminalreporter, exitstatus):
    record = os.environ.get("TEST_RUN_RECORD")
    if not record:
        return
    counted = {kind: len(terminalreporter.stats.get(kind, [])) for kind in ("passed", "failed", "error", "skipped")}
    said = ", ".join(f"{number} {kind}" for kind, number in counted.items() if number)
    with Path(record).open("a") as file:
        file.write(f"{os.environ['TEST_RUN_LABEL']}: {said}\n")
    terminalreporter.section("what ran where")
    terminalreporter.write(Path(record).read_text())
