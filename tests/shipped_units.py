"""The shipped systemd units, read as they are."""

import re

from tests.shipped_nginx import DEPLOY

UNITS = DEPLOY / "systemd"


def wanted_services():
    """{name of the service: the file that it is started from}, of all that the target wants; what is started twice
    (``name@1``, ``name@2``) has one file (``name@``)."""
    wanted = re.search(r"^Wants=(.*)$", (UNITS / "servicedesk.target").read_text(), re.M)[1].split()
    return {name.removesuffix(".service"): UNITS / re.sub(r"@\w+", "@", name) for name in wanted}


def command_of(unit):
    return re.search(r"^ExecStart=(.*)$", unit.read_text(), re.M)[1].replace("%%", "%")
