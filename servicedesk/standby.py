"""Hands for the outbox that need no broker: what no worker has taken up in time is sent from here.

The rows of the outbox are the queue, and Celery carries hints. While Valkey is away nobody gets a hint, and nobody
could sign in: a code is worth nothing after two minutes. So one small process looks at the rows themselves. The claim
of a row sees to it that of a worker and this process one sends it.
"""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import DatabaseError, connection
from django.db.models import Q
from django.db.models.functions import Now

from servicedesk.models import OutgoingMessage
from servicedesk.models.outbox import Channel
from servicedesk.outgoing import deliver_message
from servicedesk.sweeping import hopeless_rows

log = logging.getLogger(__name__)

# A worker that got a hint has claimed a row by then.
PATIENCE = timedelta(seconds=1)
LOOK_EVERY, TRY_AGAIN_AFTER = 0.5, 15  # seconds
# Looked after apart, so that whoever hangs over some holds up no others: codes, other SMS, e-mails.
IS_CODE = Q(kind=OutgoingMessage.Kind.CODE)
WATCHED = (IS_CODE, Q(channel=Channel.SMS) & ~IS_CODE, Q(channel=Channel.EMAIL))
# For each of these; all hands together hold fewer connections than DATABASE_POOL_SIZE.
HANDS, AT_ONCE = 2, 4


class Standby:
    """Looks after the outbox until ``stop()``; the messages that it has begun are sent to their end.

    A round ends with its slowest message, so each of WATCHED has rounds of its own.
    """

    def __init__(self):
        self._stopping = threading.Event()

    def stop(self, *_):
        self._stopping.set()

    def run(self):
        with ThreadPoolExecutor(len(WATCHED)) as watches:
            list(watches.map(self._look_after, WATCHED))

    def _look_after(self, condition):
        left_over, pause = _LeftOver(condition), 0
        try:
            with ThreadPoolExecutor(HANDS) as hands:
                while not self._stopping.wait(pause):
                    chosen = left_over.take()
                    list(hands.map(_deliver, chosen))
                    # As many as were asked for: there are more where these came from.
                    pause = 0 if len(chosen) == AT_ONCE else LOOK_EVERY
        finally:
            self._stopping.set()  # One watch alone is not what whoever starts us again believes to have.


class _LeftOver:
    """The messages under one condition (a Q) that no worker has taken up, a few at a time."""

    def __init__(self, condition):
        self._condition = condition
        # {id: when it was taken up from here last}; a row that could not be claimed is not taken up again at once.
        self._taken = {}

    def take(self):
        """Ids, the longest due first; none while the database is away."""
        now = time.monotonic()
        self._taken = {pk: at for pk, at in self._taken.items() if at > now - TRY_AGAIN_AFTER}
        rows = OutgoingMessage.objects.due().filter(self._condition, next_at__lte=Now() - PATIENCE)
        rows = rows.exclude(pk__in=self._taken).exclude(not_after__lte=Now())
        try:
            chosen = list(rows.exclude(hopeless_rows()).order_by("next_at").values_list("pk", flat=True)[:AT_ONCE])
        except DatabaseError as error:
            log.warning("the outbox cannot be read: %s", type(error).__name__)
            chosen = []
        finally:
            connection.close()  # Back to the pool, and a broken one out of it.
        self._taken |= dict.fromkeys(chosen, now)
        return chosen


def _deliver(pk):
    try:
        deliver_message(pk)
    except DatabaseError as error:
        log.warning("message %s was left: %s", pk, type(error).__name__)
    finally:
        connection.close()  # Back to the pool; this thread may have nothing to do for days.
