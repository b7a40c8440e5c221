"""What all workers know together about a gateway: whether it is in trouble, and when it may be tried again.

A gateway that fails often gets no more messages for a while (its circuit is open); the next one serves. Who is in
trouble is tried with single messages until one succeeds. The rows lie in PostgreSQL, so neither a killed worker nor
an emptied Valkey forgets them; a gateway that works costs one update that finds nothing.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models.functions import Now

# This many failures within this time open the circuit.
MOST_FAILURES = 5
WITHIN = timedelta(seconds=30)
# Between two tries of a gateway in trouble. The sweep looks every 15 s, so it is 15 to 30 s in fact.
PROBE_PAUSE = timedelta(seconds=15)
# In trouble for longer than this, it was no mere hiccup.
OUTAGE = timedelta(seconds=30)


@dataclass(frozen=True)
class Recovery:
    """A gateway in trouble has worked. ``was_outage``: it was away, not merely stumbling."""

    was_outage: bool


class GatewayState(models.Model):
    name = models.CharField(max_length=100, primary_key=True)
    # The last failures since it worked, oldest first, at most five.
    failures = ArrayField(models.DateTimeField(), default=list)
    failing_since = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    probe_at = models.DateTimeField(null=True)

    def __str__(self):
        return self.name

    @classmethod
    def failed(cls, name, retry_after=None):
        """Notes one failure; the gateway's state after it. ``retry_after``: seconds that it asked us to wait."""
        with transaction.atomic():
            cls.objects.get_or_create(name=name)
            state = cls.objects.select_for_update().annotate(now=Now()).get(name=name)
            state.failures = [*state.failures, state.now][-MOST_FAILURES:]
            state.failing_since = state.failing_since or state.now
            if len(state.failures) == MOST_FAILURES and state.now - state.failures[0] <= WITHIN:
                state.opened_at = state.opened_at or state.now
            again = state.now + max(PROBE_PAUSE, timedelta(seconds=retry_after or 0))
            state.probe_at = max(again, state.probe_at or again)
            state.save()
        return state

    @classmethod
    def worked(cls, name):
        """Notes a success. A Recovery when the gateway was in trouble until now, else None."""
        if not cls.objects.filter(name=name, failing_since__isnull=False).exists():
            return None
        with transaction.atomic():
            state = cls.objects.select_for_update().annotate(now=Now()).get(name=name)
            if state.failing_since is None:
                return None
            was_outage = state.opened_at is not None or state.now - state.failing_since > OUTAGE
            state.failures, state.failing_since, state.opened_at, state.probe_at = [], None, None, None
            state.save()
        return Recovery(was_outage)

    @classmethod
    def open_among(cls, names):
        """Those of the gateways that get no messages now."""
        return set(cls.objects.filter(name__in=names, opened_at__isnull=False).values_list("name", flat=True))

    @classmethod
    def to_be_tried(cls, names):
        """Those of the gateways in trouble that may be tried now, as (name, whether its circuit is open)."""
        states = cls.objects.filter(name__in=names, failing_since__isnull=False, probe_at__lte=Now())
        return [(state.name, state.opened_at is not None) for state in states]

    @classmethod
    def take_probe(cls, name):
        """Whether the caller may try this gateway now; of many who ask at once one may."""
        may_try = cls.objects.filter(name=name, failing_since__isnull=False, probe_at__lte=Now())
        return bool(may_try.update(probe_at=Now() + PROBE_PAUSE))

    @property
    def has_failed_for_long(self):
        """After a failure: whether it is time that people heard of it."""
        return self.opened_at is not None or self.failures[-1] - self.failing_since > 4 * OUTAGE
