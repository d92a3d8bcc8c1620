"""Workers killed, the broker frozen and killed: every accepted report gets its PDF, each exactly one.

What is lost with a process or a broker is no matter of the database, and these two take minutes: they run with one.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from pathlib import Path

import pytest

from tests.browser.server import Portal
from tests.race.visitor import Visitor

KILLS = 20
REPORTS = 20
# On a machine that is busy with other things; to wait for Redis each time would take many times as long.
WORST_REQUEST = 6  # seconds
PATIENCE = 400  # seconds, for a machine that is busy with other things

_WRITE = """
from portal.demo.cast import people
from tests.factories.reports import a_submitted_report
people()
print(" ".join(a_submitted_report().reference for _ in range({count})))
"""
_COUNT = """
import json
from django.db.models import Count
from grants.models import CallFile
from portal.documents.models import Document
from portal.jobs.models import Job
from reporting.domain.report import PDF_JOB
from reporting.models import IssuedReport
# The calls have files of their own.
papers = Document.objects.filter(issued=True).exclude(pk__in=CallFile.objects.values("document"))
print(json.dumps({
    "issued": IssuedReport.objects.count(),
    "reports": IssuedReport.objects.values("report").distinct().count(),
    "documents": papers.count(),
    "files": sum(each.file.storage.exists(each.file.name) for each in papers),
    "jobs": dict(Job.objects.filter(kind=PDF_JOB).values_list("state").annotate(Count("pk"))),
}))
"""


@pytest.fixture
def portal():
    """A portal of its own, with a broker that may be frozen."""
    running = Portal(Path(tempfile.mkdtemp(prefix="throughline-outage-")), own_broker=True)
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture
def reports(portal):
    """References of submitted reports."""
    return portal.python(_WRITE.format(count=REPORTS)).split()


@pytest.mark.once
@pytest.mark.timeout(900)
def test_worker_killed_twenty_times_loses_no_pdf_and_makes_none_twice(portal, reports):
    officer = Visitor(portal.base_url, "omar@demo.example")
    chance = random.Random(7)
    portal.kill("worker")
    for reference in reports:
        _accept(officer, reference)
    for _ in range(KILLS):
        portal.start_worker()
        # From its start until somewhere within its first documents.
        time.sleep(1 + 3 * chance.random())
        portal.kill("worker")
    portal.start_worker()

    _every_report_has_its_pdf(portal)


@pytest.mark.once
@pytest.mark.timeout(900)
def test_broker_frozen_and_killed_during_submits_loses_nothing_and_delays_nobody(portal, reports):
    officer = Visitor(portal.base_url, "omar@demo.example")
    third = len(reports) // 3
    officer.waited.clear()
    portal.freeze("broker")
    for reference in reports[:third]:
        _accept(officer, reference)
    portal.kill("broker")
    for reference in reports[third : 2 * third]:
        _accept(officer, reference)
    portal.start_broker()
    for reference in reports[2 * third :]:
        _accept(officer, reference)

    assert max(officer.waited) <= WORST_REQUEST
    _every_report_has_its_pdf(portal)


def _accept(officer: Visitor, reference: str) -> None:
    page = officer.post(f"/reports/{reference}/steps/accept/", comment="We read it with two colleagues.")
    assert "Done: accept report." in page


def _every_report_has_its_pdf(portal: Portal) -> None:
    deadline = time.monotonic() + PATIENCE
    found = _counted(portal)
    while set(found["jobs"]) != {"done"} and time.monotonic() < deadline:
        time.sleep(3)
        found = _counted(portal)
    # The last job may have ended between the counting of its papers and of the jobs.
    found = _counted(portal)

    assert found == {
        "issued": REPORTS, "reports": REPORTS, "documents": REPORTS, "files": REPORTS, "jobs": {"done": REPORTS},
    }  # fmt: skip


def _counted(portal: Portal) -> dict:
    return json.loads(portal.python(_COUNT))
