"""A clamd of a test's own, to be stopped and killed, and doubles of what a bad one says."""

import os
import signal
import socketserver
import threading
from contextlib import contextmanager

from config.embedded.clamav import ClamAV
from config.embedded.processes import Household


class OwnClamd:
    """A real clamd that a test may break. ``lines``: more of its configuration."""

    def __init__(self, state, lines=""):
        (state / "logs").mkdir(exist_ok=True)
        self.household, self.part = Household(state), ClamAV(state)
        child = self.part.child()
        if lines:
            # Of two lines about one thing clamd heeds the first.
            file = self.part.directory / "clamd.conf"
            file.write_text(lines + file.read_text())
        self.household.start(child)
        self.household.wait_until("clamd", self.part.is_ready, 20)
        self.url = self.part.url

    def signal(self, number):
        os.killpg(self.household.running["clamd"].pid, number)

    def kill(self):
        self.signal(signal.SIGKILL)
        self.household.running["clamd"].wait()

    def start_again(self):
        self.household.start_again("clamd")
        self.household.wait_until("clamd", self.part.is_ready, 20)

    def stop(self):
        self.signal(signal.SIGCONT)
        self.household.stop()


@contextmanager
def answering(words):
    """The address of a server that reads a little and then says ``words`` (bytes), whatever it was asked."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            self.request.recv(100)
            self.request.sendall(words)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"tcp://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
