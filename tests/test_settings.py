"""A wrong environment stops the start with the variable's name; a production one is safe without being told."""

import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from config.logs import JsonFormatter

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = {
    "PUBLIC_URL": "https://desk.example.ir",
    "SECRET_KEY": "for-this-test-only-" + "x" * 60,
    "DATABASE_URL": "postgres://desk:geheim-db@127.0.0.1:9/desk",
    "REDIS_URL": "redis://:geheim-redis@127.0.0.1:9/0",
    "S3_ENDPOINT_URL": "https://s3.example.ir",
    "S3_BUCKET": "desk",
    "S3_ACCESS_KEY_ID": "desk",
    "S3_SECRET_ACCESS_KEY": "geheim-s3-key",
    "EMAIL_URL": "smtp://mail.example.ir:25",
    "SMS_GATEWAYS": "https://sms.example.ir/send",
    "SMS_CALLBACK_SECRET": "geheim-callback-" + "x" * 20,
}
SHOW = """
import json, sys
from config import settings as s
names = "DEBUG SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SECURE_SSL_REDIRECT SECURE_HSTS_SECONDS ALLOWED_HOSTS " \
    "SESSION_COOKIE_NAME STAFF_SECOND_FACTOR ADMIN_PATH"
json.dump({name: getattr(s, name) for name in names.split()}, sys.stdout)
"""


def start(code="from config import settings", **changes):
    """Reads the settings in a process of its own: (exit code, output, complaint)."""
    environment = {name: value for name, value in {**PRODUCTION, **changes}.items() if value is not None}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_production_is_safe_by_default():
    code, output, complaint = start(SHOW)
    assert code == 0, complaint
    assert json.loads(output) == {
        "DEBUG": False,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "ALLOWED_HOSTS": ["desk.example.ir"],
        "SESSION_COOKIE_NAME": "__Host-session",
        "STAFF_SECOND_FACTOR": "required",
        "ADMIN_PATH": "admin/",
    }


def test_plain_http_on_this_machine_relaxes_cookies():
    shown = json.loads(start(SHOW, PUBLIC_URL="http://127.0.0.1:8000")[1])
    assert not shown["SESSION_COOKIE_SECURE"]
    assert shown["SECURE_HSTS_SECONDS"] == 0


WRONG = [(name, None) for name in PRODUCTION] + [
    ("PUBLIC_URL", "http://desk.example.ir"),
    ("PUBLIC_URL", "https://desk.example.ir/desk/"),
    ("PUBLIC_URL", "desk.example.ir"),
    ("SECRET_KEY", "geheim-too-short"),
    ("DATABASE_URL", "mysql://desk:geheim@127.0.0.1/desk"),
    ("REDIS_URL", "valkey.example.ir"),
    ("S3_ENDPOINT_URL", "s3.example.ir"),
    ("SMS_CALLBACK_SECRET", "geheim/with/slashes/and/long/enough"),
    ("CLAMD_URL", "tcp://127.0.0.1"),
    ("CLAMD_URL", "unix://run/clamd.ctl"),
    ("CLAMD_URL", "http://127.0.0.1:3310"),
    ("S3_SERVER_SIDE_ENCRYPTION", "yes"),
    ("EMAIL_URL", "pop3://mail.example.ir"),
    ("ALLOWED_HOSTS", "*"),
    ("ALLOWED_HOSTS", "other.example.ir"),
    ("TRUSTED_PROXY_HOPS", "many"),
    ("STAFF_SECOND_FACTOR", "perhaps"),
    ("ADMIN_PATH", "../"),
    ("DATABASE_POOL_SIZE", "-1"),
    ("DEBUG", "1"),
    ("BACKUP_KEY", "geheim-too-short"),
]


@pytest.mark.parametrize(("name", "value"), WRONG, ids=lambda value: str(value)[:30])
def test_a_missing_or_wrong_value_stops_the_start_and_names_itself(name, value):
    code, _, complaint = start(**{name: value})
    assert code != 0
    last_line = complaint.strip().splitlines()[-1]
    assert last_line.startswith("django.core.exceptions.ImproperlyConfigured")
    assert name in last_line
    assert "geheim" not in last_line


