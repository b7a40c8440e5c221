"""A gateway that lies: it takes messages and loses a share of its answers."""

import random
import time
from collections import defaultdict

from tests.gateway_double import GatewayDouble


class LyingGateway(GatewayDouble):
    """Loses ``lost_share`` of its answers (0 to 1); remembers when each telephone's messages came."""

    def reset(self):
        super().reset()
        with self.lock:
            self.lost_share, self.lost = 0.0, set()
            self.random = random.Random()
            # number → [(time.monotonic(), kind, text)], each message once
            self.telephones = defaultdict(list)

    def lie(self, share, seed):
        with self.lock:
            self.lost_share, self.random = share, random.Random(seed)

    def next_plan(self):
        plan = super().next_plan()
        with self.lock:
            if self.lost_share and self.random.random() < self.lost_share:
                return {**plan, "mode": "drop_after_accept"}
        return plan

    def note(self, our_id, to, kind, text, mode):
        with self.lock:
            before = len(self.messages)
            message = super().note(our_id, to, kind, text, mode)
            if len(self.messages) > before:
                self.telephones[to].append((time.monotonic(), kind, text))
            if mode == "drop_after_accept":
                self.lost.add(our_id)
            return message

    def texts(self, to, kind):
        """What a telephone got, oldest first."""
        with self.lock:
            return [text for _, of_kind, text in self.telephones[to] if of_kind == kind]

    def first_at(self, to):
        """When a telephone got its first message (time.monotonic()), or None."""
        with self.lock:
            return self.telephones[to][0][0] if self.telephones[to] else None
