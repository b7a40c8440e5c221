"""Somebody else's library, called in a thread of its own, so that it cannot hold a worker for longer than promised."""

import logging
import threading

from servicedesk.delivery.exchange import THREAD
from servicedesk.delivery.message import DeliveryError

log = logging.getLogger(__name__)

# Calls that nobody waits for any more; beyond these a library that hangs gets no further thread.
MOST_LEFT_BEHIND = 8


class Watched:
    """Calls of one library. A call that is late is left to itself, and their number is bounded."""

    def __init__(self):
        self._left_behind: list[threading.Thread] = []
        self._lock = threading.Lock()

    def call(self, work, timeout: float, *, late: DeliveryError):
        """What ``work()`` gives or raises, if it does so within ``timeout`` seconds; else raises ``late``."""
        with self._lock:
            self._left_behind = [thread for thread in self._left_behind if thread.is_alive()]
            if len(self._left_behind) >= MOST_LEFT_BEHIND:
                raise DeliveryError("gateway_hangs", fault="passing")
        outcome = {}

        def run():
            try:
                outcome["value"] = work()
            except DeliveryError as error:
                outcome["error"] = error
            except Exception as error:  # noqa: BLE001 - somebody else's; its words may quote a number or a key
                log.warning("a library broke off: %s", type(error).__name__)
                outcome["error"] = DeliveryError("broke", fault="passing", answer_lost=True)

        # The exchange's name: the HTTP library's records hold paths, and paths hold keys (see exchange).
        thread = threading.Thread(target=run, name=THREAD, daemon=True)
        thread.start()
        thread.join(timeout)
        if thread.is_alive():
            with self._lock:
                self._left_behind.append(thread)
            raise late
        if "error" in outcome:
            raise outcome["error"]
        return outcome["value"]
