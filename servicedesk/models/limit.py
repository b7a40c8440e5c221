"""How often something may happen: one table of named limits, counted in PostgreSQL.

Counting happens in the transaction that does the limited thing, so flushing Valkey resets nothing and a
rolled-back send is not counted. Keys (numbers, addresses) are kept as keyed hashes only.
"""

import logging
import math
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256

from django.db import InternalError, OperationalError, connection, models, transaction
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

log = logging.getLogger(__name__)

MINUTE, HOUR, DAY = 60, 3600, 86400
# How long one waits for a count, far longer than a count takes: a reader then goes on, a sender sends nothing.
READERS_PATIENCE, SENDERS_PATIENCE = "1s", "4s"
UNCOUNTED = "uncounted"

# name → (how many, in how many seconds), …
LIMITS = {
    # Codes by SMS. The whole desk's budget is what the organisation sets in the admin; here is how it begins.
    "sms-budget": ((60, MINUTE), (5000, DAY)),
    "send-code-to-number": ((1, MINUTE), (5, HOUR), (10, DAY)),
    "send-code-to-number-from-address": ((20, HOUR),),
    "send-code-from-address": ((20, HOUR),),
    "send-code-from-network": ((100, HOUR),),
    "send-code-known-browser": ((1, MINUTE), (5, HOUR), (10, DAY)),
    # Only the number's owner can use it up: nobody else makes a browser known.
    "send-code-known-browsers-of-number": ((2, MINUTE), (8, HOUR), (15, DAY)),
    "send-code-known-from-address": ((60, HOUR),),
    "send-code-known-from-network": ((300, HOUR),),
    "send-code-to-owner": ((1, HOUR), (3, DAY)),
    "send-code-to-owner-from-address": ((1, HOUR),),
    "ask-for-code-from-address": ((120, HOUR),),
    "ask-for-code-from-network": ((600, HOUR),),
    "ask-for-code-known-browser": ((30, HOUR),),
    "ask-for-code-known-browsers-of-number": ((60, HOUR),),
    "security-picture-from-address": ((120, 10 * MINUTE),),
    "picture-known-browser": ((120, 10 * MINUTE),),
    "picture-known-browsers-of-number": ((240, 10 * MINUTE),),
    # Wrong passwords of staff; a right one is given back.
    "password-from-address": ((30, 10 * MINUTE), (60, HOUR)),
    "password-of-user-from-address": ((6, 5 * MINUTE), (20, HOUR)),
    "password-of-user": ((40, HOUR),),
    "password-of-user-from-fresh-network": ((1, HOUR),),
    "password-in-known-browser": ((10, 10 * MINUTE), (30, HOUR)),
    "password-reset-from-address": ((10, HOUR),),
    "password-reset-to-mailbox": ((3, HOUR), (6, DAY)),
    # Of pages that editors have closed with a password; a right one is given back here, too.
    "page-password-from-address": ((20, 10 * MINUTE), (60, HOUR)),
    # Looking.
    "track-from-address": ((10, 10 * MINUTE),),
    "track-number": ((10, HOUR),),
    "search-by-citizen": ((60, 10 * MINUTE),),
    # Each name typed, since the answer tells whether somebody has it.
    "add-member-by-head": ((30, 10 * MINUTE), (100, HOUR)),
    "export-by-staff": ((20, HOUR), (60, DAY)),
    # Sending in.
    "upload-by-citizen": ((300, HOUR),),
    "letters-by-citizen": ((60, HOUR), (200, DAY)),
    "draft-from-address": ((20, HOUR),),
    # One's account.
    "older-letters-by-citizen": ((5, HOUR), (10, DAY)),
    "change-number-by-citizen": ((3, HOUR), (5, DAY)),
    "my-data-by-citizen": ((3, HOUR), (10, DAY)),
    "removal-requests-by-citizen": ((3, HOUR), (5, DAY)),
}
LONGEST = max(seconds for rules in LIMITS.values() for _, seconds in rules)


class LimitReached(Exception):
    """A named limit is used up. ``retry_after`` is the whole seconds until one more is allowed."""

    def __init__(self, name, retry_after):
        super().__init__(name)
        self.name, self.retry_after = name, max(1, math.ceil(retry_after))


def _wait_at_most(time):
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout TO {time if time == 'DEFAULT' else repr(time)}")


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
    def take(cls, name, subject, share=1, rules=None):
        """Counts one use of limit ``name`` by ``subject`` (any text) and gives it, or raises LimitReached.

        Must run inside a transaction; parallel takes of one key wait for each other. ``share`` divides the
        allowance: 3 leaves a third of it, at least one. ``rules`` stand in for those of LIMITS.
        """
        key = cls.require_room(name, subject, share, rules)
        return cls.objects.create(name=name, key=key)

    @classmethod
    def require_room(cls, name, subject, share=1, rules=None):
        """As ``take``, but counts nothing; gives the key under which a use would be kept."""
        key = cls.lock(name, subject)
        waits = [cls._wait(name, key, max(1, allowed // share), seconds) for allowed, seconds in rules or LIMITS[name]]
        if any(waits):
            raise LimitReached(name, max(waits))
        return key

    @classmethod
    def lock(cls, name, subject):
        """Makes other takes of this limit by this subject wait for the end of the transaction; gives the key."""
        key = cls.key_of(name, subject)
        with connection.cursor() as cursor:
            lock = int.from_bytes(sha256(f"{name}:{key}".encode()).digest()[:8], signed=True)
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
        return key

    @classmethod
    def take_for_reading(cls, *uses):
        """Counts each (name, subject) of ``uses``, or raises LimitReached; for what only shows something.

        Where the count cannot be made (another holds the lock for a second, the database takes no writes) the
        reader goes on uncounted.
        """
        try:
            with transaction.atomic():
                _wait_at_most(READERS_PATIENCE)
                for name, subject in uses:
                    cls.take(name, subject)
                _wait_at_most("DEFAULT")
        except (OperationalError, InternalError) as error:
            log.warning("a reader goes on uncounted: %s", type(error.__cause__ or error).__name__)

    @classmethod
    @contextmanager
    def counted_or_refused(cls):
        """For what must not happen uncounted: a transaction in which a count that cannot be made is a limit reached."""
        try:
            with transaction.atomic():
                _wait_at_most(SENDERS_PATIENCE)
                yield
        except (OperationalError, InternalError) as error:
            log.error("refused, since it could not be counted: %s", type(error.__cause__ or error).__name__)
            raise LimitReached(UNCOUNTED, MINUTE) from error

    @classmethod
    def count(cls, name, subject, seconds):
        """How often limit ``name`` was used by ``subject`` in the last ``seconds``."""
        recent = cls.objects.filter(name=name, key=cls.key_of(name, subject))
        return recent.filter(at__gt=Now() - timedelta(seconds=seconds)).count()

    @staticmethod
    def key_of(name, subject):
        return salted_hmac("limit", f"{name}:{subject}", algorithm="sha256").hexdigest()

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
