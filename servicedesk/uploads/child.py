"""The process that opens a stranger's file. Started by ``sandbox``, one for each file.

Reads from stdin one line of JSON, ``{"task": {…}, "limits": {…}}``, then the file. Writes ``ready`` once it
is bounded, loaded and sealed, then one line of JSON, then what is to be stored instead of the file, if anything.
The line is ``{"passed": true}``, ``{"refused": code, "details": {…}}`` or ``{"crashed": name of the exception}``.
"""

import importlib
import json
import math
import resource
import signal
import sys

from servicedesk.uploads.verdict import Refusal, Task

READY = b"ready\n"


def main():
    sys.excepthook = lambda exception, *_: _answer({"crashed": exception.__name__})
    request = json.loads(sys.stdin.buffer.readline())
    _bound(**request["limits"])
    task = Task(**request["task"])
    content = sys.stdin.buffer.read()
    inspector = _inspector(task, task.kind)
    for kind in getattr(inspector, "kinds_inside", lambda *_: ())(content, task):
        _inspector(task, kind)
    _seal()
    _write(READY)
    try:
        stored = inspector.look(content, task)
    except Refusal as refusal:
        _answer({"refused": refusal.code, "details": refusal.details})
    else:
        _answer({"passed": True}, stored or b"")


def _inspector(task, kind):
    return importlib.import_module(task.kinds[kind]["inspector"])


def _bound(memory, cpu, wall):
    """Set the limits while only our own code has run. A Mac knows no limit on address space."""
    if sys.platform != "darwin":
        _lower(resource.RLIMIT_AS, memory)
    _lower(resource.RLIMIT_CPU, cpu)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, 0)
    # Should the parent die, nobody else counts the seconds.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(math.ceil(wall) + 1)


def _seal():
    """From here no file, connection or process can be opened, not even by code that a file smuggled in."""
    _lower(resource.RLIMIT_NPROC, 0)
    _lower(resource.RLIMIT_NOFILE, 0)


def _lower(limit, value):
    _, hard = resource.getrlimit(limit)
    # The installation may already allow less; more cannot be asked for.
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(limit, (value, value))


def _answer(verdict, stored=b""):
    _write(json.dumps(verdict).encode() + b"\n" + stored)


def _write(data):
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
