"""What a promise is, what came of trying to break it, and where it is tried."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from tests.faults.production import Production
from tests.faults.storm import Storm, weather


class NotTried(Exception):
    """A promise that cannot be tried here; the message says why."""


@dataclass(frozen=True)
class Result:
    """``figure``: what was measured, in a few words. ``held``: whether it keeps to the promise's limit."""

    figure: str
    held: bool


@dataclass
class Stage:
    """The running system that promises are tried on. ``scale``: 1 for all of it, less for a quick look."""

    production: Production
    seed: int
    scale: float = 1
    chance: random.Random = field(init=False)

    def __post_init__(self):
        self.chance = random.Random(self.seed)

    def some(self, whole: int, least: int = 1) -> int:
        """So many of a ``whole``, as the scale says."""
        return max(least, round(whole * self.scale))

    @cached_property
    def storm(self) -> Storm:
        """The letters under kills, outages and hangs: made once, looked at by several promises."""
        return weather(self)


@dataclass(frozen=True)
class Promise:
    number: int
    words: str
    limit: str
    attack: Callable[[Stage], Result]


def p95(seconds: list[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
