"""From a claimed row of the outbox to a gateway and back: the only place where anything is sent."""

import logging
import time

from django.conf import settings
from django.utils import translation

from servicedesk.delivery.email import NAME as EMAIL
from servicedesk.delivery.gateways import gateways_for
from servicedesk.delivery.message import DeliveryError, Message
from servicedesk.delivery.reasons import explain
from servicedesk.models import Alarm, GatewayState, OutgoingMessage
from servicedesk.models.alarm import Kind as AlarmKind
from servicedesk.models.outbox import Channel, State
from servicedesk.password_links import with_links

log = logging.getLogger(__name__)

# Seconds for one call of a gateway. A code that is late is worthless, so it waits less.
CODE_TIMEOUT, MESSAGE_TIMEOUT = 4, 10
# A code is tried on two gateways at the most before its next turn.
GATEWAYS_FOR_CODE = 2


def deliver_message(message_id):
    """Claims a message and tries the gateways in order; whatever happens is written into its row."""
    names = [gateway.name for channel in Channel for gateway in gateways_for(channel)]
    closed = GatewayState.open_among(names)
    ways = None
    if closed:
        waiting = OutgoingMessage.objects.due().filter(pk=message_id).first()
        ways = _ways_for(waiting, closed) if waiting else []
        if not ways:
            # Every gateway is in trouble. The row stays as it is and costs no try; a recovery calls it.
            return
    message = OutgoingMessage.claim(message_id)
    if message is None:
        return
    text = with_links(message) if message.kind == OutgoingMessage.Kind.LINK else message.text
    if text is None:
        message.record_unwanted()
    else:
        _Delivery(message, text).run(ways or gateways_for(message.channel))


def _ways_for(message, closed):
    """The gateways that this message may be tried on now, first to last; the circuits of ``closed`` are open.

    Such a gateway gets one message now and then: a question if there is one to ask, since that sends nothing; and no
    code that another gateway can take.
    """
    gateways = gateways_for(message.channel)
    is_code = message.kind == OutgoingMessage.Kind.CODE
    if message.state != State.QUEUED and message.gateway in closed and not is_code:
        usable = [gateway for gateway in gateways if gateway.name not in closed - {message.gateway}]
        return usable if GatewayState.take_probe(message.gateway) else []
    spared = is_code and any(gateway.name not in closed for gateway in gateways)
    return [g for g in gateways if g.name not in closed or (not spared and _may_probe(g.name))]


def _may_probe(name):
    return not OutgoingMessage.objects.unanswered_by(name).exists() and GatewayState.take_probe(name)


class _Delivery:
    """One attempt at one claimed message. No transaction is open while a gateway is talked to."""

    def __init__(self, message, text):
        self.row = message
        self.is_code = message.kind == OutgoingMessage.Kind.CODE
        self.timeout = CODE_TIMEOUT if self.is_code else MESSAGE_TIMEOUT
        # Leave a call's time before the lease ends, so that nobody else sends it meanwhile.
        self.deadline = time.monotonic() + message.lease_life.total_seconds() - self.timeout - 5
        code = message.sms_code.digits if message.sms_code else None
        self.message = Message(
            id=message.id_for_gateways,
            to=message.recipient,
            kind=message.kind,
            text=text.replace(OutgoingMessage.CODE_PLACE, code) if code else text,
            code=code,
            language=message.language,
            gateway_id=message.gateway_id or None,
        )

    def run(self, gateways):
        if self.row.may_be_out_already and self.row.gateway:
            gateways = self._settle_earlier_try(gateways)
        failed = None
        for gateway in gateways[:GATEWAYS_FOR_CODE] if self.is_code else gateways:
            failed = self._try(gateway)
            if failed is None or time.monotonic() > self.deadline:
                break
        if failed:
            gateway, error = failed
            log.warning("message %s: %s: %s", self.row.pk, gateway.name, error.reason)
            self.row.record_failure(gateway.name, error.reason, retry_after=error.retry_after)

    def _settle_earlier_try(self, gateways):
        """Asks the gateway that may have it already. The gateways still to be tried; none when settled.

        A code that comes twice, or under an id that the gateway knows, does no harm; where nobody says what became of
        it, it is sent again.
        """
        earlier = next((gateway for gateway in gateways if gateway.name == self.row.gateway), None)
        if earlier is None or not earlier.can_look_up:
            if self.is_code or (earlier and earlier.repeats_safely):
                return gateways
            self.row.record_lost(self.row.gateway)
            return []
        try:
            report = earlier.look_up(self.message, self.timeout)
        except DeliveryError as error:
            if self.is_code:
                return gateways
            self._has_failed(earlier, error)
            self._lost(earlier, error)
            return []
        if report is None:
            self._has_worked(earlier)
            return gateways
        if report.state == "failed":
            self.row.record_refused(earlier.name, report.reason or "reported_failed")
        else:
            self._record_sent(earlier, self.row.gateway_id, report.state)
        self._has_worked(earlier)
        return []

    def _try(self, gateway):
        """One call of one gateway. None when the message is settled for now, else (gateway, error)."""
        if not self.row.record_trying(gateway.name):
            return None  # The lease ran out and somebody else has it.
        try:
            accepted = self._hand_over(gateway)
        except DeliveryError as error:
            if error.permanent:
                self.row.record_refused(gateway.name, error.reason)
                self._has_worked(gateway)
                return None
            self._has_failed(gateway, error)
            if error.answer_lost and not self.is_code:
                # The next gateway would send a second SMS if this one has it after all.
                self._lost(gateway, error)
                return None
            return gateway, error
        self._record_sent(gateway, accepted.gateway_id, accepted.state)
        self._has_worked(gateway)
        return None

    def _hand_over(self, gateway):
        """What the gateway says. A module that breaks has failed like any other; its words, which may quote a number or
        a key, go nowhere."""
        try:
            return gateway.send(self.message, self.timeout)
        except DeliveryError:
            raise
        except Exception as error:  # noqa: BLE001 - a bug of one gateway must not end the worker at every try
            broke = type(error).__name__
        log.error("%s broke off: %s", gateway.name, broke)
        raise DeliveryError("broke", fault="passing", answer_lost=True)

    def _record_sent(self, gateway, gateway_id, state):
        self.row.record_sent(gateway.name, gateway_id, state, can_be_asked=gateway.poll_window is not None)

    def _lost(self, gateway, error):
        log.warning("message %s: %s: %s, answer lost", self.row.pk, gateway.name, error.reason)
        self.row.record_failure(gateway.name, error.reason, answer_lost=True)

    def _has_worked(self, gateway):
        """Its first success after trouble calls what has been waiting."""
        recovery = GatewayState.worked(gateway.name)
        if recovery:
            Alarm.settle(_alarm_about(gateway), gateway.name)
            OutgoingMessage.pull_forward(self.row.channel, gateway.name, all_of_them=recovery.was_outage)

    def _has_failed(self, gateway, error):
        """Its own fault is said at once, a passing one when it lasts."""
        state = GatewayState.failed(gateway.name, error.retry_after)
        if error.fault == "gateway" or state.has_failed_for_long:
            with translation.override(settings.LANGUAGE_CODE):
                Alarm.sound(_alarm_about(gateway), gateway.name, reason=explain(error.reason))


def _alarm_about(gateway):
    return AlarmKind.MAIL_FAILING if gateway.name == EMAIL else AlarmKind.GATEWAY_FAILING
