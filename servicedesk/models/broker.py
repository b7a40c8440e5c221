"""The broker, as the models see it: somebody who carries a hint to the workers, or does not."""

import logging
import time

from celery import current_app
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

REST = 3  # seconds without a nudge after the broker failed


class _Broker:
    """Remembers for a few seconds that the broker is away, so that requests do not each wait for it."""

    resting_until = 0.0


def nudge(row_id, queue, *, task="servicedesk.deliver", **options):
    """Tells a worker that a row waits. Whether this arrives does not matter: a sweep looks anyway.

    ``task`` is another one for other rows than messages. ``options`` are Celery's, such as ``expires`` in seconds.
    """
    if time.monotonic() < _Broker.resting_until:
        return
    try:
        current_app.send_task(task, args=[row_id], queue=queue, retry=False, **options)
    except (OperationalError, OSError) as error:
        _Broker.resting_until = time.monotonic() + REST
        log.warning("broker is away, a sweep will find what waits: %s", type(error).__name__)
