"""A Redis cache that is empty, not broken, while Valkey is away."""

import logging
import time

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

REST_SECONDS = 5.0


class ForgivingClient(RedisCacheClient):
    """Answers each call with a miss for a while after Valkey failed, so that pages stay fast.

    Without the rest a hung Valkey would cost each of a page's many look-ups its whole time limit.
    """

    _resting_until = 0.0

    def _forgive(self, call, default):
        if time.monotonic() < ForgivingClient._resting_until:
            return default
        try:
            return call()
        except RedisError as error:
            ForgivingClient._resting_until = time.monotonic() + REST_SECONDS
            log.warning("cache is away: %s", type(error).__name__)
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
