"""A Redis cache that is empty, not broken, while Valkey is away, and where what lies in it cannot be read."""

import logging
import time

from django.core.cache.backends.redis import RedisCache, RedisCacheClient, RedisSerializer
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

REST_SECONDS = 5.0


class Unreadable(Exception):
    """What lies there was written by another release, or is damaged."""


class CarefulSerializer(RedisSerializer):
    def loads(self, data):
        """Raises Unreadable, whatever stands in the way: a class that has moved, half a value, anybody's bytes."""
        try:
            return super().loads(data)
        except Exception as error:
            raise Unreadable(type(error).__name__) from error


class ForgivingClient(RedisCacheClient):
    """Answers each call with a miss for a while after Valkey failed, so that pages stay fast. What cannot be read is a
    miss too: whoever asked makes it anew and writes it over.

    Without the rest a hung Valkey would cost each of a page's many look-ups its whole time limit.
    """

    _resting_until = 0.0

    def __init__(self, servers, serializer=None, **options):
        super().__init__(servers, serializer or CarefulSerializer(), **options)

    def _forgive(self, call, default):
        if time.monotonic() < ForgivingClient._resting_until:
            return default
        try:
            return call()
        except RedisError as error:
            ForgivingClient._resting_until = time.monotonic() + REST_SECONDS
            log.warning("cache is away: %s", type(error).__name__)
            return default
        except Unreadable as error:
            log.warning("cache holds what cannot be read: %s", error)
            return default

    def add(self, *args, **kwargs):
        return self._forgive(lambda: super(ForgivingClient, self).add(*args, **kwargs), True)

    def get(self, key, default):
        return self._forgive(lambda: super(ForgivingClient, self).get(key, default), default)

    def set(self, *args, **kwargs):
        return self._forgive(lambda: super(ForgivingClient, self).set(*args, **kwargs), None)

    def touch(self, *args, **kwargs):
        return self._forgive(lambda: super(ForgivingClient, self).touch(*args, **kwargs), False)

    def delete(self, *args, **kwargs):
        return self._forgive(lambda: super(ForgivingClient, self).delete(*args, **kwargs), False)

    def get_many(self, keys):
        return self._forgive(lambda: super(ForgivingClient, self).get_many(keys), {})

    def has_key(self, key):
        return self._forgive(lambda: super(ForgivingClient, self).has_key(key), False)

    def incr(self, key, delta):
        return self._forgive(lambda: super(ForgivingClient, self).incr(key, delta), delta)

    def set_many(self, *args, **kwargs):
        return self._forgive(lambda: super(ForgivingClient, self).set_many(*args, **kwargs), None)

    def delete_many(self, keys):
        return self._forgive(lambda: super(ForgivingClient, self).delete_many(keys), None)

    def clear(self):
        return self._forgive(lambda: super(ForgivingClient, self).clear(), False)


class ForgivingRedisCache(RedisCache):
    def __init__(self, server, params):
        super().__init__(server, params)
        self._class = ForgivingClient
