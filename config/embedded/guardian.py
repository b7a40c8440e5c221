"""A tiny process that outlives its starter by a moment and stops what the starter left behind.

It holds the read end of a pipe whose write end only the supervisor has. However the supervisor ends (Ctrl-C,
SIGTERM, kill -9), the kernel closes that pipe, and the guardian sweeps: it stops every child in the list of
children, users of a server before the server. The next start sweeps the same list, should somebody have killed
the guardian too.

Runs by path as a script (`python -I -S guardian.py LIST [FOLDER_TO_REMOVE …]`) and imports nothing of ours.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

# Every child, and whatever that starts, carries this in its environment: so we know our own without parents.
RUN_VARIABLE = "SERVICEDESK_RUN"


def born(pid: int) -> str | None:
    """Return what tells this process from later ones of its number; None when it has ended."""
    if not sys.platform.startswith("linux"):
        seen = subprocess.run(["ps", "-o", "lstart=,stat=", "-p", str(pid)], capture_output=True, text=True)
        started, _, state = seen.stdout.strip().rpartition(" ")
        return None if not started or state.startswith("Z") else started.strip()
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    if fields[0] in "ZX":
        return None
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip() + ":" + fields[19]


def carriers(run: str) -> list[int]:
    """Return the processes that carry this run's mark (Linux; elsewhere none can be told)."""
    mark = f"{RUN_VARIABLE}={run}".encode()
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in environ.read_bytes().split(b"\0"):
                found.append(int(environ.parent.name))
        except OSError:  # It ended while we looked, or belongs to somebody else, and so is not ours.
            continue
    return [pid for pid in found if born(pid)]


def sweep(children: Path) -> list[str]:
    """Stop every process that the list names and that is really ours; return the names of those that ran.

    The list has one JSON object a line: name, pid, born, run, rank, signal (number), grace (seconds), litter (files
    that it leaves when it is killed). Those of a higher rank use those of a lower one, so they end first. The list is
    removed at the end.
    """
    if not children.exists():
        return []
    records = [json.loads(line) for line in children.read_text().splitlines() if line.endswith("}")]
    running = [record for record in records if _runs(record)]
    for rank in sorted({record["rank"] for record in running}, reverse=True):
        _stop([record for record in running if record["rank"] == rank])
    stopped = [record["name"] for record in running]
    for run in {record["run"] for record in records}:
        for pid in carriers(run):
            _signal(pid, signal.SIGKILL)
            stopped.append(f"process {pid}")
    for file in {file for record in records for file in record["litter"]}:
        Path(file).unlink(missing_ok=True)
    children.unlink(missing_ok=True)
    return stopped


def _runs(record: dict) -> bool:
    """Whether this very process runs still. One that ended before it was written down has no birth on record."""
    return record["born"] is not None and born(record["pid"]) == record["born"]


def _stop(records: list[dict]) -> None:
    """Ask these children to end, wait for each as long as its grace, then kill their groups."""
    for record in records:
        _signal(record["pid"], record["signal"])
    asked = time.monotonic()
    for record in records:
        while _runs(record) and time.monotonic() < asked + record["grace"]:
            time.sleep(0.02)
        kill_group(record["pid"])


def kill_group(leader: int) -> None:
    """Kill who is still in a child's process group and did not heed the leader, or outlived it.

    The group is ours alone, since each child was started in a session of its own. Nobody being left in it is
    what we hope for (where only zombies are, macOS speaks of permission).
    """
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):  # It ended in this very moment, which is what we wanted.
        os.kill(pid, number)


def main(children: Path, *remove: Path) -> None:
    # Only the end of the pipe ends the guardian, never a signal that was meant for everybody.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    while os.read(sys.stdin.fileno(), 4096):
        pass
    sweep(children)
    for folder in remove:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
