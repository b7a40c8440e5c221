"""The outbox: every SMS that we owe somebody is a row, and the row is the queue.

A request writes the row in the transaction that creates the debt; workers claim it with a lease, talk to a
gateway while holding no lock, and write the result only if the claim is still theirs. Celery is merely
nudged: what a nudge loses, the sweep finds.
"""

import logging
import random
import time
import uuid
from datetime import timedelta
from functools import partial

from celery import current_app
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=45)
MOST_ATTEMPTS = 12
BROKER_REST = 3  # seconds without a nudge after the broker failed
FIRST_PAUSE, LONGEST_PAUSE = 30, 1800  # seconds


class OutgoingMessageQuerySet(models.QuerySet):
    def due(self):
        """What a worker may claim now: waiting rows whose time has come, and rows whose holder died."""
        waiting = Q(state__in=[State.QUEUED, State.UNKNOWN], next_at__lte=Now())
        orphaned = Q(state=State.CLAIMED, lease_until__lte=Now())
        return self.filter(waiting | orphaned, flagged_at=None)

    def lapsed(self):
        """Due messages that nobody wants any more, such as a code after its time."""
        return self.due().filter(not_after__lte=Now())

    def ended(self):
        """What no worker takes up any more."""
        return self.filter(Q(final_at__isnull=False) | Q(flagged_at__isnull=False))

    def call_off(self):
        """Closes what was not sent yet."""
        return self.exclude(pk__in=self.ended()).update(
            state=State.EXPIRED, lease=None, lease_until=None, final_at=Now()
        )

    def undelivered(self):
        """What people should look at: given up, or never heard of again."""
        return self.filter(Q(state=State.DEAD) | Q(state=State.UNKNOWN, flagged_at__isnull=False))