@pytest.mark.parametrize(
    "gateway", ["file:///tmp/sms.jsonl", "http://sms.example.ir/send", "kavenegar://geheim", "fax://x"]
)
def test_a_gateway_that_cannot_be_used_stops_the_start(gateway):
    code, _, complaint = start(
        "import django; django.setup()", SMS_GATEWAYS=gateway, DJANGO_SETTINGS_MODULE="config.settings"
    )
    assert code != 0
    last_line = complaint.strip().splitlines()[-1]
    assert "SMS_GATEWAYS" in last_line
    assert "geheim" not in last_line


@pytest.mark.parametrize(
    "text",
    [
        "+989123456789",
        "09123456789",
        "۰۹۱۲۳۴۵۶۷۸۹",
        "0912 345 67 89",
        "0912-345-6789",
        "/desk/letters/1234567897/",
        "482913",
    ],
)
def test_logs_show_no_number_code_or_reference(text):
    record = logging.LogRecord("desk", logging.WARNING, "", 0, "Not Found: %s", (text,), None)
    line = json.loads(JsonFormatter().format(record))
    assert line["message"].startswith("Not Found: ")
    digits = [char for char in line["message"] if char.isdigit()]
    assert len(digits) <= 2


def test_logs_mask_tracebacks_too():
    try:
        raise ValueError("Key (mobile)=(+989123456789) already exists")
    except ValueError:
        record = logging.LogRecord("desk", logging.ERROR, "", 0, "failed", (), sys.exc_info())
    assert "+98912" not in JsonFormatter().format(record)


def test_of_an_error_its_kind_and_place_are_logged_and_never_its_words():
    try:
        try:
            raise KeyError("رازِ یک نفر")
        except KeyError as error:
            raise ValueError("رازِ کس دیگر") from error
    except ValueError:
        record = logging.LogRecord("desk", logging.ERROR, "", 0, "failed", (), sys.exc_info())
    line = JsonFormatter().format(record)
    assert "راز" not in line.replace('raise KeyError(\\"رازِ', "").replace('raise ValueError(\\"رازِ', "")
    for words in ("builtins.KeyError", "builtins.ValueError", "test_settings.py"):
        assert words in line


def test_what_celery_says_of_a_failed_task_holds_its_kind_alone():
    text, context = "Task %(name)s[%(id)s] %(description)s: %(exc)s", {"exc": "ValueError('راز')", "name": "deliver"}
    context |= {"id": "1", "description": "raised unexpected"}
    record = logging.LogRecord("celery.app.trace", logging.ERROR, "", 0, text, (context,), None)
    assert json.loads(JsonFormatter().format(record))["message"] == "Task deliver[1] raised unexpected: "


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/desk/letters/1234567890/", "/desk/letters/…"),
        ("/لیلا نمونه/", "/…"),
        ("/desk/", "/desk"),
        ("/", "/"),
    ],
)
def test_of_an_address_only_the_beginning_is_logged(path, shown):
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "%s: %s", ("Not Found", path), None)
    assert json.loads(JsonFormatter().format(record))["message"] == f"Not Found: {shown}"


def test_each_variable_that_is_read_is_documented():
    reader = re.compile(
        r'\b(?:required|secret|url|socket_url|encryption_at_rest|number|choice|path_segment|env\.\w+|given)\(\s*"([A-Z][A-Z0-9_]+)"'
    )
    sources = [*(ROOT / "config").glob("*.py"), *(ROOT / "servicedesk").rglob("*.py")]
    read = {name for path in sources for name in reader.findall(path.read_text())}
    documented = set(re.findall(r"^([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.M))
    assert {"SECRET_KEY", "SMS_GATEWAYS", "PORT"} <= read
    assert read - documented == set()
