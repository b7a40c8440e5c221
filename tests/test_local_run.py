"""`make run` as somebody at a terminal notices it: what it says, what it leaves, what it never touches."""

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from config.embedded import guardian, ports, unprivileged
from config.embedded.ports import claim, free_ports, is_free
from config.embedded.postgresql import PostgreSQL
from config.embedded.processes import Child, Household, PartFailed
from config.embedded.state import Kept, StateInUse, lock, open_state

ROOT = Path(__file__).resolve().parent.parent

# A supervisor of its own process: one obedient child, one that ignores SIGTERM, one whose own child left its session.
SUPERVISOR = """
import sys, time
from pathlib import Path
from config.embedded.processes import Child, Household
from config.embedded.state import open_state
household = Household(open_state(Path(sys.argv[1])))
stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
parent = "import subprocess; subprocess.run(['sleep', '600'], start_new_session=True)"
household.start(Child("obedient", ["sleep", "600"]))
household.start(Child("stubborn", [sys.executable, "-c", stubborn], grace=1))
household.start(Child("parent", [sys.executable, "-c", parent], rank=1))
print(household.run, flush=True)
time.sleep(600)
"""


@pytest.fixture
def state(tmp_path):
    return open_state(tmp_path / "a state with spaces")


@pytest.fixture
def supervisor(state):
    """A running supervisor process, and the mark that all it starts carry."""
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, str(state)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    mark = process.stdout.readline().strip()
    until(lambda: len(guardian.carriers(mark)) >= 4)
    yield process, mark
    process.kill()
    process.wait()


def until(seen, seconds=15):
    deadline = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def local_run(state, **environment):
    """Run it to its end. Returns (exit code, what it said)."""
    done = subprocess.run(
        [sys.executable, "-m", "config.local_run"],
        cwd=ROOT,
        env={**os.environ, "STATE_DIR": str(state), **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.returncode, done.stdout + done.stderr


# --- What is left when it ends ------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM])
def test_whatever_ends_the_supervisor_nothing_stays(supervisor, ending):
    process, mark = supervisor
    process.send_signal(ending)
    process.wait()
    until(lambda: not guardian.carriers(mark))


def test_the_next_start_sweeps_what_a_killed_guardian_left(supervisor, state):
    process, mark = supervisor
    [posted] = subprocess.run(
        ["pgrep", "-f", f"guardian.py {state}"], capture_output=True, text=True, check=True
    ).stdout.split()
    os.kill(int(posted), signal.SIGKILL)
    process.kill()
    household = Household(state)
    try:
        assert not guardian.carriers(mark)
    finally:
        household.stop()


def test_a_stranger_with_a_recycled_number_is_left_alone(state):
    stranger = subprocess.Popen(["sleep", "600"])
    record = {
        "name": "web",
        "pid": stranger.pid,
        "born": "another boot:1",
        "run": "x",
        "rank": 0,
        "signal": 9,
        "grace": 1,
        "litter": [],
    }
    (state / "children").write_text(json.dumps(record) + "\n")
    try:
        assert guardian.sweep(state / "children") == []
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_users_of_a_server_end_before_the_server(state):
    household, order = Household(state), state / "order"
    note = f"trap 'echo $0 >>\"{order}\"; exit' TERM; while :; do sleep 0.05; done"
    household.start(Child("server", ["sh", "-c", note, "server"]))
    household.start(Child("user", ["sh", "-c", f"sleep 0.2; {note}", "user"], rank=1))
    time.sleep(0.5)
    household.stop()
    assert order.read_text().split() == ["user", "server"]


def test_a_killed_server_leaves_no_litter(state, tmp_path):
    litter = tmp_path / "server.sock"
    household = Household(state)
    household.start(Child("server", ["sh", "-c", f"touch '{litter}'; sleep 600"], grace=1, litter=[str(litter)]))
    until(litter.exists)
    household.stop()
    assert not litter.exists()


def test_a_part_that_cannot_start_shows_its_last_words(state):
    household = Household(state)
    try:
        household.start(Child("web", ["sh", "-c", "echo the port is on fire; exit 3"]))
        with pytest.raises(PartFailed, match=r"web ended with 3(.|\n)*the port is on fire"):
            household.wait_until("web", lambda: False, seconds=5)
    finally:
        household.stop()


# --- Starting --------------------------------------------------------------------------------------------------------


def test_a_busy_port_that_was_asked_for_is_an_error(state):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, said = local_run(state, PORT=str(port))
    assert code == 1
    assert f"PORT {port} is busy" in said


def test_a_port_that_is_no_number_is_an_error(state):
    code, said = local_run(state, PORT="۸۰۰۰")
    assert (code, "PORT must be a number" in said) == (1, True)


def test_two_runs_never_share_a_port(monkeypatch):
    [port] = free_ports(1)
    assert is_free(port)  # Nobody listens yet, as while the first run is still starting.
    assert claim(port) is None
    monkeypatch.setattr(ports, "FIRST", port)
    monkeypatch.setattr(ports, "LAST", port + 1)
    with pytest.raises(RuntimeError, match="no 1 free"):
        free_ports(1)


def test_a_store_of_ones_own_needs_its_keys_too(state):
    code, said = local_run(state, S3_ENDPOINT_URL="http://127.0.0.1:9", S3_ACCESS_KEY_ID="", S3_SECRET_ACCESS_KEY="")
    assert code == 1
    assert "S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY" in said


def test_a_wrong_setting_stops_the_run_with_its_name_and_leaves_nothing(state):
    code, said = local_run(state, TRUSTED_PROXY_HOPS="many")
    assert code == 1
    assert "TRUSTED_PROXY_HOPS" in said
    assert not (state / "children").exists()
    assert not (state / "run.json").exists()


def test_one_state_serves_one_run(state):
    descriptor = lock(state, patience=0)
    try:
        with pytest.raises(StateInUse):
            lock(state, patience=0)
    finally:
        os.close(descriptor)
    os.close(lock(state, patience=0))


def test_secrets_are_made_once_and_for_the_owner_only(state):
    made = Kept(state).value("secret-key", 48)
    assert Kept(state).value("secret-key", 48) == made
    assert len(made) >= 64
    assert Kept(state).value("other") != made
    assert stat.S_IMODE((state / "secrets.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(state.stat().st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_postgresql_runs_as_somebody_else_where_root_may_not_enter_a_namespace(state):
    kept, household = Kept(state), Household(state)
    server = PostgreSQL(state, kept, durable=False, home=unprivileged.as_other_user(kept))
    try:
        household.start_parts([server])
        assert Path(f"/proc/{household.running['postgresql'].pid}").stat().st_uid != 0
        with psycopg.connect(server.url) as connection:
            assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
    finally:
        household.stop()
        shutil.rmtree(server.home.directory)


def test_without_python_it_says_what_to_install(tmp_path):
    (tmp_path / "config").mkdir()
    shutil.copy(ROOT / "config" / "bootstrap.sh", tmp_path / "config")
    (tmp_path / "requirements-dev.txt").touch()
    (tmp_path / "bin").mkdir()
    for tool in ("sh", "cksum", "cat", "dirname", "grep"):
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool))
    done = subprocess.run(
        ["sh", "config/bootstrap.sh"],
        cwd=tmp_path,
        env={"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "Python 3.12 or 3.13 is needed" in done.stderr
