"""An SMS gateway on the far side of HTTP, for tests: the JSON webhook, Kavenegar, sms.ir, and Apprise's own JSON.

    with GatewayDouble() as gateway:          # gateway.url, .kavenegar_url(), .smsir_url(), .apprise_url(), .counts()
    with GatewayDouble(askable=False) as liar:  # answers no look-up
    python -m tests.gateway_double --port 9000 --log posts.jsonl

Messages:   POST /sms, GET /sms/<our id>;  POST /v1/<KEY>/sms/send.json and so on
            POST /v1/send/bulk, /v1/send/verify, GET /v1/send/<its id>;  POST /apprise/<number>
Control:    POST /_control {"mode": …, "count": n, "delay": s, "retry_after": s, "share": p, "seed": n}
                                             count: the next n only; share and seed: for "lose"
            POST /_askable {"askable": false}                                      look-ups are answered no more
            POST /_state {"id": our id, "state": "sent"|"delivered"|"failed"|"blocked"}   what a look-up answers
            POST /_receipt {"our_id": …, "state": …, "url": callback, "form": "ours"|"theirs"|"kavenegar"}
            POST /_reset
Counts:     GET /_counts, GET /_posts (each attempt, in order), GET /_messages (what telephones would get)

A post is any attempt; it is accepted or not. ``duplicates`` are accepted posts beyond the first of an id (for
the webhook and Kavenegar's localid that is still one SMS); ``sms`` is what telephones would have got.
"""

import argparse
import json
import random
import threading
from datetime import UTC, datetime
from urllib.parse import quote

import requests

from tests.gateway_wire import KAVENEGAR_STATUS, Handler, Server

MODES = {
    "accept": "takes the message and says so",
    "refuse": "says that the message is wrong (422, Kavenegar 411)",
    "hang": "takes nothing and says nothing",
    "hang_after_accept": "takes the message and says nothing",
    "garbage": "takes the message and answers 200 with HTML",
    "drop_before": "closes the connection without reading",
    "drop_after_accept": "takes the message and closes the connection",
    "slow": "takes the message and answers after `delay` seconds",
    "drip": "takes the message and answers a byte each `delay` seconds",
    "lose": "takes the message and closes the connection for a `share` of them, by chance of `seed`",
    "huge": "takes the message and answers 200 with a megabyte",
}
ACCEPTING = {"accept", "hang_after_accept", "garbage", "drop_after_accept", "slow", "drip", "huge", "lose"}
STATES = ("sent", "delivered", "failed", "blocked")


