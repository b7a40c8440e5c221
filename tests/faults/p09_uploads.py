"""Bad files and good ones."""

from tests.faults.promise import NotTried, Promise


def attack(stage):
    raise NotTried("there is no corpus of bad files yet")


PROMISE = Promise(9, "Uploads: 150 bad files, 50 good ones", "0 taken, 0 crashes, <= 256 MB; 50 taken", attack)
