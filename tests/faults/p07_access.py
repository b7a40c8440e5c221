"""The matrix of every address and every kind of person, from outside."""

import logging

from tests.faults.promise import Promise, Result

WALK = "import json; from tests.faults.walk import walk_all; print(json.dumps(walk_all()))"
LONGEST = 1500  # seconds
log = logging.getLogger("faults")


def attack(stage):
    seen = stage.production.in_shell(WALK, seconds=LONGEST, CERTIFICATE=str(stage.production.certificate))
    for kind in ("leaks", "doors", "errors"):
        for line in seen[kind]:
            log.error("access: %s: %s", kind, line)
    figure = (
        f"{seen['addresses']} addresses, {seen['people']} kinds of people, {seen['asked']} answers:"
        f" {len(seen['leaks'])} leaks, {len(seen['doors'])} doors open or shut wrongly, {len(seen['errors'])} errors"
    )
    return Result(figure, not (seen["leaks"] or seen["doors"] or seen["errors"]))


PROMISE = Promise(
    7, "Access: every address x every kind of person x GET and POST", "0 leaks, 100 % of addresses", attack
)
