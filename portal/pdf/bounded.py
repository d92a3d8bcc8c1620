"""Runs the making of one document in a process of its own, with limits on computing, memory and waiting.

The process is forked, so it starts with everything its parent has loaded. `multiprocessing` would not do: the children
of a Celery worker are daemonic and may not have children of that kind.
"""

import ctypes
import gc
import os
import resource
import select
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from portal.pdf.render import RenderFailed, preload

_DONE, _REFUSED, _FAULT, _NO_MEMORY = range(4)
_PR_SET_PDEATHSIG = 1
_PIECE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """What one document may use. A report of twelve pages takes about a second and 60 MB."""

    cpu_seconds: int = 60
    wall_seconds: float = 120
    memory_bytes: int = 1 << 30


# How often whoever waits may say that they still do.
BEAT_SECONDS = 5


def produce(
    make: Callable[..., bytes], *arguments, limits: Limits = Limits(), beat: Callable[[], None] = lambda: None
) -> bytes:
    """`make(*arguments)`, run inside `limits`. Raises RenderFailed with a sentence when it breaks them or fails.

    `beat` is called in this process every few seconds while it waits; what it raises ends the work.
    What `make` changes stays in its process; what it prints to standard error reaches the worker's log.
    """
    preload()
    parent = os.getpid()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _run(make, arguments, limits, writer, parent)
    os.close(writer)
    try:
        content = _collect(reader, limits.wall_seconds, beat)
    finally:
        # Also when this process is told to stop while it waits: nothing may be left running. A child that has sent
        # everything is past the point where this could change how it ended.
        os.kill(child, signal.SIGKILL)
        os.close(reader)
        _, status = os.waitpid(child, 0)
    return _outcome(content, status, limits)


def _run(make, arguments, limits, writer, parent):
    """The child's whole life; never returns."""
    code = _FAULT
    try:
        _confine(limits, parent)
        _send(writer, make(*arguments))
        code = _DONE
    except MemoryError:
        code = _NO_MEMORY
    except RenderFailed as refusal:
        traceback.print_exc()
        _send(writer, str(refusal).encode())
        code = _REFUSED
    finally:
        if code == _FAULT:
            traceback.print_exc()
        # The parent's connections and files are not ours to close.
        os._exit(code)


def _confine(limits, parent):
    gc.disable()
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGXCPU):
        signal.signal(name, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(_FAULT)
    # The pages people are waiting for come first.
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    size = _address_space() + limits.memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _address_space() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def _send(writer, content):
    view = memoryview(content)
    while view:
        view = view[os.write(writer, view) :]


def _collect(reader, seconds, beat) -> bytes | None:
    """Everything the child sent, or None when the time was over first."""
    end = time.monotonic() + seconds
    pieces = []
    while (left := end - time.monotonic()) > 0:
        if not select.select([reader], [], [], min(left, BEAT_SECONDS))[0]:
            beat()
        else:
            piece = os.read(reader, _PIECE)
            if not piece:
                return b"".join(pieces)
            pieces.append(piece)
    return None


def _outcome(content, status, limits) -> bytes:
    if content is None:
        raise RenderFailed(f"The PDF was not ready after {limits.wall_seconds:g} seconds, so we stopped it.")
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
        raise RenderFailed(
            f"The PDF needed more than {limits.cpu_seconds} seconds of computing. Shorter texts and tables would help."
        )
    code = os.waitstatus_to_exitcode(status)
    if code == _DONE:
        return content
    if code == _REFUSED:
        raise RenderFailed(content.decode())
    if code == _NO_MEMORY or os.WIFSIGNALED(status):
        raise RenderFailed("The PDF needed more memory than one document may use. Shorter texts and tables would help.")
    raise RenderFailed("A fault in the portal kept the PDF from being made. The details are in the worker's log.")
