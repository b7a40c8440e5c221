"""A whole system of its own for the journey: what `make run` starts, with its own state and port."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from config.local_run import ROOT

# A first start makes a database, fills it and collects the static files; other tests may be at work beside it.
FIRST_START = 240
PATIENCE = 60
# For commands that need the database alone: nobody listens on port 9.
_NOWHERE = {
    "SECRET_KEY": "for-commands-that-ask-the-database-and-nobody-else",
    "REDIS_URL": "redis://127.0.0.1:9/0",
    "S3_ENDPOINT_URL": "http://127.0.0.1:9",
    "S3_BUCKET": "none",
    "S3_ACCESS_KEY_ID": "none",
    "S3_SECRET_ACCESS_KEY": "none-none",
    "SMS_GATEWAYS": "file:///dev/null",
    "SMS_CALLBACK_SECRET": "for-commands-that-ask-the-database-alone",
    "DATABASE_POOL_SIZE": "0",
}
# The suite's own parts, which this run must not lean on: it starts everything itself.
_SUITES_OWN = re.compile(
    r"(DATABASE_URL|REDIS_URL|S3_.*|SMS_.*|SECRET_KEY|PUBLIC_URL|STATE_DIR|PORT|STAFF_SECOND_FACTOR|ADMIN_PATH"
    r"|ALLOWED_HOSTS|CLAMD_URL|DEBUG|EMAIL_URL|TRUSTED_PROXY_HOPS|SEED_.*|DJANGO_.*|PYTEST_.*)"
)


def wait_until(look: Callable, what: str, seconds: float = PATIENCE):
    """Return the first true value of ``look()``; AssertionError when there was none in time."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, f"waited {seconds} s in vain for {what}"
        time.sleep(0.1)
    return found


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not _SUITES_OWN.fullmatch(name)}


class Town:
    """A local run with everything real: web, worker, beat, database, broker and store."""

    def __init__(self, state: Path):
        self.state = state
        self.log = state / "run.log"
        # MAKELEVEL: the run ends with us, however we end.
        env = _environment() | {"STATE_DIR": str(state), "MAKELEVEL": "1"}
        with self.log.open("wb") as log:
            command = [sys.executable, "-m", "config.local_run"]
            self.process = subprocess.Popen(command, env=env, cwd=ROOT, stdout=log, stderr=log)

    def wait(self) -> None:
        note = wait_until(self._note, "the start of the local run", FIRST_START)
        self.url, self.sign_ins = note["url"], note["sign_ins"]
        self.sms_file, self._database = Path(note["sms_file"]), note["database_url"]

    def _note(self):
        assert self.process.poll() is None, self.log.read_text()[-4000:]
        path = self.state / "run.json"
        return json.loads(path.read_text()) if path.exists() else None

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()  # The run's guardian ends what it leaves.
            raise

    def tell(self, statement: str, *values) -> list[tuple]:
        """One statement for the database; its rows, if it gives any."""
        with psycopg.connect(self._database, autocommit=True) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def manage(self, *command: str) -> str:
        """What a command of ``manage.py`` says that works on the database alone."""
        own = {"STATE_DIR": str(self.state), "PUBLIC_URL": self.url, "DATABASE_URL": self._database}
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            env=_environment() | _NOWHERE | own,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=FIRST_START,
        )
        assert done.returncode == 0, done.stderr[-4000:]
        return done.stdout

    @property
    def home_page(self) -> int:
        """The number of the Persian home page in the admin's addresses."""
        with psycopg.connect(self._database) as connection:
            return connection.execute("SELECT root_page_id FROM wagtailcore_site WHERE is_default_site").fetchone()[0]

    def security_code(self, key: str) -> str:
        """The digits of the picture whose key stands in the form."""
        with psycopg.connect(self._database) as connection:
            row = connection.execute("SELECT response FROM captcha_captchastore WHERE hashkey = %s", [key]).fetchone()
        return row[0]

    def messages_to(self, mobile: str) -> list[dict]:
        """The SMS that this number got so far, first to last."""
        if not self.sms_file.exists():
            return []
        lines = self.sms_file.read_text(encoding="utf-8").splitlines()
        return [message for message in map(json.loads, lines) if message["to"] == mobile]

    def next_sms(self, mobile: str, kind: str, after: int = 0) -> str:
        """The text of the first SMS of this kind to this number beyond the ``after`` that it had."""

        def arrived():
            texts = [message["text"] for message in self.messages_to(mobile) if message["kind"] == kind]
            return texts[after:]

        return wait_until(arrived, f"an SMS of kind {kind}")[0]
