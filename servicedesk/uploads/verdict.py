"""What the child process and the inspectors in it speak of. Imports nothing, least of all Django."""

from dataclasses import dataclass


class Refusal(Exception):
    """The file cannot be accepted. ``details`` are numbers and short texts for the sentence of ``code``
    in ``refusals.SENTENCES``."""

    def __init__(self, code, **details):
        super().__init__(code)
        self.code = code
        self.details = details


@dataclass(frozen=True)
class Task:
    """One file to look at.

    kind: its kind by name and first bytes. max_bytes: the most that may be stored of it.
    kinds: the allowed kinds, {name: {"extensions": [...], "magic": [hex, ...], "inspector": module}}.
    rewrite: whether a picture shall be encoded anew (not inside a ZIP, which is stored as it came).
    """

    kind: str
    max_bytes: int
    kinds: dict
    rewrite: bool = True
