"""Shells of a few lines around what the models and the gateways can do. Tasks carry ids, never people."""

from celery import shared_task

from servicedesk.models import LimitHit, SmsDevice
from servicedesk.outgoing import deliver_message
from servicedesk.purging import purge_captchas, purge_message_texts, purge_sessions, purge_unsent_files
from servicedesk.sweeping import ask_gateways, sweep


@shared_task(name="servicedesk.deliver")
def deliver(message_id):
    """Sends one message of the outbox, unless somebody else has it."""
    deliver_message(message_id)


@shared_task(name="servicedesk.sweep_outbox")
def sweep_outbox():
    """Finds what nudges lost."""
    sweep()


@shared_task(name="servicedesk.ask_for_receipts")
def ask_for_receipts():
    """Asks the gateways what became of messages that they took."""
    ask_gateways()


@shared_task(name="servicedesk.purge")
def purge():
    """Removes what has lapsed."""
    LimitHit.purge()
    SmsDevice.purge()
    purge_captchas()
    purge_sessions()
    purge_unsent_files()
    purge_message_texts()
