"""sms.ir: ``smsir://KEY@LINE`` or ``smsir://KEY@LINE?template=ID``.

Messages go by ``send/bulk`` of the line; with a template, codes go by ``send/verify``, whose parameter ``CODE``
holds the code (``&parameter=NAME`` names it otherwise). sms.ir takes no id of ours: when its answer is lost, nobody
can be asked. By its own ids it tells what became of a message. ``?base=http://127.0.0.1:PORT`` is for tests.
"""

import time
from datetime import timedelta
from urllib.parse import unquote

from servicedesk.delivery.exchange import Answer, exchange
from servicedesk.delivery.gateway_url import UrlProblem, double_or, options_of, split
from servicedesk.delivery.message import (
    BLOCKED_BY_RECIPIENT,
    Accepted,
    CannotBeAsked,
    DeliveryError,
    Message,
    Report,
)

API = "https://api.sms.ir"

# Key, address, account, plan, line, credit, template: another gateway may do better.
GATEWAY_CODES = frozenset({10, 11, 12, 13, 14, 15, 101, 102, 113, 116, 117, 119, 123, 124})
# Text, number, value: no gateway will do better.
MESSAGE_CODES = frozenset({103, 104, 105, 106, 107, 108, 109, 110, 114, 115})
BLOCKED = 115
# Trouble of its own, rate.
PASSING_CODES = frozenset({0, 20})

# 8 (unknown) is left out on purpose: it says nothing.
REPORTS = {
    1: Report("delivered"),
    2: Report("failed", "smsir_state_2"),
    3: Report("sent"),
    4: Report("failed", "smsir_state_4"),
    5: Report("sent"),
    6: Report("failed", "smsir_state_6"),
    7: Report("failed", BLOCKED_BY_RECIPIENT),
}


class SmsIr(CannotBeAsked):
    """One account and line."""

    repeats_safely = False
    poll_window = timedelta(hours=48)
    # One question for each message: few at once, or the timetable's next turn would wait for them.
    poll_batch = 20

    def __init__(self, url: str):
        """Raises UrlProblem."""
        parts = split(url)
        key, _, line = parts.netloc.rpartition("@")
        if not key or not (line.isascii() and line.isdigit()) or parts.path.strip("/") or parts.fragment:
            raise UrlProblem("it must look like smsir://KEY@LINE?template=ID, LINE in digits")
        given = options_of(parts, {"template": "template=ID", "parameter": "parameter=NAME"})
        template = given.get("template")
        if template and not (template.isascii() and template.isdigit()):
            raise UrlProblem("its template is a number")
        self._template = int(template) if template else None
        self._parameter = given.get("parameter", "CODE")
        self._root = f"{double_or(API, given.get('base'))}/v1/send"
        self._headers = {"X-API-KEY": _key(unquote(key))}
        self._line = line
        self.name = f"smsir://{line}"

    def __repr__(self):
        return f"<SmsIr {self.name}>"

    def send(self, message: Message, timeout: float) -> Accepted:
        mobile = "0" + message.to.removeprefix("+98") if message.to.startswith("+98") else message.to
        if message.kind == "code" and message.code and self._template is not None:
            parameters = [{"name": self._parameter, "value": message.code}]
            data = self._submit(
                "verify", {"mobile": mobile, "templateId": self._template, "parameters": parameters}, timeout
            )
            return Accepted(_id(data.get("messageId")))
        body = {"lineNumber": int(self._line), "messageText": message.text, "mobiles": [mobile]}
        ids = self._submit("bulk", body, timeout).get("messageIds")
        return Accepted(_id(ids[0] if isinstance(ids, list) and ids else None))

    def poll(self, ids: list[str], timeout: float) -> dict[str, Report]:
        """One question after the other, until ``timeout`` is over."""
        told, until = {}, time.monotonic() + timeout
        for name in ids:
            left = until - time.monotonic()
            if left <= 0:
                break
            answer = exchange("GET", f"{self._root}/{name}", timeout=left, headers=self._headers)
            outcome = answer.json_object() or {}
            if _code(outcome) != 1:
                error = _refusal(outcome, answer)
                if error.fault != "message" and _code(outcome) != 111:
                    raise error
                continue
            data = outcome.get("data")
            report = REPORTS.get(data.get("deliveryState")) if isinstance(data, dict) else None
            if report:
                told[name] = report
        return told

    def _submit(self, method, body, timeout) -> dict:
        """What sms.ir says of a message that it took."""
        url = f"{self._root}/{method}"
        answer = exchange("POST", url, timeout=timeout, json_body=body, headers=self._headers, submits=True)
        outcome = answer.json_object() or {}
        if _code(outcome) != 1:
            raise _refusal(outcome, answer)
        data = outcome.get("data")
        return data if isinstance(data, dict) else {}


def _code(outcome: dict) -> int | None:
    code = outcome.get("status")
    return code if isinstance(code, int) and not isinstance(code, bool) else None


def _refusal(outcome: dict, answer: Answer) -> DeliveryError:
    """The error behind an answer that is no yes. Its own code is read before the HTTP status."""
    code = _code(outcome)
    if code is None:
        return answer.unreadable() if answer.ok else answer.refusal()
    if code == BLOCKED:
        return DeliveryError(BLOCKED_BY_RECIPIENT, fault="message")
    reason = f"smsir_{code}"
    if code in MESSAGE_CODES:
        return DeliveryError(reason, fault="message")
    if code in PASSING_CODES:
        return DeliveryError(reason, fault="passing", retry_after=answer.retry_after)
    if code in GATEWAY_CODES or answer.ok:
        return DeliveryError(reason, fault="gateway")
    return answer.refusal()


def _id(value) -> str | None:
    """sms.ir's id. Without one it has taken the message all the same, and only its fate stays unknown."""
    usable = isinstance(value, int | str) and not isinstance(value, bool) and str(value).isalnum()
    return str(value)[:100] if usable else None


def _key(text: str) -> str:
    """A key that may stand in a header."""
    if not text.isascii() or not text.isprintable() or " " in text:
        raise UrlProblem("its key holds characters that no key has")
    return text
