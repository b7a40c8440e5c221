"""Services that come with the release: files as ``exchange`` writes them, ``<name>.<language>.json``, beside this one.

An editor starts from one of them; the seed makes all of them. In each language they ask the same questions by the
same ids, so that two of them are translations of each other.
"""

import json
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class ReadyService:
    name: str
    language: str

    @property
    def data(self):
        """The content of its file (bytes)."""
        return (HERE / f"{self.name}.{self.language}.json").read_bytes()

    @property
    def told(self):
        """What it says of itself: {"title", "summary", …}."""
        return json.loads(self.data)["fields"]


def on_offer(language):
    """The ready services in the language of this code, by name."""
    return [ReadyService(path.name.split(".")[0], language) for path in sorted(HERE.glob(f"*.{language}.json"))]
