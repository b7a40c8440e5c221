"""Starting child processes so that none outlives us, waiting until they serve, and stopping them."""

import ctypes
import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from config.embedded import guardian

LOG_LIMIT = 5_000_000  # bytes; a longer log is set aside at the next start, replacing the one set aside before

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform.startswith("linux") else None


def die_with_parent(number: int) -> None:
    """Ask the kernel to send us this signal when our parent ends (Linux; elsewhere nothing happens)."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)


class Stopped(Exception):
    """Somebody asked the run to end while we were waiting."""


class PartFailed(RuntimeError):
    """A child ended, or did not serve in time. The message has the last lines of its log."""


@dataclass
class Child:
    """What to start.

    rank: 1 for a user of the servers, which ends before them. grace: seconds from the stop signal to the kill.
    user: (uid, gid) to become, if any. litter: files outside its folder that it leaves when it is killed.
    """

    name: str
    argv: list[str]
    env: dict[str, str] | None = None
    cwd: Path | None = None
    stop_signal: int = signal.SIGTERM
    grace: float = 10
    user: tuple[int, int] | None = None
    rank: int = 0
    litter: Sequence[str] = ()


class Part(Protocol):
    """One embedded server."""

    name: str

    def child(self) -> Child:
        """Prepare its files, pick its ports, and say what to start."""

    def is_ready(self) -> bool:
        """Whether it serves; makes the database or bucket at its first yes."""


class Household:
    """The children of one run; `stop` ends them, users of a server before the server."""

    def __init__(self, state: Path, lock: int | None = None, remove: Sequence[Path] = ()):
        """Sweep what an earlier run left in this state directory, and post the guardian.

        lock: descriptor of the state's lock; the guardian holds it too: nobody starts before it has swept.
        remove: folders that the guardian removes at the very end.
        """
        self.state, self.run = state, secrets.token_hex(8)
        self.children_file = state / "children"
        self.children: dict[str, Child] = {}
        self.running: dict[str, subprocess.Popen] = {}
        self.stopping = threading.Event()
        self.swept = guardian.sweep(self.children_file)
        read_end, self._pipe = os.pipe()
        # A forked copy of us must not hold the pipe open after we are gone.
        os.register_at_fork(after_in_child=self._let_go)
        with open(state / "logs" / "guardian.log", "ab") as log:
            self.guardian = subprocess.Popen(
                [sys.executable, "-I", "-S", guardian.__file__, str(self.children_file), *map(str, remove)],
                stdin=read_end,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                pass_fds=() if lock is None else (lock,),
            )
        os.close(read_end)

    def _let_go(self) -> None:
        if self._pipe is not None:
            os.close(self._pipe)
            self._pipe = None

    def log(self, name: str) -> Path:
        return self.state / "logs" / f"{name}.log"

    def start(self, child: Child) -> subprocess.Popen:
        """Start one child in a session of its own and write it down for the guardian."""
        log = self.log(child.name)
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.replace(log.with_suffix(".old.log"))
        owner = {}
        if child.user is not None:
            owner = {"user": child.user[0], "group": child.user[1], "extra_groups": []}
        with open(log, "ab") as output:
            process = subprocess.Popen(
                child.argv,
                env={**(os.environ if child.env is None else child.env), guardian.RUN_VARIABLE: self.run},
                cwd=child.cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=lambda: die_with_parent(child.stop_signal),
                **owner,
            )
        self.children[child.name], self.running[child.name] = child, process
        self._note(child, process.pid)
        return process

    def _note(self, child: Child, pid: int) -> None:
        record = {
            "name": child.name,
            "pid": pid,
            "born": guardian.born(pid),
            "run": self.run,
            "rank": child.rank,
            "signal": int(child.stop_signal),
            "grace": child.grace,
            "litter": list(child.litter),
        }
        with open(self.children_file, "a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")

    def start_again(self, name: str) -> None:
        """Start a child that ended by itself anew, as it was, after clearing away what it left of its own."""
        guardian.kill_group(self.running[name].pid)
        self.start(self.children[name])

    def ended(self) -> list[str]:
        """Return the names of the children that run no more."""
        return [name for name, process in self.running.items() if process.poll() is not None]

    def finish(self, child: Child, on_line: Callable[[str], None]) -> None:
        """Run a child that ends by itself; `on_line` gets each line it writes.

        Raises PartFailed when it ends with anything but 0, Stopped when the run is to end.
        """
        log = self.log(child.name)
        log.unlink(missing_ok=True)
        process = self.start(child)
        with open(log, encoding="utf-8", errors="replace") as lines:
            while True:
                over = process.poll() is not None
                for line in lines:
                    on_line(line.rstrip())
                if over:
                    break
                self.pause(0.05)
        del self.running[child.name]
        if process.returncode:
            raise PartFailed(f"{child.name} ended with {process.returncode}; what it said is in {log}")

    def pause(self, seconds: float) -> None:
        """Sleep; raises Stopped at once when the run is to end."""
        if self.stopping.wait(seconds):
            raise Stopped

    def wait_until(self, name: str, ready: Callable[[], bool], seconds: float) -> None:
        """Wait until `ready()`.

        Raises PartFailed when the child ends first or time is up, Stopped when the run is to end.
        """
        deadline = time.monotonic() + seconds
        while not ready():
            code = self.running[name].poll()
            if code is not None:
                raise PartFailed(f"{name} ended with {code}.\n{self.last_lines(name)}")
            if time.monotonic() > deadline:
                raise PartFailed(f"{name} did not answer within {seconds:g} s.\n{self.last_lines(name)}")
            self.pause(0.03)

    def start_parts(self, parts: list[Part], seconds: float = 60, tries: int = 3) -> None:
        """Start the servers side by side and wait until all of them serve.

        A server that ends at once is tried again on other ports: two runs may have picked the same one.
        """
        for part in parts:
            self.start(part.child())
        for part in parts:
            for attempt in range(1, tries + 1):
                try:
                    self.wait_until(part.name, part.is_ready, seconds)
                    break
                except PartFailed:
                    if attempt == tries or self.running[part.name].poll() is None:
                        raise
                    self.start(part.child())

    def last_lines(self, name: str, count: int = 15) -> str:
        """Return the end of a child's log, indented."""
        lines = self.log(name).read_text(encoding="utf-8", errors="replace").splitlines()[-count:]
        return "\n".join("    " + line for line in lines)

    def stop(self) -> None:
        """End all children and return when none is left."""
        self.stopping.set()
        self._let_go()
        while self.guardian.poll() is None:
            self._reap()
            time.sleep(0.02)
        # Nothing is left to sweep unless somebody killed the guardian.
        guardian.sweep(self.children_file)
        self._reap()

    def _reap(self) -> None:
        for process in self.running.values():
            process.poll()
