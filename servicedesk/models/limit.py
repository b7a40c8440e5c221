"""How often something may happen: one table of named limits, counted in PostgreSQL.

Counting happens in the transaction that does the limited thing, so flushing Valkey resets nothing and a
rolled-back send is not counted. Keys (numbers, addresses) are kept as keyed hashes only.
"""

import math
from datetime import timedelta
from hashlib import sha256

from django.db import connection, models
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

MINUTE, HOUR, DAY = 60, 3600, 86400

# name → (how many, in how many seconds), …
LIMITS = {
    "send-code-to-number": ((1, MINUTE), (5, HOUR), (10, DAY)),
    "send-code-from-address": ((20, HOUR),),
    "send-code-from-network": ((100, HOUR),),
    "track-from-address": ((10, 10 * MINUTE),),
    "track-number": ((10, HOUR),),
    "upload-by-citizen": ((300, HOUR),),
    "letters-by-citizen": ((60, HOUR), (200, DAY)),
    "my-data-by-citizen": ((3, HOUR), (10, DAY)),
    "removal-requests-by-citizen": ((3, HOUR), (5, DAY)),
    "security-picture-from-address": ((120, 10 * MINUTE),),
}
LONGEST = max(seconds for rules in LIMITS.values() for _, seconds in rules)


class LimitReached(Exception):
    """A named limit is used up. ``retry_after`` is the whole seconds until one more is allowed."""

    def __init__(self, name, retry_after):
        super().__init__(name)
        self.name, self.retry_after = name, max(1, math.ceil(retry_after))


class LimitHit(models.Model):
    """One counted use of a limit."""

    name = models.CharField(max_length=40)
    key = models.CharField(max_length=64)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["name", "key", "at"]), models.Index(fields=["at"])]

    def __str__(self):
        return f"{self.name} {self.at}"

    @classmethod
    def take(cls, name, subject, share=1):
        """Counts one use of limit ``name`` by ``subject`` (any text), or raises LimitReached.

        Must run inside a transaction; parallel takes of one key wait for each other. ``share`` divides the
        allowance: 3 leaves a third of it, at least one.
        """
        key = salted_hmac("limit", f"{name}:{subject}", algorithm="sha256").hexdigest()
        with connection.cursor() as cursor:
            lock = int.from_bytes(sha256(f"{name}:{key}".encode()).digest()[:8], signed=True)
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
        waits = [cls._wait(name, key, max(1, allowed // share), seconds) for allowed, seconds in LIMITS[name]]
        if any(waits):
            raise LimitReached(name, max(waits))
        cls.objects.create(name=name, key=key)

    @classmethod
    def _wait(cls, name, key, allowed, seconds):
        """Seconds until fewer than ``allowed`` uses lie in the last ``seconds``; 0 when that is so now."""
        recent = cls.objects.filter(name=name, key=key, at__gt=Now() - timedelta(seconds=seconds)).order_by("-at")
        age = models.ExpressionWrapper(Now() - models.F("at"), output_field=models.DurationField())
        last_that_counts = recent.annotate(age=age)[allowed - 1 : allowed].first()
        return seconds - last_that_counts.age.total_seconds() if last_that_counts else 0

    @classmethod
    def purge(cls):
        """Removes what no limit counts any more."""
        return cls.objects.filter(at__lt=Now() - timedelta(seconds=LONGEST)).delete()[0]
