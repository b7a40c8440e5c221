"""A gateway that lies: it takes messages and loses a share of its answers."""

import random
import time
from collections import defaultdict

from tests.gateway_double import GatewayDouble


class LyingGateway(GatewayDouble):
    """Loses a share of its answers; remembers what reached each telephone, and when."""

    def reset(self):
        super().reset()
        with self.lock:
            self.share_lost, self.dice = 0.0, random.Random()
            # number → [(time.monotonic(), kind, text)], each message once
            self.telephones = defaultdict(list)

    def lie(self, share, seed=0):
        """From now on takes messages and closes the connection for a ``share`` (0 to 1) of them."""
        with self.lock:
            self.share_lost, self.dice = share, random.Random(seed)

    def next_plan(self):
        plan = super().next_plan()
        with self.lock:
            if self.share_lost and self.dice.random() < self.share_lost:
                return {**plan, "mode": "drop_after_accept"}
        return plan

    def note(self, our_id, to, kind, text, mode):
        with self.lock:
            before = len(self.messages)
            message = super().note(our_id, to, kind, text, mode)
            if len(self.messages) > before:
                self.telephones[to].append((time.monotonic(), kind, text))
            return message

    def texts(self, to, kind):
        """What a telephone got, oldest first."""
        with self.lock:
            return [text for _, of_kind, text in self.telephones[to] if of_kind == kind]

    def first_at(self, to):
        """When a telephone got its first message (time.monotonic()), or None."""
        with self.lock:
            return self.telephones[to][0][0] if self.telephones[to] else None
