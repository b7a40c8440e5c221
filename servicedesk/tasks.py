"""Shells of a few lines around what the models and the gateways can do. Tasks carry ids, never people."""

from celery import shared_task

from servicedesk.models import OutgoingMessage
from servicedesk.models.outbox import nudge
from servicedesk.outgoing import deliver_message
from servicedesk.purging import keep_no_longer_than_promised, purge_all

# How often config/celery.py calls the sweep, and how many messages one sweep takes up.
SWEEP_SECONDS = 15
MOST_AT_ONCE = 500


@shared_task(name="servicedesk.deliver")
def deliver(message_id):
    """Sends one message of the outbox, unless somebody else has it."""
    deliver_message(message_id)


@shared_task(name="servicedesk.sweep_outbox")
def sweep_outbox():
    """Finds what nudges lost: lapsed messages are closed, due ones are nudged again, codes first.

    Each goes to its own queue, so that a gateway that hangs cannot hold up the sweep, nor messages the codes.
    """
    OutgoingMessage.expire_lapsed()
    for message in OutgoingMessage.objects.due().order_by("kind", "next_at")[:MOST_AT_ONCE]:
        nudge(message.pk, message.queue, expires=SWEEP_SECONDS * 2)


@shared_task(name="servicedesk.purge")
def purge():
    """Removes what has lapsed."""
    purge_all()


@shared_task(name="servicedesk.retention")
def retention():
    """Removes what was kept as long as promised."""
    keep_no_longer_than_promised()