class GatewayDouble:
    """The server and what it remembers. As Kavenegar it knows one key, sender and template."""

    def __init__(self, port=0, log=None, key="TESTKEY", sender="10004346", template="signin", askable=True):
        self.key, self.sender, self.template = key, sender, template
        # The template as sms.ir calls it.
        self.smsir_template = 100
        self.askable = askable
        self.log = log
        self.lock = threading.RLock()
        self.stopping = threading.Event()
        self.reset()
        self.server = Server(("127.0.0.1", port), Handler)
        self.server.double = self
        self.port = self.server.server_address[1]
        self.root = f"http://127.0.0.1:{self.port}"
        self.url = f"{self.root}/sms"
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.server.shutdown()
        self.server.server_close()

    def kavenegar_url(self, template=True):
        """An address for SMS_GATEWAYS that makes the desk speak Kavenegar to this double."""
        chosen = f"template={self.template}&" if template else ""
        return f"kavenegar://{self.key}@{self.sender}?{chosen}base={quote(self.root, safe='')}"

    def smsir_url(self, template=True):
        """The same for sms.ir, which takes no id of ours and so can never be asked by it."""
        chosen = f"template={self.smsir_template}&" if template else ""
        return f"smsir://{self.key}@{self.sender}?{chosen}base={quote(self.root, safe='')}"

    def apprise_url(self):
        """The same through Apprise, whose plugin for JSON stands for its SMS services: they say yes or no."""
        return f"apprise+json://127.0.0.1:{self.port}/apprise/{{to}}"

    def reset(self):
        """Forget everything and accept."""
        with self.lock:
            self.posts, self.messages, self.requests = [], {}, []
            self.look_ups = self.lost = 0
            self.plan = {"mode": "accept", "count": None, "delay": 1.0, "retry_after": None}
            self.chance = random.Random(1)

    def control(self, mode, count=None, delay=1.0, retry_after=None, share=0.1, seed=1):
        """Behave so for the next ``count`` messages, or until told otherwise. A number is an HTTP status."""
        mode = str(mode)
        if mode not in MODES and not (mode.isdigit() and 300 <= int(mode) < 1000):
            raise ValueError(f"no such mode: {mode}")
        with self.lock:
            self.plan = {"mode": mode, "count": count, "delay": delay, "retry_after": retry_after, "share": share}
            self.chance = random.Random(seed)

    def next_plan(self):
        with self.lock:
            plan = dict(self.plan)
            if plan["count"] is not None:
                if plan["count"] <= 0:
                    return {**plan, "mode": "accept"}
                self.plan["count"] -= 1
            if plan["mode"] == "lose":
                is_lost = self.chance.random() < plan["share"]
                self.lost += is_lost
                plan["mode"] = "drop_after_accept" if is_lost else "accept"
            return plan

    def note(self, our_id, to, kind, text, mode):
        """Remember a post; take its message if the mode does. Gives the record that the answer is about."""
        with self.lock:
            accepted = mode in ACCEPTING
            post = {"id": our_id, "to": to, "kind": kind, "text": text, "mode": mode, "accepted": accepted}
            post["at"] = datetime.now(UTC).isoformat(timespec="milliseconds")
            self.posts.append(post)
            if self.log:
                with open(self.log, "a", encoding="utf-8") as lines:
                    lines.write(json.dumps(post, ensure_ascii=False) + "\n")
            if not accepted:
                return None
            # Without an id of the sender's (verify/lookup) each post is an SMS of its own.
            name = our_id or f"lookup-{len(self.posts)}"
            fresh = {**post, "gateway_id": str(8_792_343_000 + len(self.posts)), "state": "sent"}
            return self.messages.setdefault(name, fresh)

    def find(self, our_id=None, gateway_id=None):
        with self.lock:
            if our_id is not None:
                return self.messages.get(str(our_id))
            return next((m for m in self.messages.values() if m["gateway_id"] == gateway_id), None)

    def set_state(self, our_id, state):
        self.find(our_id)["state"] = state

    def post_receipt(self, our_id, state, url, form="ours"):
        """Tell the desk what became of a message; gives the HTTP status of the desk's answer.

        ``form``: "ours" names the message by the desk's id, "theirs" by this gateway's, both as JSON;
        "kavenegar" is Kavenegar's form post.
        """
        found = self.find(our_id)
        found["state"] = state
        if form == "kavenegar":
            told = {"data": {"messageid": found["gateway_id"], "status": KAVENEGAR_STATUS[state]}}
        else:
            told = {"json": {"id": str(our_id) if form == "ours" else found["gateway_id"], "state": state}}
        return requests.post(url, timeout=10, allow_redirects=False, **told).status_code

    def counts(self):
        with self.lock:
            accepted = [post for post in self.posts if post["accepted"]]
            named = [post["id"] for post in accepted if post["id"]]
            return {
                "posts": len(self.posts),
                "accepted": len(accepted),
                "refused": len(self.posts) - len(accepted),
                "unique": len(set(named)),
                "duplicates": len(named) - len(set(named)),
                "sms": len(self.messages),
                "look_ups": self.look_ups,
                "lost": self.lost,
            }


def main():
    parser = argparse.ArgumentParser(description="An SMS gateway for tests.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--unaskable", action="store_true", help="answer no look-up")
    parser.add_argument("--log", help="a file to which each post is written, one JSON line each")
    chosen = parser.parse_args()
    with GatewayDouble(chosen.port, chosen.log, askable=not chosen.unaskable) as double:
        addresses = {"url": double.url, "kavenegar_url": double.kavenegar_url(), "root": double.root}
        print(json.dumps(addresses), flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print(json.dumps(double.counts()), flush=True)


if __name__ == "__main__":
    main()
