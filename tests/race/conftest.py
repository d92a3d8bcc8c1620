"""Races: `race(scenario)` runs one in sixteen processes on a database of its own and tells what came of it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROCESSES = 16


# Before pytest-xdist reads the groups, whether this folder is named on the command line or found.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Races run one after the other in one worker: each wants the machine for itself. Outages mostly wait."""
    for item in items:
        if "tests/race/" in str(item.path):
            item.add_marker(pytest.mark.race)
            item.add_marker(pytest.mark.xdist_group("outages" if item.path.name == "test_outages.py" else "race"))


@pytest.fixture
def race(real_database):
    """`race("tests.race.awards")`: the answers of sixteen processes, sorted, and the scenario's outcome."""

    def run(scenario: str) -> tuple[list[str], dict]:
        done = subprocess.run(
            [sys.executable, "-m", "tests.race.pack", scenario, str(PROCESSES)],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": real_database, "DJANGO_SETTINGS_MODULE": "portal.settings"},
            capture_output=True,
            text=True,
            check=False,
            timeout=270,
        )
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        return sorted(told["said"]), told["outcome"]

    return run
