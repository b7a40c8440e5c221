"""Loopback ports that nobody listens on."""

import json
import random
import socket
import sys
from collections.abc import Callable
from pathlib import Path

# Below the kernel's range for outgoing connections (32768 up), so that nobody's client takes one between our
# look and the server's bind, and below 55535: SeaweedFS dials its admin port + 10000 whatever it is told.
FIRST, LAST = 20000, 32000


def is_free(port: int) -> bool:
    """Whether a server could listen on 127.0.0.1:port now."""
    with socket.socket() as probe:
        # As servers do: the remains of closed connections (TIME_WAIT) do not make a port busy.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def claim(port: int) -> socket.socket | None:
    """Claim a port before its server is up, or return None when it is taken.

    Between the pick of a port and its server's bind lie seconds, in which another run would pick it too; and Granian
    binds with SO_REUSEPORT, so that a second one would silently share it and get half of the requests. The claim is
    a name in the kernel (Linux) that ends with our process; keep the returned socket.
    """
    if not is_free(port):
        return None
    mark = socket.socket(socket.AF_UNIX)
    if sys.platform.startswith("linux"):
        try:
            mark.bind(f"\0servicedesk-port-{port}")
        except OSError:
            mark.close()
            return None
    return mark


def free_ports(count: int) -> list[int]:
    """Return `count` different free ports, picked at random and claimed for as long as this process lives.

    Raises RuntimeError when the machine has none left.
    """
    found = []
    for port in random.sample(range(FIRST, LAST), LAST - FIRST):
        if port not in _claimed and _hold(port):
            found.append(port)
        if len(found) == count:
            return found
    raise RuntimeError(f"no {count} free loopback ports between {FIRST} and {LAST}")


def same_ports(note: Path, pick: Callable[[], list[int]]) -> list[int]:
    """Return the ports an earlier run noted in this file if they are still free, else new ones, noted now."""
    ports = json.loads(note.read_text()) if note.exists() else []
    if not ports or not all(_hold(port) for port in ports):
        ports = pick()
        note.write_text(json.dumps(ports))
    return ports


_claimed: dict[int, socket.socket] = {}


def _hold(port: int) -> bool:
    """Whether a server of ours could listen here now; if so nobody else's gets the port from now on."""
    if port in _claimed:
        return is_free(port)
    if mark := claim(port):
        _claimed[port] = mark
    return mark is not None
