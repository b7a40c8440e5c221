"""Local work: one JSON line a message, in a file. Production refuses it."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

from servicedesk.delivery.gateway_url import UrlProblem, split
from servicedesk.delivery.message import Accepted, CannotBeAsked, DeliveryError, Message


class LocalFile(CannotBeAsked):
    """Writes ``{"id", "to", "kind", "text", "at"}`` a line; only the owner may read it: codes stand in it."""

    name = "file"
    repeats_safely = False

    def __init__(self, url: str):
        """Raises UrlProblem."""
        parts = split(url)
        if parts.netloc or not parts.path.startswith("/"):
            raise UrlProblem("it must hold a whole path, such as file:///srv/desk/sms.jsonl")
        self.path = Path(unquote(parts.path))

    def __repr__(self):
        return f"<LocalFile {self.path}>"

    def send(self, message: Message, timeout: float) -> Accepted:
        line = {
            "id": str(message.id),
            "to": message.to,
            "kind": message.kind,
            "text": message.text,
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        }
        data = (json.dumps(line, ensure_ascii=False) + "\n").encode()
        if not self._append(data):
            raise DeliveryError("file_not_writable", fault="gateway")
        return Accepted(None, "delivered")

    def _append(self, data: bytes) -> bool:
        """One write with O_APPEND: lines of several processes do not run into each other."""
        try:
            handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                return os.write(handle, data) == len(data)
            finally:
                os.close(handle)
        except OSError:
            return False
