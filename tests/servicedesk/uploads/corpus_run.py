"""Runs files through the inspection in a small process of its own, and says how much memory its children took.

    python -m tests.servicedesk.uploads.corpus_run FOLDER

Reads FOLDER/index.json, a list of [number, name]; the file NUMBER holds the content. Writes what is to be stored to
NUMBER.stored. Prints one JSON object: verdicts {number: code or null}, longest (seconds), crashes, peak (bytes). A big
process would spoil the last: the kernel counts what a parent held when it started a child as the child's.
"""

import json
import logging
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from servicedesk.uploads.inspection import Refused, Rules, inspect
from servicedesk.uploads.limits import CHILDREN_AT_ONCE

RULES = Rules({"png", "jpg", "pdf", "zip", "docx", "doc"}, 1024 * 1024)


class Crashes(logging.Handler):
    def __init__(self):
        super().__init__()
        self.said = []

    def emit(self, record):
        self.said.append(record.getMessage())


def main(folder):
    crashes = Crashes()
    logging.getLogger("servicedesk.uploads").addHandler(crashes)

    def verdict(number, name):
        began = time.monotonic()
        with open(folder / str(number), "rb") as file:
            try:
                stored = inspect(Named(file, name), RULES).content
            except Refused as refused:
                return refused.code, time.monotonic() - began
        (folder / f"{number}.stored").write_bytes(stored)
        return None, time.monotonic() - began

    index = json.loads((folder / "index.json").read_text())
    with ThreadPoolExecutor(CHILDREN_AT_ONCE) as pool:
        found = list(pool.map(lambda item: verdict(*item), index))
    answer = {
        "verdicts": {number: code for (number, _), (code, _) in zip(index, found, strict=True)},
        "longest": max(seconds for _, seconds in found),
        "crashes": crashes.said,
        "peak": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024,
    }
    print(json.dumps(answer))


class Named:
    """An open file under the name that its sender gave it."""

    def __init__(self, file, name):
        self.file, self.name = file, name

    def read(self, size):
        return self.file.read(size)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
