"""Letters of many citizens while parts are killed, away or hung. Promises 1, 3 and 5 look at the same storm."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field

from tests.faults.visitor import Visitor
from tests.outside.citizen import SIGN_IN
from tests.outside.running import until

CITIZENS, ASKERS = 20, 3
# Of each citizen's 60 letters an hour: so many before the storm, for the times of codes, and so many in it.
CALM_LETTERS, LETTERS = 8, 50
CALM_SECONDS, STORM_SECONDS = 30, 170
KILLED = ("web", "messages", "files", "pages", "beat", "standby@1", "standby@2", "valkey", "seaweedfs")
RECOVERY = 120


@dataclass
class Storm:
    """What happened. ``letters``: see Visitor.send_until_taken; ``codes``: (number, time of the click)."""

    stage: object
    letters: list[dict] = field(default_factory=list)
    calm_codes: list[tuple] = field(default_factory=list)
    codes: list[tuple] = field(default_factory=list)
    kills: Counter = field(default_factory=Counter)
    troubles: Counter = field(default_factory=Counter)
    seconds_to_final: float | None = None
    unfinished: int = 0

    def waits(self, codes):
        """The seconds from click to gateway of these codes; infinite for one that never came."""
        came = [(self.stage.production.gateway.first_at(number), clicked) for number, clicked in codes]
        return [at - clicked if at else float("inf") for at, clicked in came]


def weather(stage):
    """Calm load first, then the storm, then up to 120 s for every message to become final."""
    storm, production = Storm(stage), stage.production
    production.gateway.control("slow", delay=0.1)
    with ThreadPoolExecutor(CITIZENS + ASKERS + 1) as pool:
        writers = list(pool.map(lambda _: Visitor(production).sign_in(), range(CITIZENS)))
        _write(storm, pool, writers, stage.some(CALM_LETTERS), CALM_SECONDS * stage.scale, storm.calm_codes, None)
        letters, seconds = stage.some(LETTERS), STORM_SECONDS * stage.scale
        _write(storm, pool, writers, letters, seconds, storm.codes, lambda written: _attack(storm, written))
    with suppress(AssertionError):  # Not final in time: what is left over is counted.
        storm.seconds_to_final = until(lambda: not production.unfinished(), RECOVERY, "the end of every message")
    storm.unfinished = len(production.unfinished())
    storm.troubles = sum((writer.troubles for writer in writers), Counter())
    production.gateway.control("accept")
    return storm


def _write(storm, pool, writers, each, seconds, codes, attack):
    """Each writer sends ``each`` letters, spread over ``seconds``; somebody asks for codes all the while.

    ``attack(written)`` runs beside it until the event ``written``; without one these letters are not counted.
    """
    written, began = threading.Event(), time.monotonic()

    def write(number, writer):
        sent = []
        for turn in range(each):
            due = began + (turn + number / len(writers)) * seconds / each
            storm.stage.production.pause(max(0, due - time.monotonic()))
            sent.append(writer.send_until_taken())
        return sent

    beside = [pool.submit(_ask_for_codes, storm, codes, written) for _ in range(ASKERS)]
    beside += [pool.submit(attack, written)] if attack else []
    try:
        done = [sent for some in pool.map(write, range(len(writers)), writers) for sent in some]
    finally:
        written.set()
    for one in beside:
        one.result()
    if attack:
        storm.letters = done


def _ask_for_codes(storm, codes, written):
    """New citizens ask for codes, one after the other; who and when goes into ``codes``."""
    production = storm.stage.production
    while not written.is_set():
        visitor = Visitor(production)
        with suppress(AssertionError, OSError):  # A part was away; a code that was not asked for has no time.
            form = visitor.solved_form()
            clicked = time.monotonic()
            if visitor.post(SIGN_IN, form).status_code == 303:
                codes.append((visitor.e164, clicked))
        production.pause(0.3)


def _attack(storm, written):
    """Kills at random times, FLUSHALL, an outage and a hang of Valkey; then kills until all letters are sent."""
    production, scale = storm.stage.production, storm.stage.scale
    _kill_at_random(storm, 60 * scale)
    _flush(production)
    with production.away("valkey"):
        _kill_at_random(storm, 40 * scale, [name for name in KILLED if name != "valkey"])
    _flush(production)
    with production.hung("valkey"):
        _kill_at_random(storm, 60 * scale, [name for name in KILLED if name != "valkey"])
    while not written.is_set():
        _kill_at_random(storm, 2)
    _kill(storm, "messages")
    _flush(production)


def _flush(production):
    until(production.valkey.is_ready, 30, "Valkey")
    production.flush_broker()


def _kill_at_random(storm, seconds, names=KILLED):
    """Kills one of ``names`` after another with -9, 2 to 6 s apart."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        storm.stage.production.pause(min(left, storm.stage.chance.uniform(2, 6)))
        if time.monotonic() < end:
            _kill(storm, storm.stage.chance.choice(names))


def _kill(storm, name):
    storm.stage.production.kill(name)
    storm.kills[name] += 1
