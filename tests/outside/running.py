"""A whole local run as a process of its own, and what an operator can see and break from outside."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import boto3
import psycopg
import redis
import requests
from botocore.config import Config

from config.embedded import unprivileged
from config.embedded.state import Kept

ROOT = Path(__file__).resolve().parents[2]
# What the suite set for itself and the run must not take over.
FOREIGN = (
    "DATABASE_URL",
    "REDIS_URL",
    "S3_",
    "SMS_",
    "SECRET_KEY",
    "PUBLIC_URL",
    "STATE_DIR",
    "PORT",
    "PYTEST_",
    "DJANGO_",
)
START_SECONDS = 300


def until(condition, seconds, what="it"):
    """Waits until ``condition()`` is true and gives the seconds that it took; fails after ``seconds``."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() < began + seconds, f"{what}: not within {seconds} s"
        time.sleep(0.1)
    return time.monotonic() - began


def took(action):
    """The seconds that ``action()`` takes."""
    began = time.monotonic()
    action()
    return time.monotonic() - began


class Running:
    """A running system as an operator sees and breaks it; who starts one sets ``url`` and ``database_url``."""

    def __init__(self, state, gateway, *after):
        """``state``: its directory. ``gateway``: the GatewayDouble that gets its SMS; those ``after`` it when it is
        away."""
        self.state, self.gateway = state, gateway
        self.gateways = (gateway, *after)
        # What must stand in no log: everything personal that the tests made up or were told.
        self.personal = set()

    # --- Looking ---------------------------------------------------------------------------------

    def rows(self, query, *parameters):
        with psycopg.connect(self.database_url, autocommit=True, connect_timeout=5) as database:
            cursor = database.execute(query, parameters)
            return cursor.fetchall() if cursor.description else []

    def one(self, query, *parameters):
        """The only value of the only row."""
        [[value]] = self.rows(query, *parameters)
        return value

    def objects(self):
        """The keys of the letters' files in the store."""
        return set(self.stored())

    def stored(self):
        """{key: bytes} of the letters' files in the store."""
        told = self.settings()
        client = boto3.client(
            "s3",
            endpoint_url=told["S3_ENDPOINT_URL"],
            region_name=told["S3_REGION"],
            aws_access_key_id=told["S3_ACCESS_KEY_ID"],
            aws_secret_access_key=told["S3_SECRET_ACCESS_KEY"],
            config=Config(s3={"addressing_style": "path"}),
        )
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=told["S3_BUCKET"], Prefix="letters/")
        return {found["Key"]: found["Size"] for page in pages for found in page.get("Contents", [])}

    def flush_broker(self):
        with redis.Redis.from_url(self.settings()["REDIS_URL"]) as client:
            client.flushall()

    def settings(self):
        """The environment of the web process."""
        told = Path(f"/proc/{self.pid('web')}/environ").read_text().split("\0")
        return dict(line.split("=", 1) for line in told if "=" in line)

    def get(self, path, timeout=30):
        """What a monitor gets."""
        return requests.get(self.url + path, timeout=timeout, headers={"Connection": "close"})

    def is_well(self):
        """Whether the web answers at all."""
        try:
            return self.get("/healthz").ok
        except requests.ConnectionError:
            return False

    def unfinished(self):
        """The messages (id, state) that are not final: neither at their end nor handed over to people."""
        return self.rows(
            "SELECT id, state FROM servicedesk_outgoingmessage WHERE flagged_at IS NULL"
            " AND state NOT IN ('sent', 'delivered', 'failed', 'dead', 'expired')"
        )

    def readiness(self):
        """(status, degraded parts) of /readyz."""
        answer = self.get("/readyz")
        return answer.status_code, answer.json()["degraded"]

    # --- Breaking --------------------------------------------------------------------------------

    def pid(self, name):
        """The process, and process group, of a child: web, worker, beat, standby, valkey, seaweedfs, postgresql."""
        records = map(json.loads, (self.state / "children").read_text().splitlines())
        return [record["pid"] for record in records if record["name"] == name][-1]

    def kill(self, name, number=signal.SIGKILL):
        os.killpg(self.pid(name), number)

    @contextmanager
    def hung(self, name):
        """A part that takes connections and says nothing."""
        self.kill(name, signal.SIGSTOP)
        try:
            yield
        finally:
            self.kill(name, signal.SIGCONT)


class LocalRun(Running):
    """`make run`'s process with a state directory of its own; the SMS go to ``gateway``, a GatewayDouble."""

    def start(self):
        temporary = self.state / "tmp"
        temporary.mkdir(exist_ok=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        own = {
            "STATE_DIR": str(self.state),
            "SMS_GATEWAYS": ",".join(gateway.url for gateway in self.gateways),
            # So each citizen can come from an address of his own, as through nginx.
            "TRUSTED_PROXY_HOPS": "1",
            # So what programs leave lying about can be looked at.
            "TMPDIR": str(temporary),
            # The run ends with us, however we end.
            "MAKELEVEL": "1",
        }
        with open(self.state / "supervisor.log", "ab") as output:
            self.supervisor = subprocess.Popen(
                [sys.executable, "-m", "config.local_run"],
                cwd=ROOT,
                env=kept | own,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        until(self._is_up, START_SECONDS, "the local run's start")
        note = json.loads((self.state / "run.json").read_text())
        self.url, self.database_url = note["url"], note["database_url"]

    def _is_up(self):
        assert self.supervisor.poll() is None, (self.state / "supervisor.log").read_text()
        return (self.state / "run.json").exists()

    def stop(self):
        self.supervisor.send_signal(signal.SIGCONT)
        self.supervisor.terminate()
        self.supervisor.wait(60)
        home = unprivileged.choose(self.state, Kept(self.state))
        shutil.rmtree(home.directory, ignore_errors=True)

    @contextmanager
    def away(self, name, number=signal.SIGKILL):
        """A part that has ended; the supervisor, who would start it again at once, sleeps meanwhile."""
        self.supervisor.send_signal(signal.SIGSTOP)
        try:
            group = self.pid(name)
            os.killpg(group, number)
            until(lambda: has_ended(group), 30, f"the end of {name}")
            yield
        finally:
            self.supervisor.send_signal(signal.SIGCONT)
        until(lambda: self.pid(name) != group, 30, f"the new start of {name}")


def has_ended(pid):
    """Whether it runs no more; it may still wait for its parent to look (Z)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except FileNotFoundError:
        return True
