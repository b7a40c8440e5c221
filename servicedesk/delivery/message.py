"""What the desk hands to a gateway, what it gets back, and how sending fails."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, Protocol

Kind = Literal["code", "link", "message"]
State = Literal["sent", "delivered", "failed"]
Fault = Literal["message", "gateway", "passing"]

# The same reason at every gateway, so that people can count those whose telephone lets no such line through.
BLOCKED_BY_RECIPIENT = "blocked_by_recipient"


@dataclass(frozen=True)
class Message:
    """One SMS or e-mail. What it says and to whom stays out of its repr, hence out of logs and tracebacks.

    ``id`` is our own whole number, the same at every attempt; ``to`` is E.164 ("+989123456789") or an e-mail
    address; ``code`` is the bare code of a code message, for gateways that fill a template of theirs;
    ``gateway_id`` is what the gateway called the message when it accepted it, if we know.
    """

    id: int
    to: str = field(repr=False)
    kind: Kind
    text: str = field(repr=False)
    code: str | None = field(default=None, repr=False)
    language: str = "fa"
    gateway_id: str | None = None


@dataclass(frozen=True)
class Accepted:
    """The gateway has taken the message; ``gateway_id`` is its own name for it (receipts carry that)."""

    gateway_id: str | None
    state: Literal["sent", "delivered"] = "sent"


@dataclass(frozen=True)
class Report:
    """A gateway's later word on a message; ``reason`` as in DeliveryError, for "failed" only."""

    state: State
    reason: str = ""


class DeliveryError(Exception):
    """The one way in which a gateway fails.

    ``reason``       short and stable ("http_503", "kavenegar_418"); never a number, a text or a key
    ``fault``        "message": no gateway will take it · "gateway": its account or address, so use the next
                     one and alarm · "passing": try again later
    ``retry_after``  seconds that the gateway asked us to wait, or None
    ``answer_lost``  the request may have been accepted: another attempt may send a second SMS
    """

    def __init__(self, reason: str, *, fault: Fault, retry_after: float | None = None, answer_lost: bool = False):
        super().__init__(reason)
        self.reason = reason
        self.fault = fault
        self.retry_after = retry_after
        self.answer_lost = answer_lost

    @property
    def permanent(self) -> bool:
        """Whether trying again, anywhere, is useless."""
        return self.fault == "message"


class Gateway(Protocol):
    """One way out for messages.

    ``name``            scheme and host, unique in the list, without secrets; kept with the outbox row
    ``repeats_safely``  an id sent again is the same message, whatever its kind
    ``can_look_up``     ``look_up`` can answer at all
    ``poll_window``     for how long it can be asked by its own ids (timedelta), or None
    ``poll_batch``      how many ids ``poll`` takes at once
    """

    name: str
    repeats_safely: bool
    can_look_up: bool
    poll_window: timedelta | None
    poll_batch: int

    def send(self, message: Message, timeout: float) -> Accepted:
        """Hand the message over within ``timeout`` seconds in all. Raises DeliveryError."""

    def look_up(self, message: Message, timeout: float) -> Report | None:
        """What became of a message, by our id; None: the gateway does not know it.

        None moves no final state. DeliveryError says that the question failed, nothing about the message.
        """

    def poll(self, ids: list[str], timeout: float) -> dict[str, Report]:
        """What became of messages, by the gateway's own ids; those without news are left out.

        Only where ``poll_window`` is not None. Raises DeliveryError.
        """


class CannotBeAsked:
    """What a gateway without look-ups says when it is asked. It inherits nothing else from here."""

    can_look_up = False
    poll_window = None
    poll_batch = 0

    def look_up(self, message: Message, timeout: float) -> Report | None:
        raise DeliveryError("cannot_look_up", fault="passing")
