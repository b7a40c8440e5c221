"""The files of an archive: those that the snapshot's rows name, and the editors' pictures and documents."""

import io
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.storage import storages

from servicedesk.backup.refusals import BackupRefused

# Area of the archive → the storage that it comes from.
AREAS = {"letters": "letters", "media": "default"}
AT_ONCE = 8
# Larger ones go through piece by piece, so that memory stays bounded by AT_ONCE of these.
SMALL = 4 << 20
PIECE = 1 << 16


@dataclass(frozen=True)
class Place:
    """Where an object lies: its area and its key there."""

    area: str
    key: str


@dataclass
class Fetched:
    """An object of the store: ``content`` is readable, ``size`` in bytes."""

    place: Place
    size: int
    content_type: str
    content: object


class Store:
    """The bucket, seen as areas. Raises BackupRefused where the store does not answer."""

    def __init__(self):
        self._storages = {area: storages[name] for area, name in AREAS.items()}
        self._clients = {area: storage.bucket.meta.client for area, storage in self._storages.items()}

    def _at(self, place):
        storage = self._storages[place.area]
        return {"Bucket": storage.bucket_name, "Key": f"{storage.location}/{place.key}"}

    def keys(self, area):
        """Each object of an area, as Place, in the order of the store."""
        storage = self._storages[area]
        prefix = f"{storage.location}/"
        pages = self._clients[area].get_paginator("list_objects_v2")
        with _sorted_out():
            for page in pages.paginate(Bucket=storage.bucket_name, Prefix=prefix):
                for found in page.get("Contents", ()):
                    yield Place(area, found["Key"].removeprefix(prefix))

    def fetch(self, place):
        """The object (Fetched), a small one read already; None where there is none."""
        with _sorted_out():
            try:
                answer = self._clients[place.area].get_object(**self._at(place))
            except ClientError as error:
                if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404:
                    return None
                raise
            size, content = answer["ContentLength"], answer["Body"]
            if size <= SMALL:
                content = io.BytesIO(content.read())
            return Fetched(place, size, answer.get("ContentType", ""), content)

    def put(self, fetched):
        """Writes an object, reads it back and gives the SHA-256 of what the store holds now."""
        client, at = self._clients[fetched.place.area], self._at(fetched.place)
        more = {**self._storages[fetched.place.area].get_object_parameters(fetched.place.key)}
        more["ContentType"] = fetched.content_type or "application/octet-stream"
        with _sorted_out():
            if fetched.size <= SMALL:
                client.put_object(**at, **more, Body=fetched.content.read())
            else:
                client.upload_fileobj(fetched.content, at["Bucket"], at["Key"], ExtraArgs=more)
            return _hash_of(client.get_object(**at)["Body"])

    def fetch_all(self, places):
        """(place, Fetched or None) of each place, in order, a few of them being fetched ahead."""
        yield from _ahead(self.fetch, places)


def _hash_of(stream):
    seen = sha256()
    while piece := stream.read(PIECE):
        seen.update(piece)
    return seen.hexdigest()


def _ahead(work, items):
    """(item, work(item)) in order, at most AT_ONCE of them under way or waiting."""
    waiting = deque()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for item in items:
            waiting.append((item, pool.submit(work, item)))
            if len(waiting) >= AT_ONCE:
                first, future = waiting.popleft()
                yield first, future.result()
        while waiting:
            first, future = waiting.popleft()
            yield first, future.result()


@contextmanager
def _sorted_out():
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise BackupRefused(f"The file store did not answer as it should ({type(error).__name__}).") from error
