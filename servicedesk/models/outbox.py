"""The outbox: every SMS and e-mail that we owe somebody is a row, and the row is the queue.

A request writes the row in the transaction that creates the debt; workers claim it with a lease, talk to a
gateway while holding no lock, and write the result only if the claim is still theirs. Celery is merely
nudged: what a nudge loses, the sweep finds.
"""

import random
import uuid
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Least, Now
from django.utils.translation import gettext_lazy as _

from servicedesk.models.broker import nudge
from servicedesk.models.outbox_rows import MOST_ATTEMPTS, PULL, OutgoingMessageQuerySet, State

# How long a claim holds: longer than one try takes. A code whose worker was killed cannot wait so long.
LEASE, LEASE_OF_CODE = timedelta(seconds=45), timedelta(seconds=15)
FIRST_PAUSE, LONGEST_PAUSE = 30, 1800  # seconds
# After a hiccup of a gateway only messages tried at most so often are hurried; after an outage all of them.
HURRIED_ATTEMPTS = 4
# How fast what waited is let go after an outage.
A_SECOND = 20
# How long after it was sent a message is asked about, and the bounds of the growing pause between two questions.
FIRST_QUESTION = timedelta(seconds=60)
LONGEST_SILENCE = timedelta(hours=6)


class Channel(models.TextChoices):
    SMS = "sms", _("SMS")
    EMAIL = "email", _("e-mail")


