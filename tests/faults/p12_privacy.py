"""The canary, orphans, retention, and a restore."""

from tests.faults.promise import NotTried, Promise


def attack(stage):
    raise NotTried("there is no backup and no retention yet")


PROMISE = Promise(12, "Canary, orphans, retention, restore of 10,000 letters", "0 / 0 / 0, equal, <= 5 min", attack)
