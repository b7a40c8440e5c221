"""The state directory of a run: private, locked by one run at a time, keeper of random values."""

import fcntl
import json
import os
import secrets
import time
from pathlib import Path


class StateInUse(RuntimeError):
    """Another run holds this state directory."""


def open_state(path: Path) -> Path:
    """Make the directory, readable by its owner only, and return its absolute path.

    Raises PermissionError when it belongs to somebody else.
    """
    path = path.absolute()
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    (path / "logs").mkdir(exist_ok=True)
    return path


def lock(state: Path, patience: float) -> int:
    """Take the directory's lock and return its descriptor; held as long as any process has that open.

    Waits up to `patience` seconds, then raises StateInUse.
    """
    descriptor = os.open(state / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
        except BlockingIOError:
            if time.monotonic() > deadline:
                os.close(descriptor)
                raise StateInUse(f"another run is using {state}") from None
            time.sleep(0.1)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, all of it or nothing."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)


class Kept:
    """Random values by name, made when first asked for and the same ever after (`secrets.json`)."""

    def __init__(self, state: Path):
        self.path = state / "secrets.json"
        self.values = json.loads(self.path.read_text()) if self.path.exists() else {}

    def value(self, name: str, length: int = 32) -> str:
        """Return the value of this name: `length` random bytes as URL-safe text."""
        if name not in self.values:
            self.values[name] = secrets.token_urlsafe(length)
            write_private(self.path, json.dumps(self.values, indent=1))
        return self.values[name]
