"""Making a document inside limits: each limit ends it with a sentence, and nothing is left behind."""

import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest

from portal.pdf import bounded
from portal.pdf.bounded import Limits, produce
from portal.pdf.render import RenderFailed, preload, render
from tests.portal.pdf.samples import MOMENT, SAMPLE, html

QUICK = Limits(cpu_seconds=2, wall_seconds=60, memory_bytes=256 << 20)


@pytest.fixture(autouse=True, scope="module")
def _engine():
    preload()


def _render(body: str) -> bytes:
    return render(body, title="x", created=MOMENT)


def _children() -> set[str]:
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


def test_produce_gives_what_was_made():
    assert produce(_render, SAMPLE) == _render(SAMPLE)


def test_produce_of_more_than_a_pipe_holds_gives_all_of_it():
    assert produce(lambda: b"x" * (5 << 20), limits=QUICK) == b"x" * (5 << 20)


def test_produce_over_its_computing_time_is_ended():
    def endless():
        while True:
            pass

    with pytest.raises(RenderFailed, match="more than 1 seconds of computing"):
        produce(endless, limits=Limits(cpu_seconds=1))


def test_produce_over_its_waiting_time_is_ended():
    begun = time.monotonic()

    with pytest.raises(RenderFailed, match=r"not ready after 0\.3 seconds"):
        produce(lambda: time.sleep(60), limits=Limits(wall_seconds=0.3))

    assert time.monotonic() - begun < 30


def test_produce_over_its_memory_is_ended():
    with pytest.raises(RenderFailed, match="more memory than one document may use"):
        produce(lambda: bytearray(512 << 20), limits=QUICK)


def test_produce_that_is_killed_is_a_sentence_too():
    with pytest.raises(RenderFailed, match="more memory than one document may use"):
        produce(lambda: os.kill(os.getpid(), signal.SIGKILL), limits=QUICK)


def test_produce_with_a_fault_tells_the_log(capfd):
    with pytest.raises(RenderFailed, match="A fault in the portal"):
        produce(lambda: 1 / 0, limits=QUICK)

    assert "ZeroDivisionError" in capfd.readouterr().err


def test_produce_of_a_refused_document_passes_the_sentence_on():
    with pytest.raises(RenderFailed, match="something outside the portal"):
        produce(_render, html("<img alt='x' src='file:///etc/passwd'>"), limits=QUICK)


def test_produce_of_a_table_that_spans_a_million_columns_ends_in_time():
    """`colspan=1000000` kept the library busy for over forty seconds."""
    begun = time.monotonic()

    with pytest.raises(RenderFailed):
        produce(_render, html("<table><tr><td colspan='1000000'>x</td></tr></table>"), limits=QUICK)

    assert time.monotonic() - begun < 30


def test_produce_leaves_no_process_behind():
    before = _children()

    produce(lambda: b"", limits=QUICK)

    assert _children() == before


def test_produce_changes_nothing_in_its_parent():
    seen = []

    produce(lambda: seen.append(1) or b"", limits=QUICK)

    assert seen == []


def _work(results):
    results.put(produce(_render, SAMPLE))


def test_produce_works_in_a_daemonic_process():
    """The children of a Celery worker are daemonic and may have no children made by multiprocessing."""
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    worker = context.Process(target=_work, args=(results,), daemon=True)
    worker.start()

    assert results.get(timeout=120).startswith(b"%PDF-1.7")
    worker.join()


def _is_running(process: int) -> bool:
    """A process that has ended and was not yet asked about its end still has a folder, but no command line."""
    try:
        return bool(Path(f"/proc/{process}/cmdline").read_bytes())
    except (FileNotFoundError, ProcessLookupError):
        return False


def _wait_in_child(child_id):
    def sleep():
        child_id.put(os.getpid())
        child_id.close()
        child_id.join_thread()
        time.sleep(60)

    produce(sleep)


def test_produce_ends_with_its_worker():
    context = multiprocessing.get_context("fork")
    child_id = context.Queue()
    worker = context.Process(target=_wait_in_child, args=(child_id,), daemon=True)
    worker.start()
    child = child_id.get(timeout=120)

    worker.kill()
    worker.join()

    deadline = time.monotonic() + 60
    while _is_running(child):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _slow() -> bytes:
    time.sleep(1)
    return b"slow"


def test_produce_beats_while_it_waits(monkeypatch):
    monkeypatch.setattr(bounded, "BEAT_SECONDS", 0.02)
    beats = []

    content = produce(_slow, beat=lambda: beats.append(1))

    assert content == b"slow"
    assert len(beats) >= 3


def test_produce_stops_when_the_beat_says_so(monkeypatch):
    monkeypatch.setattr(bounded, "BEAT_SECONDS", 0.1)

    def lost():
        raise InterruptedError("somebody else has it")

    with pytest.raises(InterruptedError):
        produce(_slow, beat=lost)
