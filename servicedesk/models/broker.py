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


def nudge(message_id, queue, **options):
    """Tells a worker that a message waits. Whether this arrives does not matter: the sweep looks anyway.

    ``options`` are Celery's, such as ``expires`` in seconds.
    """
    if time.monotonic() < _Broker.resting_until:
        return
    try:
        current_app.send_task("servicedesk.deliver", args=[message_id], queue=queue, retry=False, **options)
    except (OperationalError, OSError) as error:
        _Broker.resting_until = time.monotonic() + REST
        log.warning("broker is away, the sweep will deliver: %s", type(error).__name__)
