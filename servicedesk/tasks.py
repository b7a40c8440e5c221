"""Shells of a few lines around what the models and the gateways can do. Tasks carry ids, never people."""

from celery import shared_task

from servicedesk.models import LimitHit, OutgoingMessage, SmsDevice, UserSession
from servicedesk.models.outbox import nudge
from servicedesk.models.sms_budget import SmsBudget
from servicedesk.outgoing import deliver_message
from servicedesk.password_links import send_link
from servicedesk.purging import purge_captchas, purge_message_texts, purge_sessions, purge_unsent_files

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


@shared_task(name="servicedesk.watch_sms_budget")
def watch_sms_budget():
    """Tells people of a budget that is used up, and that it no longer is."""
    SmsBudget().watch()


@shared_task(name="servicedesk.send_password_link")
def send_password_link(user_id, language):
    """Mails a staff member the link to a new password."""
    send_link(user_id, language)


@shared_task(name="servicedesk.purge")
def purge():
    """Removes what has lapsed."""
    LimitHit.purge()
    SmsDevice.purge()
    UserSession.purge()
    purge_captchas()
    purge_sessions()
    purge_unsent_files()
    purge_message_texts()