class OutgoingMessage(models.Model):
    class Kind(models.TextChoices):
        CODE = "code", _("Code")
        LINK = "link", _("Link to a new password")
        MESSAGE = "message", _("Message")

    # The number that gateways get as our id; Kavenegar's localid must be a whole number.
    id = models.BigAutoField(primary_key=True)
    # In place of ``id`` since a gateway reported that id as failed: it would take a repeated one for the same SMS.
    later_id = models.BigIntegerField(null=True, unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.SMS)
    recipient = models.CharField(max_length=254)
    # The text holds CODE_PLACE or LINK_PLACE where a code or a link to a new password goes: these are never at rest.
    # The first line of an e-mail's text is its subject.
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
    gateway_id = models.CharField(max_length=200, blank=True)
    last_error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    # When the gateway is to be asked whether it arrived; None: not at all.
    ask_at = models.DateTimeField(null=True)
    final_at = models.DateTimeField(null=True)
    flagged_at = models.DateTimeField(null=True)
    resent_at = models.DateTimeField(null=True)
    resent_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    set_aside_at = models.DateTimeField(null=True)

    objects = OutgoingMessageQuerySet.as_manager()

    CODE_PLACE, LINK_PLACE = "{code}", "{link}"

    class Meta:
        indexes = [
            models.Index(
                fields=["next_at"],
                name="outbox_open",
                condition=Q(state__in=["queued", "claimed", "unknown"]),
            ),
            models.Index(fields=["gateway_id"], name="outbox_gateway_id"),
            models.Index(fields=["created_at"], name="outbox_created"),
            models.Index(fields=["ask_at"], name="outbox_ask", condition=Q(ask_at__isnull=False)),
            models.Index(
                fields=["created_at"], name="outbox_failed", condition=Q(state__in=["dead", "unknown", "failed"])
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.pk} {self.state}"

    @classmethod
    def owe(cls, *, kind, recipient, text, dedupe_key, **more):
        """Writes down a message that is owed and nudges a worker after the commit.

        ``more``: channel, letter, sms_code, language, not_after. A repeated ``dedupe_key`` owes nothing new.
        """
        message, created = cls.objects.get_or_create(
            dedupe_key=dedupe_key, defaults={"kind": kind, "recipient": recipient, "text": text, **more}
        )
        if created:
            transaction.on_commit(partial(nudge, message.pk, message.queue))
        return message

    @property
    def queue(self):
        if self.channel == Channel.EMAIL:
            # Not among the SMS: a mail server that hangs would hold every hand of their worker, measured for 9 s.
            return "files"
        return "codes" if self.kind == self.Kind.CODE else "messages"

    @property
    def lease_life(self):
        """For how long a claim of it holds (timedelta)."""
        return LEASE_OF_CODE if self.kind == self.Kind.CODE else LEASE

    @property
    def id_for_gateways(self):
        return self.later_id or self.pk

    # --- One attempt ----------------------------------------------------------------------------------

    @classmethod
    def claim(cls, pk):
        """The message, leased to the caller for ``lease_life``, or None when somebody else has it or it is done.

        ``may_be_out_already`` on the result tells that an earlier try ended without an answer.
        """
        lease = uuid.uuid4()
        open_row = cls.objects.due().filter(pk=pk).exclude(not_after__lte=Now())
        before = open_row.only("state", "kind").first()
        if before is None:
            return None
        taken = open_row.filter(state=before.state).update(
            state=State.CLAIMED, lease=lease, lease_until=Now() + before.lease_life, attempts=F("attempts") + 1
        )
        if not taken:
            return None
        message = cls.objects.get(pk=pk)
        message.may_be_out_already = before.state in (State.CLAIMED, State.UNKNOWN)
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

    def record_sent(self, gateway, gateway_id, state=State.SENT, *, can_be_asked=False):
        """The gateway has it. ``can_be_asked``: it is asked later whether the message arrived."""
        arrived = state == State.DELIVERED
        return self._write_if_ours(
            state=state,
            gateway=gateway,
            gateway_id=gateway_id or "",
            last_error="",
            sent_at=Now(),
            delivered_at=Now() if arrived else None,
            ask_at=Now() + FIRST_QUESTION if can_be_asked and gateway_id and not arrived else None,
            final_at=Now(),
        )

    def record_unwanted(self):
        """There is nobody to get it: closed unsent, and nothing of it is kept."""
        return self._write_if_ours(state=State.EXPIRED, text="", recipient="", final_at=Now())

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

    # --- Many rows at once ------------------------------------------------------------------------------

    @classmethod
    def expire_lapsed(cls):
        """Closes messages that came too late, such as codes whose 120 s are over."""
        return cls.objects.lapsed().update(state=State.EXPIRED, lease=None, lease_until=None, final_at=Now())

    @classmethod
    def give_up_used_up(cls):
        """Flags for people what ended its worker at every try: nobody can tell whether it went out."""
        values = {"state": State.UNKNOWN, "last_error": "cut_off", "flagged_at": Now()}
        return cls.objects.used_up().update(lease=None, lease_until=None, **values)

    @classmethod
    def pull_forward(cls, channel, gateway, *, all_of_them):
        """A gateway works again: what waits for it need wait no longer. Codes first, then 20 a second.

        What another gateway has perhaps taken already waits for that one's word.
        """
        attempts = MOST_ATTEMPTS if all_of_them else HURRIED_ATTEMPTS
        given = {"channel": channel, "gateway": gateway, "attempts": attempts, "a_second": A_SECOND}
        with connection.cursor() as cursor:
            cursor.execute(PULL, given)
            return cursor.rowcount

    @classmethod
    def resend(cls, pks, by):
        """People want these undelivered messages sent again; the number of those that can be. Never a code or link."""
        with transaction.atomic():
            rows = cls.objects.undelivered().resendable().filter(pk__in=pks)
            rows = list(rows.select_related("letter__citizen").select_for_update(of=("self",)))
            for row in rows:
                if row.state == State.FAILED:
                    row.later_id = _fresh_id()
                if row.letter and row.letter.citizen and row.channel == Channel.SMS:
                    # He may have another number by now.
                    row.recipient = row.letter.citizen.mobile
                row.state, row.attempts, row.last_error, row.gateway_id = State.QUEUED, 0, "", ""
                row.flagged_at = row.final_at = row.sent_at = row.delivered_at = row.ask_at = row.set_aside_at = None
                row.next_at, row.resent_at, row.resent_by = Now(), Now(), by
                row.save()
                transaction.on_commit(partial(nudge, row.pk, row.queue))
        return len(rows)

    @classmethod
    def set_aside(cls, pks):
        """People have taken care of these undelivered messages otherwise; the number of them."""
        return cls.objects.undelivered().filter(pk__in=pks, set_aside_at=None).update(set_aside_at=Now())

    # --- A gateway's later word -----------------------------------------------------------------------

    @classmethod
    def receipt(cls, message, state, reason=""):
        """A gateway's later word on a message (its pk). The state only moves forward: sent → delivered or failed."""
        movable = cls.objects.filter(pk=message, attempts__gt=0).exclude(state__in=[State.DELIVERED, State.FAILED])
        over = {"lease": None, "flagged_at": None, "ask_at": None, "final_at": Now()}
        sent_at = Coalesce("sent_at", Now())
        if state == State.DELIVERED:
            return movable.update(state=State.DELIVERED, delivered_at=Now(), sent_at=sent_at, last_error="", **over)
        if state == State.FAILED:
            return movable.update(state=State.FAILED, last_error=reason or "reported_failed", **over)
        unsure = movable.filter(state__in=[State.UNKNOWN, State.CLAIMED, State.QUEUED])
        return unsure.update(state=State.SENT, sent_at=sent_at, last_error="", **over)

    @classmethod
    def asked(cls, pks, window):
        """These were asked about just now: once more after half of their age, until ``window`` (timedelta) is over."""
        asked = cls.objects.filter(pk__in=pks, state=State.SENT)
        asked.filter(sent_at__lt=Now() - window).update(ask_at=None)
        pause = (Now() - F("sent_at")) / 2
        asked.exclude(ask_at=None).update(ask_at=Now() + Least(pause, LONGEST_SILENCE))


def _fresh_id():
    """A number that no message has or will have as its id."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('servicedesk_outgoingmessage', 'id'))")
        return cursor.fetchone()[0]
