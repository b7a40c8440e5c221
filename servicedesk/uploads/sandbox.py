"""Starts the child that looks at a file, and makes sure that it ends.

A plain new interpreter, without site-packages' start-up files and without Django (``-I -S``), is there in
15 ms; the libraries of a kind take another 60 to 120 ms. A pool of waiting children would save that and
would let one file meet what another left behind.
"""

import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass

from servicedesk.uploads import limits
from servicedesk.uploads.child import READY

log = logging.getLogger(__name__)

_START = "import sys; sys.path[:] = sys.argv[1:]; from servicedesk.uploads.child import main; main()"
_VERDICT_BYTES = 64 * 1024
_turns = threading.BoundedSemaphore(limits.CHILDREN_AT_ONCE)


class Unavailable(Exception):
    """The look did not happen for a reason that lies with this machine, not with the file."""


@dataclass(frozen=True)
class Verdict:
    """``refused`` is None or a code; ``details`` belong to it; ``stored`` replaces the file unless empty.

    All three come from a process that read a stranger's file: believe none without a check.
    """

    refused: str | None
    details: dict
    stored: bytes


def look(content, task, bounds=limits.CHILD):
    """Let a child look at ``content`` (bytes) as ``task`` (verdict.Task) says; gives a Verdict.

    A child that crashes, says nothing or uses up its limits is the verdict ``could-not-inspect``. Raises
    Unavailable where the child could not be started, or no turn came in time.
    """
    request = json.dumps({"task": asdict(task), "limits": asdict(bounds)}).encode() + b"\n"
    if not _turns.acquire(timeout=limits.CHILD_TURN):
        raise Unavailable("too many inspections at once")
    try:
        output = _converse(request + content, bounds.wall, task.max_bytes + _VERDICT_BYTES)
    except (OSError, RuntimeError) as error:  # no memory, no process, no thread, no interpreter
        raise Unavailable(f"the inspection could not start: {error}") from error
    finally:
        _turns.release()
    if not output.startswith(READY):
        raise Unavailable("the inspection ended before it could look")
    return _verdict(output.removeprefix(READY))


def _converse(data, wall, most):
    """Start the child, give it ``data``, read at most ``most`` bytes, and end it after ``wall`` seconds.

    The child reads all before it writes, so plain writing and reading cannot block each other; one that
    behaves otherwise meets the timer.
    """
    child = subprocess.Popen(
        [sys.executable, "-I", "-S", "-B", "-X", "utf8", "-c", _START, *filter(os.path.isabs, sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
        start_new_session=True,
    )
    timer = threading.Timer(wall, _kill, [child])
    try:
        timer.start()
        with contextlib.suppress(BrokenPipeError), child.stdin:
            child.stdin.write(data)
        return child.stdout.read(most)
    finally:
        timer.cancel()
        if timer.ident:
            timer.join()
        # The child is not yet reaped, so its id is still its own.
        _kill(child)
        child.stdout.close()
        child.wait()


def _kill(child):
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)


def _verdict(output):
    line, _, stored = output.partition(b"\n")
    try:
        answer = json.loads(line)
    except ValueError:
        answer = None
    match answer:
        case {"passed": True}:
            return Verdict(None, {}, stored)
        case {"refused": str(code), "details": dict(details)}:
            return Verdict(code, details, b"")
        case {"crashed": str(name)}:
            log.warning("an inspection crashed: %.60s", name)
        case _:
            log.warning("an inspection ended without a verdict: killed by a limit, or crashed")
    return Verdict("could-not-inspect", {}, b"")
