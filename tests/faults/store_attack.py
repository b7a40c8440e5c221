"""The object store, asked by somebody without its keys: on every one of its ports."""

import boto3
import requests
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from config.embedded.seaweedfs import REGION

_PATIENCE = {"connect_timeout": 2, "read_timeout": 5, "retries": {"total_max_attempts": 1}}


def client_of(production, access_key=None, secret_key=None, **config):
    """A client with the store's own keys, or with others."""
    return boto3.client(
        "s3",
        endpoint_url=production.store.endpoint,
        region_name=REGION,
        aws_access_key_id=access_key or production.store.access_key,
        aws_secret_access_key=secret_key or production.store.secret_key,
        config=Config(s3={"addressing_style": "path"}, **_PATIENCE, **config),
    )


def leaks_of_the_store(production):
    """What the store gave to, or took from, somebody without its keys; each as a word or two."""
    bucket = production.store.bucket
    key, _ = next(iter(production.stored().items()))
    content = client_of(production).get_object(Bucket=bucket, Key=key)["Body"].read()
    strangers = {
        "anonymous": client_of(production, signature_version=UNSIGNED),
        "wrong key": client_of(production, access_key="desk2"),
        "wrong secret": client_of(production, secret_key="not-the-secret"),
    }
    leaks = []
    for name, client in strangers.items():
        attempts = {
            "lists": lambda client=client: client.list_objects_v2(Bucket=bucket),
            "reads": lambda client=client: client.get_object(Bucket=bucket, Key=key),
            "writes": lambda client=client: client.put_object(Bucket=bucket, Key="letters/forged", Body=b"x"),
            "removes": lambda client=client: client.delete_object(Bucket=bucket, Key=key),
        }
        leaks += [f"store: {name} {verb}" for verb, attempt in attempts.items() if _works(attempt)]
    if key not in production.stored():
        leaks.append("store: object gone")
    return leaks + [f"store: port {port}" for port in production.store.ports() if _gives(port, bucket, key, content)]


def _works(attempt):
    try:
        attempt()
    except (ClientError, BotoCoreError):
        return False
    return True


def _gives(port, bucket, key, content):
    """Whether a port tells a name or gives a file to a plain question."""
    for path in ("/", f"/{bucket}/", f"/{bucket}/{key}", f"/buckets/{bucket}/", f"/buckets/{bucket}/{key}"):
        try:
            answer = requests.get(f"http://127.0.0.1:{port}{path}", timeout=3)
        except requests.RequestException:
            continue
        name = key.rpartition("/")[2]
        # A refusal may repeat the name that it was asked for.
        if content in answer.content or (name not in path and name in answer.text):
            return True
    return False