class State(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    CLAIMED = "claimed", _("Being sent")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Refused")
    UNKNOWN = "unknown", _("Unknown")
    DEAD = "dead", _("Given up")
    EXPIRED = "expired", _("Expired")


class OutgoingMessage(models.Model):
    class Kind(models.TextChoices):
        CODE = "code", _("Code")
        MESSAGE = "message", _("Message")

    # The number that gateways get as our id; Kavenegar's localid must be a whole number.
    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=8, choices=Kind)
    channel = models.CharField(max_length=8, default="sms")
    recipient = models.CharField(max_length=16)
    # For a code the text holds CODE_PLACE where the code goes: the code itself is never at rest.
    text = models.TextField()
    language = models.CharField(max_length=8)
    dedupe_key = models.CharField(max_length=100, unique=True)
    letter = models.ForeignKey("servicedesk.Letter", null=True, on_delete=models.SET_NULL, related_name="messages")
    sms_code = models.ForeignKey("servicedesk.SmsCode", null=True, on_delete=models.SET_NULL, related_name="messages")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    not_after = models.DateTimeField(null=True)
    gateway = models.CharField(max_length=100, blank=True)
    gateway_id = models.CharField(max_length=100, blank=True)
    last_error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    final_at = models.DateTimeField(null=True)
    flagged_at = models.DateTimeField(null=True)

    objects = OutgoingMessageQuerySet.as_manager()

    CODE_PLACE = "{code}"

    class Meta:
        indexes = [
            models.Index(
                fields=["next_at"],
                name="outbox_open",
                condition=Q(state__in=["queued", "claimed", "unknown"]),
            ),
            models.Index(fields=["gateway_id"], name="outbox_gateway_id"),
        ]

    def __str__(self):
        return f"{self.kind} {self.pk} {self.state}"

    @classmethod
    def owe(cls, *, kind, recipient, text, dedupe_key, **more):
        """Writes down an SMS that is owed and nudges a worker after the commit.

        ``more``: letter, sms_code, language, not_after. A repeated ``dedupe_key`` owes nothing new.
        """
        message, created = cls.objects.get_or_create(
            dedupe_key=dedupe_key, defaults={"kind": kind, "recipient": recipient, "text": text, **more}
        )
        if created:
            transaction.on_commit(partial(nudge, message.pk, message.queue))
        return message

    @property
    def queue(self):
        return "codes" if self.kind == self.Kind.CODE else "messages"

    @classmethod
    def claim(cls, pk):
        """The message, leased to the caller for 45 s, or None when somebody else has it or it is done.

        ``may_be_out_already`` on the result tells that an earlier try ended without an answer.
        """
        lease = uuid.uuid4()
        open_row = cls.objects.due().filter(pk=pk).exclude(not_after__lte=Now())
        before = open_row.values_list("state", flat=True).first()
        taken = open_row.filter(state=before).update(
            state=State.CLAIMED, lease=lease, lease_until=Now() + LEASE, attempts=F("attempts") + 1
        )
        if not taken:
            return None
        message = cls.objects.get(pk=pk)
        message.may_be_out_already = before in (State.CLAIMED, State.UNKNOWN)
        return message

    may_be_out_already = False

    def _write_if_ours(self, **values):
        """The one way a result reaches the row: only while the caller's claim is the last one."""
        ours = type(self).objects.filter(pk=self.pk, state=State.CLAIMED, lease=self.lease)
        return bool(ours.update(lease=None, lease_until=None, **values))

    def record_trying(self, gateway):
        """Notes which gateway is about to get it, so that a later worker knows whom to ask."""
        ours = type(self).objects.filter(pk=self.pk, state=State.CLAIMED, lease=self.lease)
        return bool(ours.update(gateway=gateway))

    def record_lost(self, gateway):
        """Nobody can tell whether it went out: flagged for people, never sent again by itself."""
        return self._write_if_ours(state=State.UNKNOWN, gateway=gateway, last_error="cannot_be_asked", flagged_at=Now())

    def record_sent(self, gateway, gateway_id, state=State.SENT):
        """The gateway has it. What waits for this gateway after a failure need wait no longer."""
        written = self._write_if_ours(
            state=state, gateway=gateway, gateway_id=gateway_id or "", last_error="", final_at=Now()
        )
        waiting = type(self).objects.filter(state__in=[State.QUEUED, State.UNKNOWN], gateway=gateway, flagged_at=None)
        waiting.filter(next_at__gt=Now()).update(next_at=Now())
        return written

    def record_refused(self, gateway, reason):
        """The message itself is at fault; no other try will help."""
        return self._write_if_ours(state=State.FAILED, gateway=gateway, last_error=reason[:200], final_at=Now())

    def record_failure(self, gateway, reason, *, answer_lost=False, retry_after=None):
        """A passing failure: try again later, or give up after the last attempt.

        ``answer_lost`` marks that the gateway may have taken it: the next try asks before it sends.
        """
        if self.attempts >= MOST_ATTEMPTS:
            if answer_lost:
                return self._write_if_ours(
                    state=State.UNKNOWN, gateway=gateway, last_error=reason[:200], flagged_at=Now()
                )
            return self._write_if_ours(state=State.DEAD, gateway=gateway, last_error=reason[:200], final_at=Now())
        return self._write_if_ours(
            state=State.UNKNOWN if answer_lost else State.QUEUED,
            gateway=gateway,
            last_error=reason[:200],
            next_at=Now() + timedelta(seconds=self._pause(retry_after)),
        )

    def _pause(self, retry_after):
        """Seconds to the next try: min(30·2ⁿ, 1800) ± 20 %, shorter for codes, at least what was asked for."""
        if self.kind == self.Kind.CODE:
            return 5
        pause = min(FIRST_PAUSE * 2 ** (self.attempts - 1), LONGEST_PAUSE)
        return max(pause * random.uniform(0.8, 1.2), min(retry_after or 0, LONGEST_PAUSE))

    @classmethod
    def expire_lapsed(cls):
        """Closes messages that came too late, such as codes whose 120 s are over."""
        return cls.objects.lapsed().update(state=State.EXPIRED, lease=None, lease_until=None, final_at=Now())

    @classmethod
    def receipt(cls, message, state):
        """A gateway's later word on a message (its pk). The state only moves forward: sent → delivered or failed."""
        movable = cls.objects.filter(pk=message, attempts__gt=0).exclude(state__in=[State.DELIVERED, State.FAILED])
        if state == "delivered":
            return movable.update(state=State.DELIVERED, lease=None, flagged_at=None, final_at=Now())
        if state == "failed":
            return movable.update(state=State.FAILED, lease=None, last_error="reported_failed", final_at=Now())
        unsure = movable.filter(state__in=[State.UNKNOWN, State.CLAIMED, State.QUEUED])
        return unsure.update(state=State.SENT, lease=None, flagged_at=None, final_at=Now())


class _Broker:
    """Remembers for a few seconds that the broker is away, so that requests do not each wait for it."""

    resting_until = 0.0


def nudge(message_id, queue, **options):
    """Tells a worker that a message waits. Whether this arrives does not matter: the sweep looks anyway.

    ``options`` are Celery's, such as ``expires`` in seconds.
    """
    if time.monotonic() < _Broker.resting_until:
        return
    try:
        current_app.send_task("servicedesk.deliver", args=[message_id], queue=queue, retry=False, **options)
    except (OperationalError, OSError) as error:
        _Broker.resting_until = time.monotonic() + BROKER_REST
        log.warning("broker is away, the sweep will deliver: %s", type(error).__name__)
