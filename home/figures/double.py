"""A double of this site to be photographed: a local run that looks like this one and ends with the pictures.

So nobody's letter, name or number can come into a picture, nothing is written into the real site, and no SMS goes out:
the double has its own database, store and broker, and writes its SMS into a file.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder

from home.figures import likeness

LIKENESS = "likeness.json"  # in the state directory; read by the first steps of the run
STARTS_WITHIN = 600  # seconds: a first start makes a database and fills it, and the machine may have other work
PATIENCE = 60
# All that it inherits: nothing that names a database, a store, a gateway or a secret of this site.
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "USER", "LD_LIBRARY_PATH")
# A checkout may have an .env of the real site, which fills in whatever is not given.
NEUTRAL = {
    "ADMIN_PATH": "admin/",
    "BACKUP_KEY": "",
    "CLAMD_URL": "",
    "DEBUG": "false",
    "S3_SERVER_SIDE_ENCRYPTION": "",
    "TRUSTED_PROXY_HOPS": "0",
}


class DoubleFailed(Exception):
    """The double did not come up; the message has its last words."""


class Double:
    """A running one. url: its address. sign_ins: {"admin": password}."""

    def __init__(self, note):
        self.url, self.sign_ins = note["url"], note["sign_ins"]
        self._sms_file, self._database = Path(note["sms_file"]), note["database_url"]

    def security_code(self, key):
        """The digits of the picture whose key stands in a form."""
        with psycopg.connect(self._database) as connection:
            row = connection.execute("SELECT response FROM captcha_captchastore WHERE hashkey = %s", [key]).fetchone()
        return row[0]

    def code_for(self, number):
        """The six digits of the latest code by SMS to this number (E.164), as soon as it is sent."""
        return _wait_for(lambda: self._codes(number), "the SMS with the code", PATIENCE)[-1].rpartition("#")[2]

    def _codes(self, number):
        lines = self._sms_file.read_text(encoding="utf-8").splitlines() if self._sms_file.exists() else []
        messages = map(json.loads, lines)
        return [sms["text"] for sms in messages if sms["to"] == number and sms["kind"] == "code"]


@contextmanager
def running():
    """``with running() as double``: started, and gone without a trace afterwards. Raises DoubleFailed."""
    with tempfile.TemporaryDirectory(prefix="double-") as directory:
        state = Path(directory)
        taken = json.dumps(likeness.take(), cls=DjangoJSONEncoder)
        (state / LIKENESS).write_text(taken, encoding="utf-8")
        log = state / "run.log"
        environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "config.local_run"],
                env={**environment, **NEUTRAL, "STATE_DIR": directory},
                cwd=settings.BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        try:
            yield Double(_wait_for(lambda: _note(state, process, log), "the double's start", STARTS_WITHIN))
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()  # Its guardian ends what it leaves.
                process.wait()


def _note(state, process, log):
    if process.poll() is not None:
        raise DoubleFailed(log.read_text(errors="replace")[-2000:])
    path = state / "run.json"
    return json.loads(path.read_text()) if path.exists() else None


def _wait_for(look, what, seconds):
    end = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > end:
            raise DoubleFailed(f"waited {seconds} s in vain for {what}")
        time.sleep(0.2)
    return found
