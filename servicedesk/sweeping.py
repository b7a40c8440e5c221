"""What the timetable does for the outbox: finding what nudges lost, trying gateways in trouble, asking for receipts."""

import logging

from django.db.models import Q
from django.db.models.functions import Now

from servicedesk.delivery.gateways import gateways_for
from servicedesk.delivery.message import DeliveryError
from servicedesk.models import Alarm, GatewayState, OutgoingMessage
from servicedesk.models.alarm import Kind as AlarmKind
from servicedesk.models.broker import nudge
from servicedesk.models.outbox import Channel, State

log = logging.getLogger(__name__)

# How often config/celery.py calls the sweep, and how many messages one sweep takes up.
SWEEP_SECONDS = 15
MOST_AT_ONCE = 1000
# One turn of asking: questions to one gateway, and seconds for each.
MOST_QUESTIONS, QUESTION_SECONDS = 4, 10


def sweep():
    """Lapsed messages are closed, due ones are nudged again, codes first; gateways in trouble get one message each.

    Each goes to its own queue, so that a gateway that hangs cannot hold up the sweep, nor messages the codes.
    """
    OutgoingMessage.expire_lapsed()
    OutgoingMessage.give_up_used_up()
    rows = OutgoingMessage.objects.due().exclude(hopeless_rows()).order_by("kind", "next_at")
    chosen = []
    for channel in Channel:
        tried = GatewayState.to_be_tried(_names_of(channel))
        chosen += [message for name, is_open in tried if (message := _for(channel, name, is_open))]
    nudged = dict(chosen) | {row.pk: row.queue for row in rows[:MOST_AT_ONCE]}
    for pk, queue in nudged.items():
        nudge(pk, queue, expires=SWEEP_SECONDS * 2)
    _tell_of_undelivered()


def hopeless_rows():
    """Due messages that cannot leave now, as a Q: those for which every gateway, or the only one that knows what
    became of them, is in trouble. They would fill a sweep, and the others would never have their turn."""
    hopeless = Q(pk=None)
    for channel in Channel:
        names = _names_of(channel)
        closed = GatewayState.open_among(names)
        if len(closed) == len(set(names)):
            hopeless |= Q(channel=channel)
        hopeless |= Q(gateway__in=closed, kind="message", state__in=[State.UNKNOWN, State.CLAIMED])
    return hopeless


def _names_of(channel):
    return [gateway.name for gateway in gateways_for(channel)]


def _for(channel, name, is_open):
    """The message that this gateway in trouble is tried with, or None where none waits."""
    if not is_open and not GatewayState.take_probe(name):
        return None
    chosen = OutgoingMessage.objects.unanswered_by(name).let_one_through()
    if chosen:
        return chosen
    waiting = OutgoingMessage.objects.waiting().filter(channel=channel, state=State.QUEUED)
    return (waiting if is_open else waiting.filter(attempts__gt=0)).let_one_through()


def _tell_of_undelivered():
    count = OutgoingMessage.objects.unattended().count()
    if count:
        Alarm.sound(AlarmKind.MESSAGES_UNDELIVERED, undelivered=count)
    else:
        Alarm.settle(AlarmKind.MESSAGES_UNDELIVERED)


def ask_gateways():
    """Asks each gateway that can be asked what became of the messages that it took."""
    for gateway in gateways_for(Channel.SMS):
        if gateway.poll_window is not None:
            _ask(gateway)


def _ask(gateway):
    for _ in range(MOST_QUESTIONS):
        asked = OutgoingMessage.objects.filter(gateway=gateway.name, state=State.SENT, ask_at__lte=Now())
        ours = dict(asked.order_by("ask_at").values_list("gateway_id", "pk")[: gateway.poll_batch])
        if not ours:
            return
        try:
            reports = gateway.poll(list(ours), QUESTION_SECONDS)
        except DeliveryError as error:
            log.warning("receipts of %s: %s", gateway.name, error.reason)
            return
        for gateway_id, report in reports.items():
            if report.state != "sent":
                OutgoingMessage.receipt(ours[gateway_id], report.state, report.reason)
        OutgoingMessage.asked(list(ours.values()), gateway.poll_window)
