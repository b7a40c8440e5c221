"""An attack on the SMS budget."""

from tests.faults.promise import NotTried, Promise


def attack(stage):
    raise NotTried("there is no budget for SMS yet")


PROMISE = Promise(6, "SMS attack: 1,000 numbers x 50 addresses, 2 minutes", "sends <= budget, owners served", attack)
