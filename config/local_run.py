"""`make run`: the whole system on this machine, every part real, ended by Ctrl-C.

    python -m config.local_run

Starts the embedded parts that the environment does not replace, takes the first steps, then web, worker, beat and
standby, and watches over them. All state lies in STATE_DIR (default `var/`); removing it starts anew.
"""

import hashlib
import json
import os
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

import requests

from config.embedded import clamav
from config.embedded.clamav import ClamAV
from config.embedded.ports import claim
from config.embedded.postgresql import PostgreSQL
from config.embedded.processes import Child, Household, Part, PartFailed, Stopped, die_with_parent
from config.embedded.seaweedfs import REGION, SeaweedFS
from config.embedded.state import Kept, StateInUse, lock, open_state, write_private
from config.embedded.valkey import Valkey

ROOT = Path(__file__).resolve().parent.parent
FIRST_PORT, PORTS_TRIED = 8000, 100
# Who the seed makes. The passwords are made here, so that they are random and nobody can read them in the code.
SIGN_INS = (
    "admin", "editor", "reviewer", "clerk-1", "clerk-2", "head", "approver", "reader", "registrar", "auditor",
)  # fmt: skip
S3_OF_YOURS = ("S3_BUCKET", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY")
LONGEST_PAUSE = 30  # seconds between two starts of a child that keeps ending
STEADY = 60  # seconds after which a child counts as well again


class CannotRun(RuntimeError):
    """Something outside is in the way; the message says what, for a person."""


@dataclass
class Run:
    """A run being put together. port_claim keeps others from our port; settings: the environment of the children."""

    state: Path
    kept: Kept
    household: Household
    port: int
    port_claim: object
    settings: dict[str, str] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)


def given(name: str) -> str:
    return os.environ.get(name, "").strip()


def say(text: str = "") -> None:
    print(text, flush=True)


def choose_port() -> tuple[int, object]:
    """Return the port to serve on and the claim on it. A given one that is busy is an error."""
    if not given("PORT"):
        for port in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
            if claimed := claim(port):
                return port, claimed
        raise CannotRun(f"No port from {FIRST_PORT} to {FIRST_PORT + PORTS_TRIED - 1} is free; name one: PORT=…")
    if not given("PORT").isascii() or not given("PORT").isdecimal() or not 0 < int(given("PORT")) < 65536:
        raise CannotRun(f"PORT must be a number from 1 to 65535, not {given('PORT')!r}.")
    if claimed := claim(int(given("PORT"))):
        return int(given("PORT")), claimed
    raise CannotRun(f"PORT {given('PORT')} is busy: something else is listening there.")


def take_state() -> tuple[Path, int]:
    """Return the state directory and the descriptor of its lock, waiting for an earlier run's end if need be."""
    state = open_state(ROOT / (given("STATE_DIR") or "var"))
    try:
        return state, lock(state, patience=0)
    except StateInUse:
        pass
    note = state / "run.json"
    if note.exists() and _is_alive(json.loads(note.read_text())):
        raise CannotRun(f"Already running at {json.loads(note.read_text())['url']} (state in {state}).")
    say("Waiting for the run before to end…")
    return state, lock(state, patience=40)


