"""From a claimed row of the outbox to a gateway and back: the only place where anything is sent."""

import logging
import time

from servicedesk.delivery.gateways import configured_gateways
from servicedesk.delivery.message import DeliveryError, Message
from servicedesk.models import OutgoingMessage
from servicedesk.models.outbox import LEASE

log = logging.getLogger(__name__)

# Seconds for one call of a gateway. A code that is late is worthless, so it waits less.
CODE_TIMEOUT, MESSAGE_TIMEOUT = 4, 10
# A code is tried on two gateways at the most before its next turn.
GATEWAYS_FOR_CODE = 2


def deliver_message(message_id):
    """Claims a message and tries the gateways in order; whatever happens is written into its row."""
    message = OutgoingMessage.claim(message_id)
    if message is None:
        return
    _Delivery(message).run()


class _Delivery:
    """One attempt at one claimed message. No transaction is open while a gateway is talked to."""

    def __init__(self, message):
        self.row = message
        self.is_code = message.kind == OutgoingMessage.Kind.CODE
        self.timeout = CODE_TIMEOUT if self.is_code else MESSAGE_TIMEOUT
        # Leave a call's time before the lease ends, so that nobody else sends it meanwhile.
        self.deadline = time.monotonic() + LEASE.total_seconds() - self.timeout - 5
        code = message.sms_code.digits if message.sms_code else None
        text = message.text.replace(OutgoingMessage.CODE_PLACE, code) if code else message.text
        self.message = Message(
            id=message.pk,
            to=message.recipient,
            kind=message.kind,
            text=text,
            code=code,
            language=message.language,
            gateway_id=message.gateway_id or None,
        )

    def run(self):
        gateways = configured_gateways()
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
        """Asks the gateway that may have it already. The gateways still to be tried; none when settled."""
        earlier = next((gateway for gateway in gateways if gateway.name == self.row.gateway), None)
        if self.is_code or (earlier and earlier.repeats_safely and not earlier.can_look_up):
            return gateways  # A code that comes twice, or an id that the gateway knows, does no harm.
        if earlier is None or not earlier.can_look_up:
            self.row.record_lost(self.row.gateway)
            return []
        try:
            state = earlier.look_up(self.message, self.timeout)
        except DeliveryError as error:
            self._lost(earlier, error)
            return []
        if state is None:
            return gateways
        if state == "failed":
            self.row.record_refused(earlier.name, "reported_failed")
        else:
            self.row.record_sent(earlier.name, self.row.gateway_id, state)
        return []

    def _try(self, gateway):
        """One call of one gateway. None when the message is settled for now, else (gateway, error)."""
        if not self.row.record_trying(gateway.name):
            return None  # The lease ran out and somebody else has it.
        try:
            accepted = gateway.send(self.message, self.timeout)
        except DeliveryError as error:
            if error.permanent:
                self.row.record_refused(gateway.name, error.reason)
                return None
            if error.answer_lost and not self.is_code:
                # The next gateway would send a second SMS if this one has it after all.
                self._lost(gateway, error)
                return None
            return gateway, error
        self.row.record_sent(gateway.name, accepted.gateway_id, accepted.state)
        return None

    def _lost(self, gateway, error):
        log.warning("message %s: %s: %s, answer lost", self.row.pk, gateway.name, error.reason)
        self.row.record_failure(gateway.name, error.reason, answer_lost=True)
