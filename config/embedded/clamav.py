"""ClamAV's daemon, where Debian's `clamav-daemon` is installed, with a signature file of our own.

It knows the EICAR test file and nothing else, so it is there in milliseconds; ClamAV's own database takes a minute and
a gigabyte, and is used where it is asked for.
"""

import shutil
import socket
from pathlib import Path

from config.embedded.ports import free_ports, same_ports
from config.embedded.processes import Child

# The longest file that the admin lets an organisation take, and what it may be unpacked.
LONGEST = "25M"
UNPACKED = "200M"
# The words of the test file, anywhere in a file, in hex.
_SIGNATURES = "EICAR-Test-File:0:*:" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!".hex() + "\n"


def program() -> str | None:
    """Return the path of clamd, or None where it is not installed."""
    return shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin")


def in_words(settings: dict[str, str], is_ours: bool) -> str:
    """Say which scanner a run with these settings has."""
    if not settings.get("CLAMD_URL"):
        return "none (Debian: apt-get install clamav-daemon); files are marked «پویش نشده»"
    if not is_ours:
        return "yours"
    if settings.get("CLAMAV_DATABASE"):
        return f"ClamAV with the signatures in {settings['CLAMAV_DATABASE']}"
    return "ClamAV, which here knows the EICAR test file only; CLAMAV_DATABASE=/var/lib/clamav gives it all it has"


class ClamAV:
    name = "clamd"

    def __init__(self, state: Path, database: str = ""):
        """database: a directory with ClamAV's own signatures, to be used instead of the test signature."""
        self.directory, self.database = state / "clamav", database
        self.port = 0

    @property
    def url(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def child(self) -> Child:
        signatures = self.directory / "signatures"
        signatures.mkdir(parents=True, exist_ok=True)
        (signatures / "test.ndb").write_text(_SIGNATURES)
        [self.port] = same_ports(self.directory / "port", lambda: free_ports(1))
        lines = {
            "Foreground": "yes",
            "TCPSocket": self.port,
            "TCPAddr": "127.0.0.1",
            "DatabaseDirectory": self.database or signatures,
            "TemporaryDirectory": self.directory,
            "StreamMaxLength": LONGEST,
            "MaxFileSize": LONGEST,
            "MaxScanSize": UNPACKED,
            # Else it says OK of what it did not read.
            "AlertExceedsMax": "yes",
            "MaxThreads": 4,
            "ConcurrentDatabaseReload": "no",
        }
        file = self.directory / "clamd.conf"
        # Quoted, since the path may hold blanks.
        text = "".join(
            f'{name} "{value}"\n' if isinstance(value, Path) else f"{name} {value}\n" for name, value in lines.items()
        )
        file.write_text(text)
        return Child(self.name, [program(), "-c", "clamd.conf"], cwd=self.directory)

    def is_ready(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as asked:
                asked.sendall(b"nPING\n")
                return asked.recv(16) == b"PONG\n"
        except OSError:
            return False