def _is_alive(note: dict) -> bool:
    try:
        os.kill(note["supervisor"], 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # It is there, and somebody else's.
        return True
    return True


def furnish(run: Run) -> None:
    """Choose the parts, a given address replacing the embedded one, and gather every setting."""
    own = {
        "STATE_DIR": str(run.state),
        "PUBLIC_URL": f"http://localhost:{run.port}",
        "SECRET_KEY": run.kept.value("secret-key", 48),
        "SMS_CALLBACK_SECRET": run.kept.value("sms-callback", 24),
        "SMS_GATEWAYS": (run.state / "sms.jsonl").as_uri(),
        "STAFF_SECOND_FACTOR": "optional",
        "EMAIL_URL": "consolemail://",
        "S3_BUCKET": "desk",
        "S3_REGION": REGION,
    }
    if not given("PUBLIC_URL"):
        own["ALLOWED_HOSTS"] = "localhost,127.0.0.1"
    for name in SIGN_INS:
        own[f"SEED_PASSWORD_{name.upper().replace('-', '_')}"] = run.kept.value(f"sign-in {name}", 12)
    run.settings = {**os.environ, **own, **{name: given(name) for name in own if given(name)}}
    run.settings["STATE_DIR"] = str(run.state)
    if given("S3_ENDPOINT_URL"):
        missing = [name for name in S3_OF_YOURS if not given(name)]
        if missing:
            raise CannotRun(f"S3_ENDPOINT_URL names a store of yours; so set {', '.join(missing)} too.")
    else:
        run.parts.append(SeaweedFS(run.state, run.kept, run.settings["S3_BUCKET"]))
    if not given("DATABASE_URL"):
        run.parts.append(PostgreSQL(run.state, run.kept))
    if not given("REDIS_URL"):
        run.parts.append(Valkey(run.state, run.kept))
    if not given("CLAMD_URL") and clamav.program():
        run.parts.append(ClamAV(run.state, given("CLAMAV_DATABASE")))


def start_parts(run: Run) -> None:
    """Start the embedded parts and add their addresses to the settings."""
    if run.parts:
        say(f"Starting {', '.join(part.name for part in run.parts)}")
    run.household.start_parts(run.parts)
    for part in run.parts:
        match part:
            case PostgreSQL():
                run.settings["DATABASE_URL"] = part.url
            case Valkey():
                run.settings["REDIS_URL"] = part.url
            case ClamAV():
                run.settings["CLAMD_URL"] = part.url
            case SeaweedFS():
                run.settings["S3_ENDPOINT_URL"] = part.endpoint
                run.settings["S3_ACCESS_KEY_ID"] = part.access_key
                run.settings["S3_SECRET_ACCESS_KEY"] = part.secret_key


def programs(run: Run) -> list[Child]:
    """Return web, worker, beat and standby; as modules, since console scripts break under a path with spaces."""
    python, environment = sys.executable, run.settings
    web = [python, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(run.port), "--no-ws"]
    web += ["--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers", "--workers-kill-timeout", "5"]
    celery = [python, "-m", "celery", "-A", "config.celery"]
    worker = [*celery, "worker", "-Q", "codes,messages,files,pages", "--concurrency", "4"]
    beat = [*celery, "beat", "--schedule", str(run.state / "beat-schedule"), "--pidfile", ""]
    return [
        Child("web", [*web, "config.wsgi:application"], env=environment, cwd=ROOT, rank=1),
        Child("worker", [*worker, "--without-gossip", "--without-mingle"], env=environment, cwd=ROOT, rank=1, grace=5),
        Child("beat", beat, env=environment, cwd=ROOT, rank=1, grace=5),
        Child("standby", [python, "manage.py", "standby"], env=environment, cwd=ROOT, rank=1, grace=5),
    ]


def answers(run: Run) -> bool:
    host = {"Host": urlsplit(run.settings["PUBLIC_URL"]).netloc}  # One that ALLOWED_HOSTS knows, whatever was given.
    try:
        return requests.get(f"http://127.0.0.1:{run.port}/healthz", headers=host, timeout=5).ok
    except requests.ConnectionError:
        return False


def publish(run: Run) -> None:
    """Write run.json for scripts, and tell the person what is where."""
    url, gateway = run.settings["PUBLIC_URL"], urlsplit(run.settings["SMS_GATEWAYS"].split(",")[0].strip())
    sms_file = unquote(gateway.path) if gateway.scheme == "file" else None
    passwords = {name: run.kept.value(f"sign-in {name}") for name in SIGN_INS}
    note = {
        "url": url,
        "database_url": run.settings["DATABASE_URL"],
        "sms_file": sms_file,
        "sign_ins": passwords,
        "supervisor": os.getpid(),
    }
    write_private(run.state / "run.json", json.dumps(note, indent=1))
    say()
    say(f"  Site      {url}/")
    say(f"  Desk      {url}/desk/        میز خدمت؛ با هر شماره همراه ایرانی وارد شوید")
    say(f"  Admin     {url}/{run.settings.get('ADMIN_PATH') or 'admin/'}")
    for name, password in passwords.items():
        say(f"            {name:<9} {password}")
    say(f"  SMS       {sms_file or 'go out by ' + gateway.scheme}        پیامک‌ها این‌جا خوانده می‌شوند")
    say(f"  Scanner   {clamav.in_words(run.settings, is_ours=not given('CLAMD_URL'))}")
    say(f"  Logs      {run.state / 'logs'}")
    say()
    say("  Ctrl-C ends everything. Removing the state directory starts anew.")


def watch(run: Run) -> None:
    """Start what ends by itself again, with growing pauses, until the run is to end (Stopped)."""
    household, tries, due, since = run.household, {}, {}, {}
    while True:
        household.pause(0.5)
        now = time.monotonic()
        for name in household.ended():
            if name not in due:
                tries[name] = 0 if now - since.get(name, now) > STEADY else tries.get(name, -1) + 1
                pause = min(2 ** tries[name], LONGEST_PAUSE)
                due[name] = now + pause
                code = household.running[name].returncode
                say(f"{name} ended with {code}; again in {pause} s. Its last lines:\n{household.last_lines(name)}")
            elif now >= due[name]:
                household.start_again(name)
                del due[name]
                since[name] = now


def fingerprint(folders: tuple[str, ...], *others: str) -> str:
    """Return what changes with any file of these folders, the lock, or the other texts."""
    seen = hashlib.sha256((ROOT / "requirements-dev.txt").read_bytes() + "\n".join(others).encode())
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                status = path.stat()
                seen.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def take_first_steps(run: Run) -> None:
    """Migrate, seed and collect static files; a step is skipped when nothing it reads has changed since the last time.

    A database of the operator's may have changed while we looked away, so that one is always looked at.
    """
    address = run.settings["PUBLIC_URL"]  # The seed writes it into the site.
    now = {
        "database": fingerprint(("config", "home", "servicedesk"), address) if not given("DATABASE_URL") else "",
        "static": fingerprint(("site",)),
    }
    stamp = run.state / "first-steps.json"
    before = json.loads(stamp.read_text()) if stamp.exists() else {}
    due = [step for step in now if not now[step] or now[step] != before.get(step)]
    if due:
        # Warnings alone: this goes to the terminal.
        quiet = {**run.settings, "LOG_LEVEL": run.settings.get("LOG_LEVEL") or "WARNING"}
        command = [sys.executable, "-m", "config.first_steps", *due]
        run.household.finish(Child("first-steps", command, env=quiet, cwd=ROOT, rank=1), on_line=say)
        write_private(stamp, json.dumps(now))


def serve(run: Run) -> None:
    """Everything between the first part's start and the end of the run."""
    furnish(run)
    start_parts(run)
    take_first_steps(run)
    web, *background = programs(run)
    run.household.start(web)
    # Only then the others, so that they do not contend with the web for the processor.
    run.household.wait_until("web", lambda: answers(run), seconds=60)
    for child in background:
        run.household.start(child)
    publish(run)
    watch(run)


def main() -> int:
    if "MAKELEVEL" in os.environ:
        die_with_parent(signal.SIGTERM)  # Whoever kills make means us.
    try:
        state, descriptor = take_state()
        (state / "run.json").unlink(missing_ok=True)
        port, port_claim = choose_port()
    except (CannotRun, StateInUse, PermissionError) as error:
        say(str(error))
        return 1
    household = Household(state, lock=descriptor)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: household.stopping.set())
    if household.swept:
        say(f"Stopped what an earlier run had left: {', '.join(household.swept)}")
    try:
        serve(Run(state, Kept(state), household, port, port_claim))
    except Stopped:
        say("Ending…")
        return 0
    except (CannotRun, PartFailed, PermissionError) as error:
        say(str(error))
        return 1
    finally:
        household.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
