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
from django.db.models.functions import Now

from servicedesk.models import OutgoingMessage
from servicedesk.outgoing import deliver_message
from servicedesk.sweeping import hopeless_rows

log = logging.getLogger(__name__)

# A worker that got a hint has claimed a row by then.
PATIENCE = timedelta(seconds=1)
LOOK_EVERY, TRY_AGAIN_AFTER = 0.5, 15  # seconds
HANDS, AT_ONCE = 4, 8


class Standby:
    """Looks after the outbox until ``stop()``; the messages that it has begun are sent to their end."""

    def __init__(self):
        self._stopping = threading.Event()
        # {id: when this process took it up last}; a row that it could not claim is not taken up again at once.
        self._taken = {}

    def stop(self, *_):
        self._stopping.set()

    def run(self):
        pause = 0
        with ThreadPoolExecutor(HANDS) as hands:
            while not self._stopping.wait(pause):
                pause = LOOK_EVERY
                try:
                    left_over = self._left_over()
                    list(hands.map(_deliver, left_over))
                    if len(left_over) == AT_ONCE:
                        pause = 0  # There is more where these came from.
                except DatabaseError as error:
                    # Without the database there is nothing to send; it will be back.
                    log.warning("the outbox cannot be read: %s", type(error).__name__)
                    connection.close()

    def _left_over(self):
        now = time.monotonic()
        self._taken = {pk: at for pk, at in self._taken.items() if at > now - TRY_AGAIN_AFTER}
        rows = OutgoingMessage.objects.due().filter(next_at__lte=Now() - PATIENCE).exclude(pk__in=self._taken)
        rows = rows.exclude(hopeless_rows()).exclude(not_after__lte=Now()).order_by("kind", "next_at")
        chosen = list(rows.values_list("pk", flat=True)[:AT_ONCE])
        self._taken |= dict.fromkeys(chosen, now)
        return chosen


def _deliver(pk):
    try:
        deliver_message(pk)
    except DatabaseError as error:
        log.warning("message %s was left: %s", pk, type(error).__name__)
    finally:
        connection.close()  # Back to the pool; this thread may have nothing to do for days.
