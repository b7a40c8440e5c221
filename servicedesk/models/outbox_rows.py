"""The rows of the outbox by what is to be done about them."""

from datetime import timedelta

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, Greatest, Now
from django.utils.translation import gettext_lazy as _

from servicedesk.models.absence import LongAbsence

MOST_ATTEMPTS = 12
# For so long a try that was made for the gateway's sake is not counted against its message; an outage of a night costs
# nothing, and what no gateway ever takes ends all the same.
SPARED = timedelta(days=1)
# For how long people are reminded of what did not arrive; after that its text is gone anyway.
REMINDED = timedelta(days=7)


class State(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    CLAIMED = "claimed", _("Being sent")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Refused")
    UNKNOWN = "unknown", _("Unknown")
    DEAD = "dead", _("Given up")
    EXPIRED = "expired", _("Expired")


# A gateway that has just recovered is not asked for a thousand SMS at once.
PULL = """
UPDATE servicedesk_outgoingmessage AS message
SET next_at = LEAST(next_at, statement_timestamp() + waiting.place * interval '1 second')
FROM (
    SELECT id, (row_number() OVER (ORDER BY kind, id) - 1) / %(a_second)s AS place
    FROM servicedesk_outgoingmessage
    WHERE channel = %(channel)s AND next_at > statement_timestamp() AND flagged_at IS NULL AND attempts <= %(attempts)s
        AND (state = 'queued' OR state = 'unknown' AND gateway = %(gateway)s)
) AS waiting
WHERE message.id = waiting.id AND message.state IN ('queued', 'unknown')
"""

# Nobody holds it any more, and nobody has written what became of it.
ORPHANED = Q(state=State.CLAIMED, lease_until__lte=Now())


class OutgoingMessageQuerySet(models.QuerySet):
    def due(self):
        """What a worker may claim now: waiting rows whose time has come, and rows whose holder died."""
        waiting = Q(state__in=[State.QUEUED, State.UNKNOWN], next_at__lte=Now())
        return self.filter(waiting | (ORPHANED & Q(attempts__lt=MOST_ATTEMPTS)), flagged_at=None)

    def used_up(self):
        """Rows whose holder died at their last try: perhaps it is the message that ends each worker."""
        return self.filter(ORPHANED, attempts__gte=MOST_ATTEMPTS)

    def lapsed(self):
        """Due messages that nobody wants any more, such as a code after its time."""
        return self.due().filter(not_after__lte=Now())

    def waiting(self):
        """Neither final nor in somebody's hands."""
        return self.filter(state__in=[State.QUEUED, State.UNKNOWN], flagged_at=None)

    def unanswered_by(self, gateway):
        """Of what this gateway was given, what only its own word can settle."""
        return self.waiting().filter(state=State.UNKNOWN, gateway=gateway)

    def ended(self):
        """What no worker takes up any more."""
        return self.filter(Q(final_at__isnull=False) | Q(flagged_at__isnull=False))

    def call_off(self):
        """Closes what was not sent yet."""
        return self.exclude(pk__in=self.ended()).update(
            state=State.EXPIRED, lease=None, lease_until=None, final_at=Now()
        )

    def send_instead_to(self, mobile):
        """What was not sent yet goes to this number of the same citizen."""
        return self.exclude(pk__in=self.ended()).filter(channel="sms").update(recipient=mobile)

    def undelivered(self):
        """What people should look at: given up, never heard of again, or a letter's message that was refused."""
        lost = Q(state=State.UNKNOWN, flagged_at__isnull=False)
        return self.filter(Q(state=State.DEAD) | lost | Q(state=State.FAILED, letter__isnull=False))

    def unattended(self):
        """Of the undelivered of late, what can be sent again and nobody has set aside."""
        recent = self.undelivered().filter(set_aside_at=None, created_at__gt=Now() - REMINDED)
        return recent.resendable()

    def resendable(self):
        """Without codes and links to a new password, whose owners ask anew, lost texts, what nobody wants any more, and
        those of letters that their citizen does not see."""
        hiding = LongAbsence.hiding(OuterRef("letter__citizen"), "letter__submitted_at")
        wanted = self.exclude(kind__in=["code", "link"]).exclude(text="").exclude(not_after__lte=Now())
        return wanted.filter(~Exists(hiding))

    def about_letters(self):
        """SMS to citizens about their letters."""
        return self.filter(channel="sms", letter__isnull=False)

    def let_one_through(self):
        """Makes one of these due at once and gives (pk, queue): codes first, else the one tried least. None: no such.

        The try is not counted for a day: it is the gateway that is being tried.
        """
        row = self.order_by("kind", "attempts", "next_at").first()
        if row is None:
            return None
        chosen = self.model.objects.waiting().filter(pk=row.pk)
        chosen.update(next_at=Now())
        since = Coalesce("resent_at", "created_at")
        chosen.alias(since=since).filter(since__gt=Now() - SPARED).update(attempts=Greatest(F("attempts") - 1, 0))
        return row.pk, row.queue
