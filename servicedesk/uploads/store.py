"""Letters' files in the S3 store: written once under a key of our own, read back as a stream."""

from functools import cached_property

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

from servicedesk.uploads.store_client import CLIENT_CONFIG


class StoreUnavailable(Exception):
    """The store did not answer, or not as a store does; nothing was lost, try again."""


class LetterStorage(S3Storage):
    """Adds to django-storages what letters need: a conditional write and a bounded stream."""

    def get_default_settings(self):
        return {**super().get_default_settings(), "client_config": CLIENT_CONFIG}

    def put(self, key, content, content_type):
        """Writes ``content`` (bytes) under ``key`` unless it is there already; repeats are no error."""
        try:
            sealed = self.object_parameters  # Server-side encryption, where it is configured.
            self._object(key).put(Body=content, ContentType=content_type, IfNoneMatch="*", **sealed)
        except ClientError as error:
            # 412: the same key, so the same content, is there. 409: somebody is at it; only what is there counts.
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            if status != 412 and not (status == 409 and self.has(key)):
                raise StoreUnavailable from error
        except BotoCoreError as error:
            raise StoreUnavailable from error

    def stream(self, key):
        """The content under ``key`` as an object with ``read(n)``, ``iter_chunks()`` and ``close()``."""
        try:
            return self._object(key).get()["Body"]
        except (ClientError, BotoCoreError) as error:
            raise StoreUnavailable from error

    def read(self, key):
        """All of the content under ``key`` (bytes)."""
        stream = self.stream(key)
        try:
            return stream.read()
        except (BotoCoreError, OSError) as error:
            raise StoreUnavailable from error
        finally:
            stream.close()

    def remove(self, key):
        """Removes the object under ``key``; one that is not there is no error."""
        try:
            self._object(key).delete()
        except (ClientError, BotoCoreError) as error:
            raise StoreUnavailable from error

    def has(self, key):
        """Whether an object lies under ``key``."""
        try:
            return self.exists(key)
        except (ClientError, BotoCoreError) as error:
            raise StoreUnavailable from error

    def bytes_of(self, key):
        """The length of the object under ``key``; None where there is none."""
        try:
            return self._object(key).content_length
        except ClientError as error:
            if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404:
                return None
            raise StoreUnavailable from error
        except BotoCoreError as error:
            raise StoreUnavailable from error

    def listing(self):
        """Every object as (key, bytes, time of writing), in the order of the keys."""
        start = f"{self.location}/"
        try:
            for found in self.bucket.objects.filter(Prefix=start):
                yield found.key.removeprefix(start), found.size, found.last_modified
        except (ClientError, BotoCoreError) as error:
            raise StoreUnavailable from error

    def is_up(self):
        """Whether the store answers within a second; asked by the health page, which must not wait for it."""
        try:
            self._impatient_client.head_bucket(Bucket=self.bucket_name)
        except (ClientError, BotoCoreError):
            return False
        return True

    @cached_property
    def _impatient_client(self):
        config = CLIENT_CONFIG.merge(Config(connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 1}))
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint_url,
            region_name=self.region_name,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            config=config,
        )

    def _object(self, key):
        return self.bucket.Object(f"{self.location}/{key}")
