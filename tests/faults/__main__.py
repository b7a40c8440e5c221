"""`make faults`: starts a production set-up of its own, tries to break each promise, prints a line for each.

    python -m tests.faults [--only "1 5"] [--seed N]      FAULTS_SCALE=0.05 for a quick look

Exit code 0 only when every promise tried was held, at full scale.
"""

import argparse
import logging
import os
import secrets
import signal
import sys

from config.embedded.processes import PartFailed, Stopped, die_with_parent
from tests.faults.gateway import LyingGateway
from tests.faults.production import Production
from tests.faults.promise import Stage
from tests.faults.register import PROMISES
from tests.faults.report import Report
from tests.outside.running import ROOT
from tests.real_parts import executable

VAR = ROOT / "var"
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
log = logging.getLogger("faults")


def arguments():
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help='numbers of promises, such as "1 5"; all without')
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6), help="of the random times and choices")
    chosen = parser.parse_args()
    known = {promise.number for promise in PROMISES}
    asked = chosen.only.replace(",", " ").split()
    if not all(word.isascii() and word.isdecimal() and int(word) in known for word in asked):
        parser.error(f"--only takes numbers of promises: {', '.join(map(str, sorted(known)))}")
    chosen.numbers = {int(word) for word in asked} or known
    chosen.scale = float(os.environ.get("FAULTS_SCALE") or 1)
    if not 0 < chosen.scale <= 1:
        parser.error("FAULTS_SCALE must lie between 0 and 1")
    return chosen


def end_on_signals(production):
    """Ctrl-C and SIGTERM end the run at once, whatever waits for an answer at that moment."""

    def end(*_):
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)  # Once is enough; the guardian sweeps meanwhile.
        production.household.stopping.set()
        if "nginx" in production.household.running:
            production.kill("nginx")
        raise Stopped

    for number in SIGNALS:
        signal.signal(number, end)


def main():
    chosen = arguments()
    if "MAKELEVEL" in os.environ:
        die_with_parent(signal.SIGTERM)  # Whoever kills make means us.
    missing = [program for program in ("nginx", "openssl") if executable(program) is None]
    report = Report(chosen.scale, chosen.seed, VAR)
    if missing:
        report.none_tried([p for p in PROMISES if p.number in chosen.numbers], f"{' and '.join(missing)} missing")
        return report.finish()
    logging.basicConfig(filename=report.log, filemode="w", format="%(asctime)s %(message)s", level=logging.ERROR)
    with LyingGateway() as gateway:
        production = Production(gateway)
        end_on_signals(production)
        try:
            report.say("Starting nginx, Granian, PostgreSQL, Valkey, SeaweedFS, workers and beat of its own")
            production.start()
            report.started(production)
            stage = Stage(production, chosen.seed, chosen.scale)
            for promise in PROMISES:
                if promise.number in chosen.numbers:
                    report.add(promise, stage)
            return report.finish()
        except Stopped:
            report.say("Ended before its end; nothing is left running.")
            return 130
        except PartFailed as error:
            report.say(str(error))
            return 1
        finally:
            for number in SIGNALS:
                signal.signal(number, signal.SIG_IGN)
            production.stop()


if __name__ == "__main__":
    sys.exit(main())
