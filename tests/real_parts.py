"""The real parts that the suite runs on, started before Django reads its settings (a pytest plugin).

The process that leads the run starts PostgreSQL, Valkey, SeaweedFS and clamd once, in a directory that is gone
afterwards, however the run ends (`config.embedded.guardian`). Each worker of pytest-xdist gets a database, a
bucket, a Valkey number and an address of its own. The variables of the shell are not heeded: a developer's
DATABASE_URL must never become a test's.

A test that needs a Debian package says so: `@pytest.mark.needs("chromium")`; `executable("chromium")` is its
path. Where the package is missing the test is skipped, and fails in CI; the end of the run names both.
"""

import ctypes
import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from config.embedded import clamav, unprivileged
from config.embedded.clamav import ClamAV
from config.embedded.ports import free_ports
from config.embedded.postgresql import PostgreSQL
from config.embedded.processes import Household
from config.embedded.seaweedfs import REGION, SeaweedFS, make_bucket
from config.embedded.state import Kept, open_state
from config.embedded.valkey import Valkey

PANGO = "libpangoft2-1.0.so.0"
# What a test may need besides the locked packages: the program, and the Debian package that brings it.
PACKAGES = {
    "chromium": "chromium",
    "msgfmt": "gettext",
    "xgettext": "gettext",
    "nginx": "nginx-light",
    "openssl": "openssl",
    "clamd": "clamav-daemon",
    PANGO: "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
}

# Settings that a shell may hold and that no test shall see.
_FOREIGN = (
    "ADMIN_PATH",
    "ALLOWED_HOSTS",
    "BACKUP_KEY",
    "CLAMAV_DATABASE",
    "CLAMD_URL",
    "DEBUG",
    "EMAIL_URL",
    "STAFF_SECOND_FACTOR",
    "TRUSTED_PROXY_HOPS",
)


@dataclass
class Run:
    """What this process started, and which needs were not met: package → tests."""

    household: Household | None = None
    unmet: dict[str, list[str]] = field(default_factory=dict)


run = Run()


def executable(program: str) -> str | None:
    """Return the path of a program of `PACKAGES` (a library's name), or None where its package is missing."""
    if ".so." in program:
        try:
            ctypes.CDLL(program)
        except OSError:
            return None
        return program
    return shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/bin")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests():
    # A wrapper, since pytest-django reads the settings in the first plain call of this hook.
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        _start()
    else:
        _move_in(int(worker.removeprefix("gw")))
    return (yield)


def _start() -> None:
    state = open_state(Path(tempfile.mkdtemp(prefix="servicedesk-tests-")))
    kept = Kept(state)
    home = unprivileged.choose(state, kept)
    run.household = Household(state, remove=[state, home.directory])
    store = SeaweedFS(state, kept, "tests", durable=False)
    database = PostgreSQL(state, kept, durable=False, home=home)
    valkey = Valkey(state, kept)
    scanner = [ClamAV(state)] if clamav.program() else []
    run.household.start_parts([store, database, valkey, *scanner])
    for name in _FOREIGN:
        os.environ.pop(name, None)
    os.environ |= {
        "STATE_DIR": str(state),
        "SECRET_KEY": kept.value("secret-key", 48),
        "DATABASE_URL": database.url,
        "REDIS_URL": valkey.url,
        "S3_ENDPOINT_URL": store.endpoint,
        "S3_BUCKET": store.bucket,
        "S3_REGION": REGION,
        "S3_ACCESS_KEY_ID": store.access_key,
        "S3_SECRET_ACCESS_KEY": store.secret_key,
        # Not CLAMD_URL: without a scanner files are released at once, which is what most tests want.
        "CLAMD_OF_THE_TESTS": scanner[0].url if scanner else "",
        "SMS_CALLBACK_SECRET": kept.value("sms-callback"),
    }
    _take_address(state / "sms.jsonl")


def _move_in(number: int) -> None:
    """Give this worker a share of what the leader started (pytest-django does so for the database)."""
    env = os.environ
    env["S3_BUCKET"] = f"tests-{number}"
    keys = env["S3_ACCESS_KEY_ID"], env["S3_SECRET_ACCESS_KEY"]
    make_bucket(env["S3_ENDPOINT_URL"], *keys, env["S3_BUCKET"])
    env["REDIS_URL"] = f"{env['REDIS_URL'].rpartition('/')[0]}/{number + 1}"
    _take_address(Path(env["STATE_DIR"]) / f"sms-{number}.jsonl")


def _take_address(sms_file: Path) -> None:
    """Pick the address of pytest-django's live server, which is PUBLIC_URL; name the file for the SMS."""
    [port] = free_ports(1)
    os.environ["DJANGO_LIVE_TEST_SERVER_ADDRESS"] = f"localhost:{port}"
    os.environ["PUBLIC_URL"] = f"http://localhost:{port}"
    os.environ["SMS_GATEWAYS"] = sms_file.as_uri()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs(*programs): skipped, or failed in CI, where one is missing")


def pytest_runtest_setup(item: pytest.Item) -> None:
    needed = {program for mark in item.iter_markers("needs") for program in mark.args}
    missing = sorted({PACKAGES[program] for program in needed if executable(program) is None})
    if not missing:
        return
    reason = f"Debian package missing: {', '.join(missing)}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    # Reports of xdist's workers come by here too, so the leader knows all.
    _, found, packages = str(report.longrepr or "").partition("Debian package missing: ")
    if found:
        for package in packages.rstrip("')").splitlines()[0].split(", "):
            run.unmet.setdefault(package, []).append(report.nodeid)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for package, tests in sorted(run.unmet.items()):
        terminalreporter.section(f"could not run without the Debian package {package} (apt-get install {package})")
        for test in tests:
            terminalreporter.line(test)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    if run.household is not None:
        run.household.stop()
