"""The virus scanner: clamd, asked over its stream protocol. Knows no settings; ``Scanner(CLAMD_URL)``.

A file counts as clean only when clamd said so of all of it. Whatever else happens (no answer, too slow, longer than
its limits) is "not scanned", and what was not scanned is not released.
"""

import io
import socket
import time
import zipfile
from dataclasses import dataclass
from urllib.parse import urlsplit

from clamav_client.clamd import ClamdError, ClamdNetworkSocket, CommunicationError

CONNECT_SECONDS = 2
SCAN_SECONDS = 20
# What clamd finds in a file that is longer than it reads (AlertExceedsMax yes).
_BEYOND_LIMITS = "Heuristics.Limits.Exceeded"
# The harmless file that every scanner must find; put together here, so that this source is not one.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@dataclass(frozen=True)
class Clean:
    """clamd read all of it and knows nothing bad of it."""


@dataclass(frozen=True)
class Found:
    """signature: the name of what was found, e.g. "Win.Test.EICAR_HDB-1"."""

    signature: str


class NotScanned(Exception):
    """The file could not be scanned; the text says why, for operators. Try again later."""


class Scanner:
    """url: ``tcp://host:port`` or ``unix:///path``. One connection a question. Not shared between threads."""

    def __init__(self, url, scan_seconds=SCAN_SECONDS):
        self.url, self.scan_seconds = url, scan_seconds

    def scan(self, content):
        """Clean or Found for ``content`` (bytes). Raises NotScanned."""
        connection = _Connection(self.url)
        deadline = time.monotonic() + self.scan_seconds
        try:
            # {"stream": (status, signature)}
            state, signature = connection.instream(_Piecewise(content, connection, deadline)).get("stream", ("", ""))
        except (ClamdError, OSError, ValueError) as error:
            raise NotScanned(type(error).__name__) from error
        if state == "FOUND" and not signature.startswith(_BEYOND_LIMITS):
            return Found(signature[:100])
        if state != "OK":
            raise NotScanned("beyond-its-limits" if state == "FOUND" else "no-verdict")
        return Clean()

    def answers(self):
        """Whether it answers within two seconds."""
        try:
            return _Connection(self.url).ping() == "PONG"
        except (ClamdError, OSError, ValueError):
            return False

    def prove(self, size):
        """Raises NotScanned unless it finds the test signature in an archive of ``size`` bytes.

        clamd without signatures, or whose MaxFileSize is smaller, calls everything clean.
        """
        if not isinstance(self.scan(_test_archive(size)), Found):
            raise NotScanned("finds-no-test-file")


class _Connection(ClamdNetworkSocket):
    """Connects as CLAMD_URL says, by IPv4, IPv6 or socket file, and never waits without end."""

    def __init__(self, url):
        super().__init__(timeout=CONNECT_SECONDS)
        self.parts = urlsplit(url)

    def _init_socket(self):
        try:
            if self.parts.scheme == "unix":
                self.clamd_socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                self.clamd_socket.settimeout(self.timeout)
                self.clamd_socket.connect(self.parts.path)
            else:
                address = (self.parts.hostname, self.parts.port)
                self.clamd_socket = socket.create_connection(address, self.timeout)
        except OSError as error:
            raise CommunicationError(type(error).__name__) from error

    def _close_socket(self):
        if hasattr(self, "clamd_socket"):
            super()._close_socket()


class _Piecewise:
    """The content as clamav-client reads it; each piece leaves the rest of the whole scan's time to the socket."""

    def __init__(self, content, connection, deadline):
        self.content, self.connection, self.deadline = io.BytesIO(content), connection, deadline

    def read(self, size):
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.connection.clamd_socket.settimeout(left)
        return self.content.read(size)


def _test_archive(size):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("padding", bytes(max(size - 1000, 0)))
        archive.writestr("eicar.com", EICAR)
    return buffer.getvalue()
