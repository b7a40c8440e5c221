"""The production set-up, whole and of our own: nginx with the shipped file, the shipped units' processes, real parts.

Nothing that is installed on the machine is touched: every port, folder, password and certificate is made for this run,
and the guardian of its household removes all of it, however the run ends.
"""

import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from psycopg_pool import ConnectionPool

from config.embedded import clamav, unprivileged
from config.embedded.clamav import ClamAV
from config.embedded.ports import free_ports
from config.embedded.postgresql import PostgreSQL
from config.embedded.processes import Child, Household
from config.embedded.seaweedfs import REGION, SeaweedFS
from config.embedded.state import Kept, open_state
from config.embedded.valkey import Valkey
from config.local_run import SIGN_INS
from tests.faults.visitor import browser_from
from tests.outside.running import ROOT, Running, has_ended, until
from tests.shipped_nginx import ShippedNginx
from tests.shipped_units import command_of, wanted_services

# RestartSec of the units; whoever runs Valkey and SeaweedFS has them started again likewise.
RESTART_SECONDS = 2
STEPS_SECONDS = 180


class Production(Running):
    """One installation. ``household.stopping`` is set when the run is to end; waits end with processes.Stopped."""

    def __init__(self, gateway):
        super().__init__(open_state(Path(tempfile.mkdtemp(prefix="servicedesk-faults-"))), gateway)
        kept = Kept(self.state)
        homes = [unprivileged.choose(self.state, kept, name) for name in ("postgresql", "nginx")]
        self.household = Household(self.state, remove=[self.state, *(home.directory for home in homes)])
        self.pause = self.household.pause
        [self.web_port] = free_ports(1)
        self.store = SeaweedFS(self.state, kept, "desk")
        self.database = PostgreSQL(self.state, kept, home=homes[0])
        self.valkey = Valkey(self.state, kept)
        self.nginx = ShippedNginx(homes[1], self.web_port)
        # With a signature file of our own, which knows the EICAR test.
        self.scanner = ClamAV(self.state) if clamav.program() else None
        self.certificate = homes[1].directory / "certificate.pem"
        self.url = f"https://127.0.0.1:{self.nginx.secure}"
        self.passwords = {name: kept.value(f"sign-in {name}") for name in SIGN_INS}
        self.kept = kept
        self.held_back = set()
        self.gateways = gateway.url
        self._addresses = 0
        self._lock = threading.Lock()

    # --- Starting and ending -----------------------------------------------------------------------

    def start(self):
        parts = [self.store, self.database, self.valkey, self.nginx, self.scanner]
        self.household.start_parts([part for part in parts if part])
        self.database_url = self.database.url
        self.connections = ConnectionPool(self.database_url, min_size=1, max_size=8, kwargs={"autocommit": True})
        steps = [sys.executable, "-m", "config.first_steps", "database", "static"]
        self._finish("first-steps", steps)
        seeds = {f"SEED_PASSWORD_{name.upper().replace('-', '_')}": word for name, word in self.passwords.items()}
        self._finish("seed", [sys.executable, "manage.py", "seed", "--on-public-server"], seeds)
        # Hundreds sign in here in a minute; the attack on the budget brings its own.
        self.set_budget(100_000, 10_000_000)
        for child in self.units():
            self.household.start(child)
        self.household.wait_until("web", self.is_well, seconds=60)
        threading.Thread(target=self._keep_running, daemon=True).start()

    def stop(self):
        self.household.stop()
        if hasattr(self, "connections"):
            self.connections.close()

    def settings(self):
        """The environment of the web process and of the workers."""
        here = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        return here | {
            "PUBLIC_URL": self.url,
            "TRUSTED_PROXY_HOPS": "1",
            "STATE_DIR": str(self.state),
            "SECRET_KEY": self.kept.value("secret-key", 48),
            "SMS_CALLBACK_SECRET": self.kept.value("sms-callback"),
            "SMS_GATEWAYS": self.gateways,
            "CLAMD_URL": self.scanner.url if self.scanner else "",
            "EMAIL_URL": "consolemail://",
            "DATABASE_URL": self.database.url,
            "REDIS_URL": self.valkey.url,
            "S3_ENDPOINT_URL": self.store.endpoint,
            "S3_BUCKET": self.store.bucket,
            "S3_REGION": REGION,
            "S3_ACCESS_KEY_ID": self.store.access_key,
            "S3_SECRET_ACCESS_KEY": self.store.secret_key,
        }

    def units(self):
        """What the target of deploy/systemd wants, started as written there: only Python, port and folder are ours."""
        children = []
        for name, unit in wanted_services().items():
            argv = [
                str(self.web_port)
                if word == "8000"
                else word.replace("/srv/servicedesk/.venv/bin/python", sys.executable).replace(
                    "/var/lib/servicedesk", str(self.state)
                )
                for word in shlex.split(command_of(unit))
            ]
            name = name.removeprefix("servicedesk-")
            children.append(Child(name, argv, env=self.settings(), cwd=ROOT, rank=1, grace=5))
        return children

    def _finish(self, name, argv, more=None):
        child = Child(name, argv, env={**self.settings(), "LOG_LEVEL": "WARNING", **(more or {})}, cwd=ROOT, rank=1)
        self.household.finish(child, on_line=lambda line: None)

    def command(self, *words, seconds=STEPS_SECONDS, **values):
        """(exit code, output, complaint) of Python with ``words``, with this installation's settings and ``values``."""
        done = subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env={**self.settings(), "LOG_LEVEL": "ERROR", **values},
            capture_output=True,
            text=True,
            timeout=seconds,
        )
        return done.returncode, done.stdout, done.stderr

    def in_shell(self, code, seconds=STEPS_SECONDS, **values):
        """What ``manage.py shell`` prints as its last line, as JSON: how an operator looks and prepares.

        ``values`` are put into its environment as text.
        """
        words = ("manage.py", "shell", "--no-imports", "-c", code)
        failed, said, complaint = self.command(*words, seconds=seconds, **values)
        assert not failed, complaint[-2000:]
        return json.loads(said.splitlines()[-1])

    def _keep_running(self):
        """Starts what ended again, as systemd would (Restart=always), except what is held back."""
        due = {}
        while not self.household.stopping.wait(0.1):
            for name in self.household.ended():
                if name in self.held_back:
                    continue
                if time.monotonic() >= due.setdefault(name, time.monotonic() + RESTART_SECONDS):
                    del due[name]
                    self.household.start_again(name)

    # --- Looking and breaking ------------------------------------------------------------------------

    def fresh_address(self):
        """A loopback address that nobody came from yet, in a network (/24) of its own."""
        with self._lock:
            self._addresses += 1
            return f"127.{10 + self._addresses // 256}.{self._addresses % 256}.7"

    def rows(self, query, *parameters):
        with self.connections.connection() as database:
            cursor = database.execute(query, parameters)
            return cursor.fetchall() if cursor.description else []

    def get(self, path, timeout=30):
        with browser_from(self, "127.0.0.1") as browser:
            return browser.get(self.url + path, timeout=timeout)

    def pid(self, name):
        return self.household.running[name].pid

    def kill(self, name, number=signal.SIGKILL):
        """Sends a signal to all processes of a part; one that has ended this moment is on its way back anyway."""
        if not has_ended(self.pid(name)):
            os.killpg(self.pid(name), number)

    def set_budget(self, minute, day):
        """How many codes by SMS the desk may send: what an editor sets in the admin. Nothing is used of it yet."""
        self.rows("UPDATE servicedesk_desksettings SET sms_budget_minute = %s, sms_budget_day = %s", minute, day)
        self.rows("DELETE FROM servicedesk_limithit WHERE name = 'sms-budget'")

    def checked_files(self):
        """Waits until the scanner has looked at every file and nothing of it is left half done, up to two minutes.

        What is not done then shows in the figures of whoever asks.
        """
        at_work = "SELECT 1 FROM servicedesk_attachment WHERE state = 'pending' OR lease_until IS NOT NULL"
        with suppress(AssertionError):
            until(lambda: not self.rows(at_work), 120, "the scanner's look at every file")

    def use_gateways(self, urls):
        """What an operator does who writes another SMS_GATEWAYS and restarts the units."""
        self.gateways, before = urls, {}
        for child in self.units():
            self.household.children[child.name], before[child.name] = child, self.pid(child.name)
            self.kill(child.name)
        until(lambda: all(self.pid(name) != pid for name, pid in before.items()), 30, "the units' new start")
        until(self.is_well, 60, "the web's new start")

    @contextmanager
    def away(self, name):
        """A part that was killed and is not started again meanwhile."""
        self.held_back.add(name)
        group = self.pid(name)
        try:
            self.kill(name)
            until(lambda: has_ended(group), 30, f"the end of {name}")
            yield
        finally:
            self.held_back.discard(name)
        until(lambda: self.pid(name) != group, 30, f"the new start of {name}")
