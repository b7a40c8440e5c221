"""Kavenegar: ``kavenegar://KEY@SENDER`` or ``kavenegar://KEY@SENDER?template=NAME``.

The wire format is that of https://kavenegar.com/rest.html. Messages go by ``sms/send`` with our id as
``localid``: a repeated one gives the first record back instead of a second SMS. With a template, codes go by
``verify/lookup``, which has no id of ours: when its answer is lost, nobody can be asked, and the code lapses.
``?base=http://127.0.0.1:PORT`` points the tests at a double; it is refused for any other host.
"""

from datetime import timedelta
from urllib.parse import quote, unquote

from servicedesk.delivery.exchange import Answer, exchange
from servicedesk.delivery.gateway_url import UrlProblem, double_or, options_of, split
from servicedesk.delivery.message import BLOCKED_BY_RECIPIENT, Accepted, DeliveryError, Message, Report, State

API = "https://api.kavenegar.com"

# Account off, key, address, sender, credit, template, plan, line: another gateway may do better.
GATEWAY_CODES = frozenset({401, 403, 404, 405, 407, 412, 416, 418, 424, 426, 427, 432, 501, 607})
# Number, text, token: no gateway will do better.
MESSAGE_CODES = frozenset({400, 406, 411, 413, 414, 417, 419, 420, 422, 428, 431})
# Failed, busy, rate. What is in no list is sorted like an HTTP status.
PASSING_CODES = frozenset({402, 409, 429, 451})

# 100 (unknown, not ours, or too old) is left out on purpose: it says nothing.
STATES: dict[int, State] = {
    1: "sent",
    2: "sent",
    4: "sent",
    5: "sent",
    6: "failed",
    10: "delivered",
    11: "failed",
    13: "failed",
    14: "failed",
}
BLOCKED = 14


def report_of(status: object) -> Report | None:
    """What a message status says, as answers (int) and receipts (text) give it; None: no news."""
    text = str(status)
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None
    state = STATES.get(number)
    if state is None:
        return None
    if state != "failed":
        return Report(state)
    return Report(state, BLOCKED_BY_RECIPIENT if number == BLOCKED else f"kavenegar_status_{number}")


class Kavenegar:
    """One account and sender line."""

    can_look_up = True
    poll_window = timedelta(hours=48)
    poll_batch = 500

    def __init__(self, url: str):
        """Raises UrlProblem."""
        parts = split(url)
        account, _, self._sender = parts.netloc.rpartition("@")
        if not account or not self._sender or ":" in parts.netloc or parts.path.strip("/") or parts.fragment:
            raise UrlProblem("it must look like kavenegar://KEY@SENDER?template=NAME")
        given = options_of(parts, {"template": "template=NAME"})
        self._template = given.get("template")
        self._root = f"{double_or(API, given.get('base'))}/v1/{quote(unquote(account), safe='')}"
        self.name = f"kavenegar://{self._sender}"
        # A template's codes carry no id of ours.
        self.repeats_safely = self._template is None

    def __repr__(self):
        return f"<Kavenegar {self.name}>"

    def send(self, message: Message, timeout: float) -> Accepted:
        if self._by_template(message):
            method = "verify/lookup"
            form = [
                ("receptor", _receptor(message.to)),
                ("template", self._template),
                ("token", message.code),
            ]
        else:
            method = "sms/send"
            form = [
                ("receptor", _receptor(message.to)),
                ("message", message.text),
                ("sender", self._sender),
                ("localid", str(message.id)),
            ]
        answer, entries = self._call(method, form, timeout, submits=True)
        entry = entries[0] if entries else {}
        gateway_id = entry.get("messageid")
        if not isinstance(gateway_id, int | str) or not gateway_id:
            raise answer.unreadable()
        told = report_of(entry.get("status")) or Report("sent")
        if told.state == "failed":
            raise DeliveryError(told.reason, fault="message")
        return Accepted(str(gateway_id), told.state)

    def look_up(self, message: Message, timeout: float) -> Report | None:
        """By Kavenegar's id for 48 hours, else by ours for 12; later, and for strangers, None."""
        if message.gateway_id:
            method, form = "sms/status", [("messageid", message.gateway_id)]
        elif self._by_template(message):
            raise DeliveryError("cannot_look_up", fault="passing")
        else:
            method, form = "sms/statuslocalmessageid", [("localid", str(message.id))]
        answer, entries = self._call(method, form, timeout)
        if not entries:
            return None
        (asked,), status = {value for _, value in form}, entries[0].get("status")
        told = entries[0].get("messageid" if message.gateway_id else "localid", asked)
        if str(told) != asked or not isinstance(status, int):
            raise answer.unreadable()
        return report_of(status)

    def poll(self, ids: list[str], timeout: float) -> dict[str, Report]:
        """At most 500 ids at once. Whoever is missing, or unknown to Kavenegar, has no news."""
        _, entries = self._call("sms/status", [("messageid", ",".join(ids))], timeout)
        told = {str(entry.get("messageid")): report_of(entry.get("status")) for entry in entries}
        return {name: told[name] for name in ids if told.get(name)}

    def _by_template(self, message: Message) -> bool:
        return message.kind == "code" and bool(message.code) and self._template is not None

    def _call(self, method, form, timeout, submits=False) -> tuple[Answer, list[dict]]:
        """Kavenegar's entries. Its JSON is read before the HTTP status, which only repeats it."""
        url = f"{self._root}/{method}.json"
        answer = exchange("POST", url, timeout=timeout, form=form, submits=submits)
        told = answer.json_object() or {}
        outcome = told.get("return")
        code = outcome.get("status") if isinstance(outcome, dict) else None
        if not isinstance(code, int):
            raise answer.unreadable() if answer.ok else answer.refusal()
        if code != 200:
            raise refusal(code, answer)
        entries = told.get("entries") or []
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise answer.unreadable()
        return answer, entries


def refusal(code: int, answer: Answer) -> DeliveryError:
    """The error behind one of Kavenegar's codes."""
    reason = f"kavenegar_{code}"
    if code in MESSAGE_CODES:
        return DeliveryError(reason, fault="message")
    if code in GATEWAY_CODES:
        return DeliveryError(reason, fault="gateway")
    if code in PASSING_CODES or code in (408, 425) or 500 <= code < 600:
        return DeliveryError(reason, fault="passing", retry_after=answer.retry_after)
    return DeliveryError(reason, fault="gateway")


def _receptor(to: str) -> str:
    """The number as Kavenegar writes it: 09… for Iran, 00… for elsewhere."""
    return "0" + to.removeprefix("+98") if to.startswith("+98") else "00" + to.removeprefix("+")
